"""The catalogue of runtimes that a release carries."""

from pathlib import Path

import pytest

from xkit_operator.errors import UnknownRuntime
from xkit_operator.image.runtime import RuntimeCatalogue


def test_a_runtime_says_where_its_node_and_its_parser_are(runtimes: Path) -> None:
    runtime = RuntimeCatalogue(runtimes, Path("/unpacked")).get("nodejs14")
    assert runtime.node == Path("/unpacked/opt/nodejs14/bin/node")
    assert runtime.check_script == Path("/unpacked/app/executor/check.js")


@pytest.mark.parametrize("name", ["nodejs99", "", ".", "../runtimes/nodejs14"])
def test_an_unknown_runtime_is_refused_and_the_known_ones_are_named(runtimes: Path, name: str) -> None:
    with pytest.raises(UnknownRuntime, match="choose one of: nodejs14"):
        RuntimeCatalogue(runtimes).get(name)
