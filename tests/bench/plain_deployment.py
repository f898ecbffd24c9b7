"""The baseline for a change of code: a Deployment of bare Node.js with an image for each version, all in the registry.

Its Pod is as quick to be ready as ours is asked to be: the same probe, the same kind of rollout, no start delay.
"""

import asyncio
from typing import Any

from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Process, image
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.transfer import push

NAME = "plain"
_PORT = 8080
_SERVER = """\
require('http').createServer((_, answer) => answer.end('{version}')).listen({port});
process.on('SIGTERM', () => process.exit());
"""


def push_versions(runtime: Runtime, host: str, versions: list[str]) -> dict[str, str]:
    """The reference of an image for each version, pushed to `host`."""
    return asyncio.run(_push_versions(runtime, host, versions))


async def _push_versions(runtime: Runtime, host: str, versions: list[str]) -> dict[str, str]:
    references = {}
    async with Registry(host, Access(plain_http=True)) as registry:
        for version in versions:
            server = Entry.file("app/server.js", _SERVER.format(version=version, port=_PORT).encode())
            process = Process(
                entrypoint=[runtime.process.entrypoint[0], "/app/server.js"], environment=runtime.process.environment
            )
            made = image([*runtime.image.layers, pack([Entry.directory("app"), server])], process)
            pushed = await push(registry, made, repository="bench/plain", tag=version)
            references[version] = f"{host}/bench/plain@{pushed.digest}"
    return references


def objects(reference: str) -> list[dict[str, Any]]:
    """The Deployment and its Service."""
    labels = {"app": NAME}
    container = {
        "name": NAME,
        "image": reference,
        "ports": [{"name": "http", "containerPort": _PORT}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 1},
        "lifecycle": {"preStop": {"sleep": {"seconds": 3}}},
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}},
    }
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": NAME, "labels": labels},
            "spec": {
                "selector": {"matchLabels": labels},
                "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": NAME},
            "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": "http"}]},
        },
    ]


def change(reference: str) -> dict[str, Any]:
    """The merge patch to another version."""
    container = {"name": NAME, "image": reference}
    return {"spec": {"template": {"spec": {"containers": [container]}}}}
