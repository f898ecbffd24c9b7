"""`xkit status`: Destinations of a cluster with all that belongs to them, and what to do next."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Literal

import click

from xkit_operator.cli.cluster import ObjectName, access_options
from xkit_operator.cli.options import output_option
from xkit_operator.cli.status_text import detail, listed
from xkit_operator.inspecting.access import Access
from xkit_operator.inspecting.asking import ask
from xkit_operator.inspecting.document import document
from xkit_operator.inspecting.gathering import Overview, in_detail, overview
from xkit_operator.kube.client import Cluster


@click.command(
    "status",
    epilog="\b\nExamples:\n"
    "  xkit status -A\n"
    "  xkit status crm-contacts -n crm\n"
    "  xkit status -o json | jq '.destinations[] | select(.ready != \"True\") | .message'",
)
@click.argument("name", metavar="[NAME]", required=False, type=ObjectName())
@click.option("-A", "--all-namespaces", "everywhere", is_flag=True, help="Of all namespaces.")
@access_options()
@output_option("json")
def command(*, name: str | None, everywhere: bool, access: Access, output: Literal["text", "json"]) -> None:
    """Show Destinations in a cluster, and what to do next.

    Each with its SourceMappings; with NAME also its conditions, image, Pods and last warnings. The exit code is 0
    when the cluster has answered, whatever it says: `kubectl wait --for=condition=Ready` is for scripts that wait. It
    is 1 when it could not be asked, or has no Destination of that name.
    """
    if everywhere and (name or access.namespace):
        raise click.UsageError("-A goes with neither NAME nor -n")

    async def question(cluster: Cluster, namespace: str) -> tuple[Overview, str]:
        if name is not None:
            return await in_detail(cluster, namespace, name), namespace
        return await overview(cluster, None if everywhere else namespace), namespace

    found, namespace = asyncio.run(ask(access, question))
    now = datetime.now(UTC)
    if output == "json":
        click.echo(json.dumps(document(found), indent=2, ensure_ascii=False))
    elif name is not None:
        click.echo(detail(found.destinations[0], now))
    elif found.destinations or found.strays:
        click.echo(listed(found, now, with_namespaces=everywhere))
    else:
        where = "the cluster" if everywhere else f"namespace {namespace}; -A looks at all of them"
        click.echo(f"no Destinations in {where}", err=True)
