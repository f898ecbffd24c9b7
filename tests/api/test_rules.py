"""What the API server accepts and refuses, rule by rule, and that no rule of the CRDs goes without a case."""

import pytest

from tests.api.bounds import bounds, broken
from tests.api.conftest import SCHEMAS, Submit
from tests.vectors.api_rules import RULES, Rule, changed
from tests.vectors.status_rules import STATUS_RULES


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_api_server_accepts_what_a_rule_allows(submit: Submit, rule: Rule) -> None:
    verdict = submit(changed(rule.base, rule.accepted))
    assert verdict.accepted, verdict.answer


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_api_server_refuses_what_a_rule_forbids_and_names_it(submit: Submit, rule: Rule) -> None:
    verdict = submit(changed(rule.base, rule.refused))
    assert not verdict.accepted
    assert rule.says in verdict.answer["message"]


@pytest.mark.parametrize("rule", STATUS_RULES, ids=str)
def test_the_status_keeps_its_rules_too(submit_status: Submit, rule: Rule) -> None:
    accepted, refused = (submit_status(changed(rule.base, change)) for change in (rule.accepted, rule.refused))
    assert accepted.accepted, accepted.answer
    assert not refused.accepted
    assert rule.says in refused.answer["message"]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_bound_of_a_crd_has_a_case_that_it_refuses(submit: Submit, submit_status: Submit, kind: str) -> None:
    known = {bound for part in ("metadata", "spec", "status") for bound in bounds(part, SCHEMAS[kind][part])}
    verdicts = [
        judge(changed(rule.base, rule.refused))
        for judge, rules in ((submit, RULES), (submit_status, STATUS_RULES))
        for rule in rules
        if rule.base["kind"] == kind
    ]
    tried = {bound for verdict in verdicts for bound in broken(verdict.answer, known)}
    assert sorted(known - tried) == []
