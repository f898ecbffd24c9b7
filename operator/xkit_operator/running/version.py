"""One version of a project, ready to be run: what the operator would put into a Pod's image, ConfigMaps and Secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.image.function import ModuleKind, declared_kinds
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.local.checking.check import check
from xkit_operator.local.choice import choose
from xkit_operator.local.finding import Finding, Level
from xkit_operator.local.functions import functions_of
from xkit_operator.local.project import load
from xkit_operator.local.shipped import executor_folder
from xkit_operator.objects.configmap import runner_configuration
from xkit_operator.running import values


@dataclass(frozen=True)
class Version:
    """What a runner is started from."""

    configuration: RunnerConfiguration
    functions: Mapping[str, str]
    kinds: Mapping[str, ModuleKind]
    texts: Mapping[str, str]
    """Of the variables that are read from Secrets and ConfigMaps."""
    tokens: Sequence[str]
    memory_bytes: int


class Broken(Exception):
    """A project that cannot be run: `findings` are what `xkit check` prints."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True)
class Choice:
    """What the user says about the project."""

    paths: tuple[Path, ...]
    destination: str | None
    given: Mapping[str, str]
    """Values of variables, by name."""


async def read_version(choice: Choice, node: Path) -> Version:
    """Read and judge the project as it is now.

    Raises Broken for all that is wrong with its files, and XkitError for what keeps it from running on this machine.
    """
    project = load(choice.paths)
    found = await check(project, lambda: node)
    errors = [one for one in found.findings if one.level is Level.ERROR]
    if errors:
        raise Broken(errors)
    chosen = choose(project, choice.destination)
    destination = values.with_literals(chosen.destination, choice.given)
    functions, missing = functions_of(project, chosen.manifest, destination)
    if missing:
        raise Broken(missing)
    tokens = values.tokens(project, chosen.manifest, destination)
    configuration = runner_configuration(destination, chosen.mappings).model_copy(update={"tokens": len(tokens)})
    sources = {str(one.operation): one.text for one in functions}
    return Version(
        configuration=configuration,
        functions=sources,
        kinds=await _kinds(sources, declared_kinds(destination.spec.functions.module_types()), node),
        texts=values.texts(project, chosen.manifest, destination, choice.given),
        tokens=tokens,
        memory_bytes=destination.spec.limits.memory_bytes,
    )


async def _kinds(sources: Mapping[str, str], declared: Mapping[str, ModuleKind], node: Path) -> dict[str, ModuleKind]:
    checker = SyntaxChecker()
    try:
        return await checker.check(sources, node, executor_folder() / "check.js", declared=declared)
    finally:
        await checker.close()
