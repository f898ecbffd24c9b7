"""Which objects need not be read again, and that no copy is older than what was met with since."""

from typing import Any

import pytest

from xkit_operator.kube import copies as module
from xkit_operator.kube import lateness
from xkit_operator.kube.copies import SECONDS, Copies

PLACE = ("Destination", "team-a", "crm")


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def copies(clock: Clock) -> Copies:
    return Copies(clock)


def destination(version: str, name: str = "crm", kind: str = "Destination") -> dict[str, Any]:
    metadata = {"namespace": "team-a", "name": name, "resourceVersion": version}
    return {"kind": kind, "metadata": metadata, "spec": {"number": 1.5, "text": "ü", "nothing": None}}


def version(copies: Copies, name: str = "crm", kind: str = "Destination") -> str | None:
    found = copies.get(kind, namespace="team-a", name=name)
    return None if found is None else found["metadata"]["resourceVersion"]


def test_a_copy_is_the_object_and_may_be_changed(copies: Copies) -> None:
    copies.keep(destination("7"))
    found = copies.get("Destination", namespace="team-a", name="crm")
    assert found == destination("7")
    found["spec"]["text"] = "changed"
    assert copies.get("Destination", namespace="team-a", name="crm") == destination("7")


def test_the_newest_version_is_kept_in_whatever_order_they_come(copies: Copies) -> None:
    for one, kept in (("9", "9"), ("10", "10"), ("9", "10"), ("10", "10"), ("11", "11")):
        copies.keep(destination(one))
        assert version(copies) == kept


def test_a_deleted_object_stays_so_when_an_older_answer_comes_late(copies: Copies) -> None:
    copies.keep(destination("7"))
    copies.hear(destination("9"), deleted=True)
    copies.keep(destination("8"))
    assert version(copies) is None
    copies.keep(destination("12"))
    assert version(copies) == "12"


def test_what_was_refused_for_its_version_is_read_anew(copies: Copies) -> None:
    copies.keep(destination("7"))
    copies.drop(PLACE)
    assert version(copies) is None


def test_a_copy_is_trusted_for_a_while_only(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("7"))
    clock.now += SECONDS
    assert version(copies) == "7"
    clock.now += 0.1
    assert version(copies) is None


def test_what_is_told_once_more_is_trusted_anew(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("7"))
    clock.now += SECONDS
    copies.keep(destination("7"))
    clock.now += SECONDS
    assert version(copies) == "7"


def test_a_copy_is_trusted_for_as_long_as_its_watch_says_something(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("7"))
    for number in range(8, 13):
        clock.now += SECONDS
        copies.hear(destination(str(number), "another"))
    clock.now += SECONDS
    assert version(copies) == "7"
    clock.now += 0.1
    assert version(copies) is None


def test_neither_answers_nor_other_watches_nor_late_words_confirm_a_copy(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("7"))
    clock.now += SECONDS
    copies.keep(destination("8", "another"))
    copies.hear(destination("9", "another", kind="Deployment"))
    elsewhere = destination("10", "another")
    elsewhere["metadata"]["namespace"] = "team-b"
    copies.hear(elsewhere)
    clock.now += lateness.SECONDS + 0.1
    copies.hear(destination("9", "another"))
    assert version(copies) is None


def test_a_watch_that_begins_anew_does_not_confirm_what_was_kept_before(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("7"))
    clock.now += 1
    copies.hear(destination("8", "another"), listed=True)
    clock.now += SECONDS - 1
    copies.hear(destination("9", "another"))
    assert version(copies) == "7"
    clock.now += 1
    copies.hear(destination("10", "another"))
    assert version(copies) is None
    assert version(copies, "another") == "10"


def test_a_server_that_was_set_back_is_believed_in_the_end(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("9"))
    clock.now += SECONDS + 1
    copies.keep(destination("7"))
    assert version(copies) == "7"


def test_objects_of_other_kinds_and_items_of_lists_are_not_kept(copies: Copies) -> None:
    copies.keep(destination("7", kind="Service"))
    assert version(copies, kind="Service") is None
    item = destination("7")
    del item["kind"]
    copies.keep(item)
    assert version(copies) is None


