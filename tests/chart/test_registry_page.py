"""docs/how-to/registry.md: each value that it names is one of the chart's, and each set of values installs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.conftest import BUNDLED, CHART, Render
from xkit_operator.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "registry.md").read_text()
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
EXAMPLES = [
    yaml.safe_load(text) for text in re.findall(r"^```yaml\n# values\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:registry|image)\.\w+)`", PAGE))))
def test_each_value_that_is_named_exists(name: str) -> None:
    section, _, key = name.partition(".")
    assert key in VALUES[section]


def test_each_value_of_the_registry_is_named() -> None:
    explained = {key for key in VALUES["registry"] if f"`registry.{key}`" in PAGE or f"\n  {key}:" in PAGE}
    assert explained == set(VALUES["registry"]) - {"resources"}


@pytest.mark.parametrize("values", EXAMPLES, ids=lambda values: str(values["registry"].get("push", "bundled")))
def test_each_example_installs(render: Render, values: dict[str, Any]) -> None:
    objects = render({"image": BUNDLED["image"], **values})
    (container,) = objects["Deployment", "xkit-system/xo"]["spec"]["template"]["spec"]["containers"]
    settings = Settings.from_environment(
        {entry["name"]: entry.get("value", "of-the-pod") for entry in container["env"]}
    )
    told = values["registry"]
    assert settings.registry_push == told.get("push", "xo-registry.xkit-system.svc:5000")
    assert (settings.registry_credentials is not None) == ("credentialsSecret" in told)
    assert settings.registry_naming == told.get("naming", "nested")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4
