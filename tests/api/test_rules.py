"""What the API server accepts and refuses, rule by rule."""

import pytest

from tests.api.conftest import Submit
from tests.vectors.api_rules import RULES, Rule, changed


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_api_server_accepts_what_a_rule_allows(submit: Submit, rule: Rule) -> None:
    verdict = submit(changed(rule.base, rule.accepted))
    assert verdict.accepted, verdict.answer


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_api_server_refuses_what_a_rule_forbids_and_names_it(submit: Submit, rule: Rule) -> None:
    verdict = submit(changed(rule.base, rule.refused))
    assert not verdict.accepted
    assert rule.says in verdict.answer["message"]
