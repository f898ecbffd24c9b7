"""`xkit render`: the final manifests, for people who do not use kustomize."""

import json
from pathlib import Path
from typing import Literal

import click

from xkit_operator.cli.options import output_option, paths_argument
from xkit_operator.local.project import load
from xkit_operator.local.rendering import LEFT_OUT, rendered, to_yaml


@click.command("render", epilog="\b\nExample:\n  xkit render crm-contacts | kubectl apply --server-side -f -")
@paths_argument()
@output_option("json")
def command(*, paths: tuple[Path, ...], output: Literal["text", "json"]) -> None:
    """Print the final manifests, with functions from files in them.

    A function with sourceFrom whose ConfigMap is not among the files is read from functions/KEY beside the manifest,
    and printed as source. Secrets are left out, and objects that xkit does not know: apply those yourself.
    """
    project = load(paths)
    objects = rendered(project)
    if output == "json":
        click.echo(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=2))
    else:
        click.echo(to_yaml(objects), nl=False)
    for secret in project.of_kind(LEFT_OUT):
        click.echo(f"left out: Secret {secret.name} ({secret.place()})", err=True)
