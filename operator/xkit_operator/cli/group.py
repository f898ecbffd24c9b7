"""The group of all subcommands: imports one when it is called, and turns errors into words and exit codes.

0: fine. 1: what was asked failed. 2: wrong usage. 130: interrupted.
"""

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from xkit_operator.errors import XkitError

INTERRUPTED = 130
_KUBECTL_PLUGIN = "kubectl-xkit"


class CommandGroup(click.Group):
    """`commands_by_name` has what the help says of each command; it is `command` in the module of its name."""

    def __init__(self, *, commands_by_name: Mapping[str, str], **settings: Any) -> None:
        super().__init__(context_settings={"help_option_names": ["-h", "--help"]}, **settings)
        self.summaries = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which people meet them."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.summaries:
            return None
        command: click.Command = import_module(f"xkit_operator.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with; what is none is answered with the nearest that is one."""
        if args[0] not in self.summaries and args[0][:1].isalpha():
            similar = get_close_matches(args[0], self.summaries, n=1)
            ctx.fail(f"There is no command {args[0]}." + "".join(f" Did you mean {one}?" for one in similar))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without an import."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Without colour where https://no-color.org asks for that; click leaves it out where there is no terminal."""
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        return super().make_context(_spoken(info_name), args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        try:
            return super().invoke(ctx)
        except XkitError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\ninterrupted", err=True)
            sys.exit(INTERRUPTED)


def _spoken(name: str | None) -> str | None:
    """kubectl runs the executable kubectl-xkit for `kubectl xkit`."""
    return "kubectl xkit" if name and Path(name).name == _KUBECTL_PLUGIN else name
