"""Arguments and options of the commands that ask a cluster, by the names that they have in kubectl."""

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from xkit_operator.cli.options import Decorator
from xkit_operator.inspecting.access import Access

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_KIND = re.compile(r"(dest|destinations?)(\.xkit\.dev)?/")


class ObjectName(click.ParamType[str]):
    """A name that an object may have; `destination/NAME`, as kubectl prints it, is taken, too."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Without the kind."""
        plain = _KIND.sub("", str(value), count=1)
        if not _NAME.fullmatch(plain):
            self.fail(f"{value!r} cannot be the name of an object", param, ctx)
        return plain


def access_options() -> Decorator:
    """`access`: which cluster and namespace, for the command that is decorated."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.option(
            "-n", "--namespace", type=ObjectName(), metavar="NAME", help="Namespace. Default: that of the context."
        )
        @click.option("--context", metavar="NAME", help="Context of the kubeconfig. Default: the current one.")
        @click.option(
            "--kubeconfig",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Kubeconfig. Default: $KUBECONFIG, else ~/.kube/config.",
        )
        @wraps(command)
        def with_access(*, namespace: str | None, context: str | None, kubeconfig: Path | None, **rest: Any) -> Any:
            return command(access=Access(kubeconfig, context, namespace), **rest)

        return with_access

    return decorate