def test_a_server_with_versions_that_cannot_be_compared_is_always_asked(copies: Copies) -> None:
    copies.keep(destination("7"))
    copies.keep(destination("a-version"))
    assert version(copies) is None


def test_a_resync_trusts_nothing_and_forgets_no_version(copies: Copies) -> None:
    copies.keep(destination("7"))
    copies.drop_all()
    assert version(copies) is None
    copies.hear(destination("6"))
    assert version(copies) is None
    copies.hear(destination("7"))
    assert version(copies) == "7"


def test_a_watch_that_is_behind_by_a_little_is_believed(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("9", "another"))
    clock.now += lateness.SECONDS
    copies.hear(destination("8"))
    assert version(copies) == "8"


@pytest.mark.parametrize("between", [[], ["resync"]])
def test_a_watch_that_tells_what_has_long_passed_is_not_believed(
    copies: Copies, clock: Clock, between: list[str]
) -> None:
    copies.keep(destination("9"))  # of the object itself or of another one
    clock.now += SECONDS + 1
    if between:
        copies.drop_all()
    for one in ("7", "8", "9"):  # the last of them is how it was when it was told to go
        copies.hear(destination(one))
        assert version(copies) is None
    copies.hear(destination("10"))
    assert version(copies) == "10"


def test_a_late_word_that_is_newer_than_the_copy_has_the_object_read(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("9", "another"))
    clock.now += lateness.SECONDS + 1
    copies.keep(destination("7"))
    copies.hear(destination("8"), deleted=True)
    assert version(copies) is None


def test_an_answer_is_believed_however_old_the_object_is(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("9", "another"))
    clock.now += SECONDS + 1
    copies.keep(destination("7"))
    assert version(copies) == "7"


def test_what_is_gone_does_not_come_back_by_an_older_word(copies: Copies) -> None:
    copies.keep(destination("7"))
    copies.drop(PLACE)  # not found
    copies.hear(destination("6"))
    assert version(copies) is None


def test_words_of_one_kind_are_late_beside_that_kind(copies: Copies, clock: Clock) -> None:
    copies.keep(destination("9", kind="Deployment"))
    clock.now += lateness.SECONDS + 1
    copies.hear(destination("7"))
    assert version(copies) == "7"


def test_however_long_versions_rise_it_is_known_how_far_they_had_come(copies: Copies, clock: Clock) -> None:
    for number in range(1, 401):  # ten a second
        clock.now += 0.1
        copies.keep(destination(str(number), "another"))
    late, in_time = int(400 - 10 * lateness.SECONDS - 20), int(400 - 10 * lateness.SECONDS + 20)
    for number, kept in ((late, None), (in_time, str(in_time))):
        copies.hear(destination(str(number)))
        assert version(copies) == kept


def test_copies_have_an_end_the_first_ones_stay_and_old_ones_make_room(
    copies: Copies, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.keep(destination("1", "a"))
    room = int(2.5 * copies.bytes)
    monkeypatch.setattr(module, "MOST_BYTES", room)
    for name in ("b", "c"):
        copies.keep(destination("1", name))
    assert [version(copies, name) for name in "abc"] == ["1", "1", None]
    copies.keep(destination("2", "a"))
    assert [version(copies, name) for name in "abc"] == ["2", "1", None]
    clock.now += SECONDS + 1
    for name in ("c", "d"):
        copies.keep(destination("1", name))
    assert [version(copies, name) for name in "abcd"] == [None, None, "1", "1"]
    assert copies.bytes <= room


def test_what_only_its_watch_confirms_makes_room(copies: Copies, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.keep(destination("1", "a"))
    monkeypatch.setattr(module, "MOST_BYTES", int(2.5 * copies.bytes))
    clock.now += SECONDS + 1
    for number, name in enumerate("bc", start=2):
        copies.hear(destination(str(number), name))
    assert [version(copies, name) for name in "abc"] == [None, "2", "3"]


def test_a_newer_version_without_room_does_not_leave_the_older_one(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.keep(destination("1"))
    monkeypatch.setattr(module, "MOST_BYTES", copies.bytes)
    copies.keep({**destination("2"), "more": [*range(100)]})
    assert version(copies) is None
