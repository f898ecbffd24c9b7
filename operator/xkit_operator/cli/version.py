"""`xkit version`: which release this is, what functions run on, and what is at work in a cluster.

The client of clusters is loaded when it is needed: it takes longer than all else here.
"""

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Literal

import click

from xkit_operator import __version__
from xkit_operator.cli.cluster import access_options
from xkit_operator.cli.options import output_option
from xkit_operator.errors import ClusterError, NoCluster
from xkit_operator.inspecting.access import Access
from xkit_operator.local.shipped import declaration, known_runtimes

if TYPE_CHECKING:
    from xkit_operator.inspecting.versions import Versions

_SECONDS = 2.0


@click.command("version", epilog="\b\nExamples:\n  xkit version\n  xkit version --client -o json")
@click.option("--client", is_flag=True, help="Do not ask a cluster.")
@access_options()
@output_option("json")
def command(*, client: bool, access: Access, output: Literal["text", "json"]) -> None:
    """Print the versions of what is at work.

    Those of this command and of the runtimes; and, where a cluster answers within two seconds, those of the operator
    and of the runners in it. That no cluster answers is no failure.
    """
    found = None if client else asyncio.run(_in_cluster(access))
    runtimes = {name: declaration(name).node.version for name in known_runtimes()}
    if output == "json":
        click.echo(json.dumps({"cli": __version__, "runtimes": runtimes, **_facts(found)}))
        return
    click.echo(f"xkit {__version__}")
    for name, node in runtimes.items():
        click.echo(f"{name}: Node.js {node}")
    for line in _lines(found):
        click.echo(line)


async def _in_cluster(access: Access) -> "Versions | None":
    from xkit_operator.inspecting.asking import ask
    from xkit_operator.inspecting.versions import versions

    logging.getLogger("kubernetes").setLevel(logging.CRITICAL)  # a login that does not work is not what was asked
    try:
        async with asyncio.timeout(_SECONDS):
            return await ask(access, versions)
    except (NoCluster, ClusterError, TimeoutError):
        return None


def _facts(found: "Versions | None") -> dict[str, Any]:
    if found is None:
        return {}
    operators = [{"namespace": name, "version": version} for name, version in found.operators.items()]
    runners = [{"version": version, "destinations": count} for version, count in found.runners.items()]
    return {"operators": operators, "runners": runners}


def _lines(found: "Versions | None") -> list[str]:
    if found is None:
        return []
    operators = [f"operator: {version} (namespace {name})" for name, version in found.operators.items()]
    runners = [f"runner: {version} ({_counted(count)})" for version, count in found.runners.items()]
    return [*(operators or ["operator: none that you may see"]), *runners]


def _counted(count: int) -> str:
    return f"{count} Destination" + ("" if count == 1 else "s")
