"""What the runner of a Destination would do: the configuration that the operator would write, and who serves what."""

from xkit_operator.api.destination import Operation
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.dispatcher.dispatching.mappings import Mappings, ServedMapping
from xkit_operator.errors import InvalidProject
from xkit_operator.local.choice import Chosen
from xkit_operator.objects.configmap import runner_configuration
from xkit_operator.reconcile.mappings.selection import Verdict, select, source_title


def verdicts_on(chosen: Chosen) -> list[Verdict]:
    """What the operator would find about each mapping."""
    return select(chosen.destination.spec, chosen.mappings)


def configuration_of(chosen: Chosen) -> RunnerConfiguration:
    """With the mappings that serve; those that do not are left out, as the operator leaves them out."""
    served = [verdict.mapping for verdict in verdicts_on(chosen) if verdict.problem is None]
    return runner_configuration(chosen.destination, served)


def mapping_for(chosen: Chosen, operation: Operation, slug: str, kind: str | None) -> ServedMapping:
    """The mapping that a record goes through.

    Raises InvalidProject when there is none, or when the very one for this source does not serve, and says why.
    """
    name = chosen.destination.metadata.name
    configuration = configuration_of(chosen)
    if operation not in configuration.operations:
        raise InvalidProject(f"Destination {name} has no function for {operation}")
    for verdict in verdicts_on(chosen):
        source = verdict.mapping.spec.source
        if verdict.problem is not None and verdict.older is None and (source.slug, source.object) == (slug, kind):
            mapping = verdict.mapping.metadata.name
            raise InvalidProject(f"SourceMapping {mapping} does not serve: {verdict.problem.message}")
    found = Mappings(configuration).choose(operation, slug, kind)
    if found is None:
        raise InvalidProject(
            f"no mapping of Destination {name} is for {source_title(slug, kind)}; {_known(configuration, slug)}"
        )
    return found


def _known(configuration: RunnerConfiguration, slug: str) -> str:
    """What there is instead; of the same app, the kinds of record that are mapped."""
    sources = [mapping.spec.source for mapping in configuration.mappings]
    kinds = sorted(source.object for source in sources if source.slug == slug and source.object is not None)
    if kinds:
        return f"of this app there is object {', '.join(kinds)}: say which kind of record it is"
    return f"there is {', '.join(sorted({source.slug for source in sources})) or 'none'}"
