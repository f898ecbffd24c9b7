"""The API server and the models accept the same objects: what a command line says of a file is what a cluster will say.

Two differences are meant. Metadata belongs to Kubernetes: the models look at its name alone, the API server at all of
it. And `status` is none of the author's business: the API server drops it unread, the models read what is there.
XKIT_AGREEMENT_EXAMPLES=20000 tries more objects than `make test` does, by a seed of their own.
"""

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.conftest import SCHEMAS, Submit
from tests.api.generated import variants
from tests.vectors.whole_objects import WHOLE_DESTINATIONS, WHOLE_SOURCE_MAPPINGS
from xkit_operator.api.destination import Destination
from xkit_operator.api.sourcemapping import SourceMapping
from xkit_operator.errors import InvalidSpec

EXAMPLES = os.environ.get("XKIT_AGREEMENT_EXAMPLES")
KINDS = [(Destination, WHOLE_DESTINATIONS), (SourceMapping, WHOLE_SOURCE_MAPPINGS)]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("model", "wholes"), KINDS, ids=["Destination", "SourceMapping"])
def test_the_models_accept_what_the_api_server_accepts(
    submit: Submit, model: type[Destination | SourceMapping], wholes: list[dict[str, Any]]
) -> None:
    verdicts: Counter[bool] = Counter()

    @settings(
        max_examples=int(EXAMPLES or 2000),
        derandomize=EXAMPLES is None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(variants(wholes, SCHEMAS[model.__name__]["spec"]))
    def both_judge(obj: dict[str, Any]) -> None:
        verdict = submit(obj)
        refusal = refusal_by(model, obj)
        verdicts[verdict.accepted] += 1
        assert verdict.accepted == (refusal is None), (verdict.answer.get("message"), str(refusal))

    both_judge()
    assert min(verdicts[True], verdicts[False]) > sum(verdicts.values()) / 5  # else nobody has looked at the other side


def refusal_by(model: type[Destination | SourceMapping], obj: dict[str, Any]) -> InvalidSpec | None:
    try:
        model.parse(obj)
    except InvalidSpec as refusal:
        return refusal
    return None
