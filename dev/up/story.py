"""The steps in their order, and what a newcomer may type next."""

import sys
from collections.abc import Mapping

from dev.up import example, images, install, records
from dev.up.commands import stream
from dev.up.failure import StepFailed
from dev.up.target import CURRENT, Target, current, embedded
from dev.up.terminal import Terminal

STEPS = 7


def tell(terminal: Terminal, environment: Mapping[str, str], *, cluster: str, registry: str) -> None:
    """From nothing to a delivered record. Raises StepFailed at the first step that cannot go on.

    `cluster` is CURRENT or the name of an embedded one; `registry` (host/prefix) belongs to CURRENT.
    """
    terminal.step("A cluster")
    target = _cluster(terminal, environment, cluster=cluster, registry=registry)
    terminal.say(f"{target.name} is up")

    terminal.step("The product's own images: operator, dispatcher, registry")
    images.build(terminal, environment)
    names = [name for name in images.NAMES if name != "registry" or target.registry["enabled"]]
    references = images.push(terminal, environment, names=names, prefix=target.images, insecure=target.plain_http)

    terminal.step("The operator, by Helm")
    install.install(terminal, target, references)

    terminal.step("A Destination and two SourceMappings, by kubectl apply")
    example.apply(terminal, target, dispatcher=references["dispatcher"])
    example.wait(terminal, target, dispatcher=references["dispatcher"])

    terminal.step("Three records: an upsert from each source, and a delete")
    records.send(terminal, target)

    terminal.step("What kubectl shows")
    terminal.show(example.kubectl(target, "get", "dest,smap").splitlines())

    terminal.step("What to try next")
    terminal.show(next_commands(target))
    terminal.say("done")


def _cluster(terminal: Terminal, environment: Mapping[str, str], *, cluster: str, registry: str) -> Target:
    if cluster == CURRENT:
        return current(registry, environment)
    if registry:
        raise StepFailed(
            f"REGISTRY={registry} is for a cluster of your own",
            remedy="Leave it out (the embedded cluster has a registry), or say CLUSTER=current.",
        )
    up = [sys.executable, "-m", "dev.cluster", "up", "--name", cluster]
    # it tells the seconds itself, and begins when the story does
    stream(up, environment=environment, say=lambda line: terminal.show([line]))
    return embedded(cluster, environment)


def next_commands(target: Target) -> list[str]:
    """Lines to type, in the order in which they make sense."""
    kubectl = f"kubectl -n {example.NAMESPACE}"
    samples = f"{example.DIRECTORY}/samples"
    post = "curl -sS -H 'content-type: application/json' http://localhost:8080/v1/records --data"
    return [
        *target.exports,
        f"{kubectl} port-forward service/crm-contacts 8080:80 &",
        f"{post} @{samples}/{records.SAMPLES[0]}",
        f"{post} @{samples}/rejected.json   # 422: names every input that does not fit",
        f"{kubectl} logs deployment/crm-sink   # the calls that arrived",
        f"{kubectl} logs deployment/crm-contacts   # what the functions print",
        f"{kubectl} edit destination crm-contacts   # change a function: a new image rolls out",
        f"{kubectl} scale destination crm-contacts --replicas=3",
        "kubectl explain destination.spec",
        *target.down,
    ]
