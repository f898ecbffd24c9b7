"""What of the watches is news to a reconcile, and for how long a child needs no look."""

from typing import Any

from xkit_operator.kube.versions import Versions

PLACE = ("Service", "team-a", "crm")


def service(version: str) -> dict[str, Any]:
    return {"metadata": {"namespace": "team-a", "name": "crm", "resourceVersion": version}}


def test_what_nobody_has_seen_is_news() -> None:
    assert Versions().is_news(PLACE, "7")


def test_the_echo_of_a_write_is_no_news_however_often_it_comes() -> None:
    versions = Versions()
    versions.saw("Service", service("7"))
    assert not versions.is_news(PLACE, "7")
    assert not versions.is_news(PLACE, "7")


def test_any_other_version_is_news_even_one_that_comes_late() -> None:
    versions = Versions()
    versions.saw("Service", service("7"))
    assert versions.is_news(PLACE, "6")
    assert versions.is_news(PLACE, "7")


def test_what_holds_holds_until_a_watch_says_something_else() -> None:
    versions = Versions()
    versions.saw("Service", service("7"), holding="hash")
    assert versions.holds(PLACE, "hash")
    assert not versions.is_news(PLACE, "7")
    assert versions.holds(PLACE, "hash")
    versions.is_news(PLACE, "8")
    assert not versions.holds(PLACE, "hash")


def test_another_content_is_not_taken_for_the_one_that_holds() -> None:
    versions = Versions()
    versions.saw("Service", service("7"), holding="hash")
    assert not versions.holds(PLACE, "another")


def test_a_deleted_object_does_not_hold() -> None:
    versions = Versions()
    versions.saw("Service", service("7"), holding="hash")
    versions.forget(PLACE)
    assert not versions.holds(PLACE, "hash")


def test_a_resync_trusts_nothing() -> None:
    versions = Versions()
    versions.saw("Service", service("7"), holding="hash")
    versions.forget_all()
    assert not versions.holds(PLACE, "hash")
    assert versions.is_news(PLACE, "7")


def test_a_child_does_not_hold_when_a_watch_told_of_another_version_while_it_was_read() -> None:
    versions = Versions()
    with versions.looking(PLACE):
        assert versions.is_news(PLACE, "8")
        versions.saw("Service", service("7"), holding="hash")
    assert not versions.holds(PLACE, "hash")


def test_a_child_does_not_hold_when_a_watch_told_of_its_end_while_it_was_read() -> None:
    versions = Versions()
    with versions.looking(PLACE):
        versions.forget(PLACE)
        versions.saw("Service", service("7"), holding="hash")
    assert not versions.holds(PLACE, "hash")


def test_an_echo_that_comes_before_the_answer_to_the_write_takes_nothing_away() -> None:
    versions = Versions()
    with versions.looking(PLACE):
        assert versions.is_news(PLACE, "7")
        versions.saw("Service", service("7"), holding="hash")
    assert versions.holds(PLACE, "hash")


def test_what_was_heard_during_one_look_is_over_with_it() -> None:
    versions = Versions()
    with versions.looking(PLACE):
        versions.is_news(PLACE, "8")
    with versions.looking(PLACE):
        versions.saw("Service", service("8"), holding="hash")
    assert versions.holds(PLACE, "hash")


def test_what_no_watch_has_told_of_since_the_beginning_is_lost_under_the_name_of_its_destination() -> None:
    versions = Versions()
    configuration = {"namespace": "team-a", "name": "crm-1", "labels": {"xkit.dev/destination": "crm"}}
    versions.saw("Service", service("7"), holding="hash")
    versions.saw("ConfigMap", {"metadata": configuration | {"resourceVersion": "8"}}, holding="hash")
    assert versions.unheard == 2
    versions.is_news(PLACE, "7")
    assert versions.lost() == [("ConfigMap", "team-a", "crm")]
    assert not versions.holds(("ConfigMap", "team-a", "crm-1"), "hash")
    assert versions.holds(PLACE, "hash")


def test_what_a_watch_told_of_before_it_was_seen_is_not_lost() -> None:
    versions = Versions()
    versions.is_news(PLACE, "6")
    versions.saw("Service", service("7"))
    assert versions.lost() == []


def test_what_a_resync_looks_at_is_not_lost() -> None:
    versions = Versions()
    versions.forget_all()
    versions.saw("Service", service("7"))
    assert versions.unheard == 1
    versions.forget_all()
    versions.saw("Service", service("7"))
    assert versions.unheard == 0
