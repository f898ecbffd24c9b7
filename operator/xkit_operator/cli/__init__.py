"""The `xkit` command: one file per subcommand, each a thin shell around functions that tests call directly."""

import click

from xkit_operator.cli.version import version


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Write, check and run Xkit Destinations."""


main.add_command(version)
