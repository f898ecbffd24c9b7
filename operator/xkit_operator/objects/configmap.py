"""The ConfigMap with the runner's configuration: immutable, named after its content, so that a change rolls the Pods.

Pods of the version before keep the ConfigMap that they started with until the rollout is over.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import (
    CONFIGURATION_KEY,
    DestinationName,
    RunnerConfiguration,
    RunnerLimits,
    RunnerMapping,
    RunnerVariables,
)
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.objects.labels import RELOAD_LABEL, child_metadata


def runner_configuration(destination: Destination, mappings: Iterable[SourceMapping]) -> RunnerConfiguration:
    """What the runner of `destination` is to do with `mappings`: those that fit and serve, in any order."""
    spec = destination.spec
    served = sorted(mappings, key=lambda mapping: mapping.metadata.name)
    return RunnerConfiguration(
        destination=DestinationName(namespace=destination.metadata.namespace, name=destination.metadata.name),
        inputs=spec.inputs,
        delete_inputs=spec.functions.delete.inputs if spec.functions.delete else None,
        operations=tuple(spec.functions.given()),
        limits=RunnerLimits(timeout_seconds=spec.limits.timeout_seconds, concurrency=spec.limits.concurrency),
        variables=RunnerVariables(
            literals={variable.name: variable.value for variable in spec.variables if variable.value_from is None},
            files=tuple(variable.name for variable in spec.variables if variable.value_from is not None),
        ),
        tokens=len(spec.auth.tokens) if spec.auth else 0,
        mappings=tuple(RunnerMapping(name=mapping.metadata.name, spec=mapping.spec) for mapping in served),
    )


def configuration_map(destination: Destination, configuration: RunnerConfiguration) -> dict[str, Any]:
    """The ConfigMap that carries `configuration`."""
    text = configuration.to_text()
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    metadata = child_metadata(destination, f"{destination.metadata.name}-{digest}")
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata | {"labels": metadata["labels"] | RELOAD_LABEL},
        "immutable": True,
        "data": {CONFIGURATION_KEY: text},
    }
