"""The table of YAML scalars is what a real kubectl says."""

import json
from typing import Any

from tests.vectors.yaml_scalars import SCALARS, same


def test_kubectl_reads_each_scalar_as_the_table_says(cluster: Any) -> None:
    fields = "".join(f"  f{number}: {text}\n" for number, text in enumerate(SCALARS))
    text = f"apiVersion: xkit.dev/v1alpha1\nkind: Destination\nmetadata: {{name: a}}\nspec:\n{fields}"
    answer = cluster.kubectl("annotate", "--local", "-f", "-", "a=b", "-o", "json", input=text).stdout
    found = json.loads(answer)["spec"]
    assert [text for number, text in enumerate(SCALARS) if not _agrees(found.get(f"f{number}"), SCALARS[text])] == []


def _agrees(found: Any, expected: Any) -> bool:
    # kubectl writes large doubles without an exponent and with as few digits as tell them apart
    return float(found) == expected if isinstance(expected, float) else same(found, expected)
