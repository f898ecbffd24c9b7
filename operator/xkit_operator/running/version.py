"""One version of a project, ready to be run: what the operator would put into a Pod's image, ConfigMaps and Secrets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xkit_operator.api.destination import Destination
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.errors import FunctionSyntaxError
from xkit_operator.image.function import ModuleKind, declared_kinds
from xkit_operator.image.syntax import SyntaxChecker
from xkit_operator.local.checking.check import check
from xkit_operator.local.choice import choose
from xkit_operator.local.finding import Finding, Level
from xkit_operator.local.functions import functions_of
from xkit_operator.local.manifest import Manifest
from xkit_operator.local.project import Project, load
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


Texts = Callable[[Project, Manifest, Destination, Mapping[str, str]], dict[str, str]]
"""Gives the texts of variables that are read from Secrets and ConfigMaps: values.texts, or a stand-in."""


async def read_version(choice: Choice, node: Path, checker: SyntaxChecker, texts: Texts = values.texts) -> Version:
    """Read and judge the project as it is now; `checker` is kept for the next time, when it answers in milliseconds.

    Raises Broken for all that is wrong with its files, and XkitError for what keeps it from running on this machine.
    """
    project = load(choice.paths)
    await _judge(project, None)
    chosen = choose(project, choice.destination)
    destination = values.with_literals(chosen.destination, choice.given)
    functions, missing = functions_of(project, chosen.manifest, destination.spec.functions)
    if missing:
        raise Broken(missing)
    tokens = values.tokens(project, chosen.manifest, destination)
    configuration = runner_configuration(destination, chosen.mappings).model_copy(update={"tokens": len(tokens)})
    sources = {str(one.operation): one.text for one in functions}
    declared = declared_kinds(destination.spec.functions.module_types())
    try:
        kinds = await checker.check(sources, node, executor_folder() / "check.js", declared=declared)
    except FunctionSyntaxError:
        await _judge(project, node)  # which says where in the files
        raise
    return Version(
        configuration=configuration,
        functions=sources,
        kinds=kinds,
        texts=texts(project, chosen.manifest, destination, choice.given),
        tokens=tokens,
        memory_bytes=destination.spec.limits.memory_bytes,
    )


async def _judge(project: Project, node: Path | None) -> None:
    """Raises Broken. Without `node`, functions are not parsed."""
    found = await check(project, None if node is None else lambda: node)
    errors = [one for one in found.findings if one.level is Level.ERROR]
    if errors:
        raise Broken(errors)
