"""Conditions, and the page that explains their reasons."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator import errors
from xkit_operator.api.conditions import (
    MESSAGE_LIMIT,
    Condition,
    ConditionType,
    Reason,
    condition,
    find_condition,
    set_condition,
    summarise,
)

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "conditions.md"
THEN, NOW = "2021-04-05T00:00:00Z", "2021-04-06T00:00:00Z"

conditions = st.builds(
    condition,
    st.sampled_from(ConditionType),
    st.sampled_from(["True", "False", "Unknown"]),
    st.sampled_from(Reason),
    st.text(max_size=20),
    observed_generation=st.integers(0, 9),
)


def test_the_page_has_one_section_for_each_reason_in_their_order() -> None:
    headings = re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [reason.value for reason in Reason]


def test_every_section_says_what_it_means_and_what_to_do() -> None:
    sections = re.split(r"^## \w+$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert all("**Means:**" in section and "**Do:**" in section for section in sections)


def concrete(error: type[errors.XkitError]) -> set[str]:
    below = error.__subclasses__()
    return {name for child in below for name in concrete(child)} if below else {error.__name__}


@pytest.mark.parametrize(
    "branch", [errors.SpecError, errors.RegistryError, errors.ClusterError, errors.InstallationError]
)
def test_every_error_that_the_operator_can_meet_is_a_reason(branch: type[errors.XkitError]) -> None:
    assert concrete(branch) <= {reason.value for reason in Reason}


def test_a_new_condition_is_stamped() -> None:
    (one,) = set_condition((), condition(ConditionType.READY, "True", Reason.READY), NOW)
    assert one.last_transition_time == NOW


def test_the_time_moves_with_the_status_only() -> None:
    before = set_condition((), condition(ConditionType.READY, "False", Reason.PENDING), THEN)
    same = set_condition(before, condition(ConditionType.READY, "False", Reason.ROLLING_OUT, "new Pods"), NOW)
    assert (same[0].reason, same[0].last_transition_time) == ("RollingOut", THEN)
    assert set_condition(same, condition(ConditionType.READY, "True", Reason.READY), NOW)[0].last_transition_time == NOW


@given(st.lists(conditions, max_size=6), conditions)
def test_setting_a_condition_twice_changes_nothing_more(given_: list[Condition], new: Condition) -> None:
    before: tuple[Condition, ...] = ()
    for one in given_:
        before = set_condition(before, one, THEN)
    once = set_condition(before, new, NOW)
    assert set_condition(once, new, "2022-01-01T00:00:00Z") == once
    others = [one.type for one in before if one.type != new.type]
    assert [one.type for one in once if one.type != new.type] == others
    assert find_condition(once, new.type) is not None


def test_the_summary_takes_the_words_of_the_first_that_is_not_true() -> None:
    found = summarise(
        [
            condition(ConditionType.ACCEPTED, "True", Reason.ACCEPTED),
            condition(ConditionType.BUILT, "False", Reason.REGISTRY_UNREACHABLE, "no answer", observed_generation=1),
            condition(ConditionType.AVAILABLE, "Unknown", Reason.PENDING),
        ],
        observed_generation=2,
    )
    assert found == condition(
        ConditionType.READY, "False", Reason.REGISTRY_UNREACHABLE, "no answer", observed_generation=2
    )


def test_the_summary_of_good_news_is_ready() -> None:
    assert summarise([condition(ConditionType.ACCEPTED, "True", Reason.ACCEPTED)]).status == "True"


def test_a_long_message_is_cut() -> None:
    message = condition(ConditionType.BUILT, "False", Reason.BUILD_FAILED, "x" * 9999).message
    assert len(message) == MESSAGE_LIMIT
    assert message.endswith("…")
