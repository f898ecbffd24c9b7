from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xkit_operator.errors import ApiForbidden
from xkit_operator.kube.client import Cluster
from xkit_operator.kube.events import EventRecorder, Happening

OBJECT = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "Destination",
    "metadata": {"namespace": "a", "name": "crm", "uid": "1"},
}


ABSENT = Happening(type="Warning", action="Reconcile", reason="SecretNotFound")


class Answers:
    """The client library's side: takes what would be sent, answers with `status`."""

    def __init__(self, status: int = 201) -> None:
        self.status = status
        self.methods: list[str] = []
        self.sent: list[dict[str, Any]] = []

    async def param_serialize(self, method: str, *_: object, body: dict[str, Any], **__: object) -> tuple[()]:
        self.methods.append(method)
        self.sent.append(body)
        return ()

    async def call_api(self, **_: object) -> "Answers":
        return self

    async def read(self) -> bytes:
        return b"{}"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def recorder(answers: Answers, clock: Clock) -> EventRecorder:
    return EventRecorder(Cluster(answers, lambda *_: None), instance="operator-1", now=clock)


async def say(events: EventRecorder, note: str = "not found: Secret x") -> None:
    await events.record(OBJECT, ABSENT, note=note)


async def test_an_event_says_what_happened_to_which_object() -> None:
    answers = Answers()
    await say(recorder(answers, Clock()))
    [event] = answers.sent
    assert event["regarding"] == {
        "apiVersion": "xkit.dev/v1alpha1",
        "kind": "Destination",
        "namespace": "a",
        "name": "crm",
        "uid": "1",
    }
    assert (event["type"], event["reason"], event["note"]) == ("Warning", "SecretNotFound", "not found: Secret x")
    assert event["eventTime"] == "2026-01-01T00:00:00.000000Z"
    assert "series" not in event


async def test_a_repetition_becomes_a_series_of_the_same_event_and_changes_nothing_else() -> None:
    answers, clock = Answers(), Clock()
    events = recorder(answers, clock)
    await say(events)
    clock.time += timedelta(minutes=1)
    await say(events)
    first, second = answers.sent
    assert answers.methods == ["POST", "PATCH"]
    assert second == first | {"series": {"count": 2, "lastObservedTime": "2026-01-01T00:01:00.000000Z"}}


async def test_after_a_long_pause_it_is_a_new_event() -> None:
    answers, clock = Answers(), Clock()
    events = recorder(answers, clock)
    await say(events)
    clock.time += timedelta(hours=1)
    await say(events)
    first, second = answers.sent
    assert first["metadata"]["name"] != second["metadata"]["name"]


async def test_ever_other_words_for_the_same_thing_make_no_flood_of_events() -> None:
    answers, clock = Answers(), Clock()
    events = recorder(answers, clock)
    for number in range(180):
        clock.time += timedelta(seconds=20)
        await say(events, note=f"container function ended with code 1: request {number}")
    made = {event["metadata"]["name"]: event for event in answers.sent}
    assert len(made) <= 5 * 6  # in an hour
    assert sum(event.get("series", {"count": 1})["count"] for event in made.values()) == 180


@pytest.mark.parametrize("letter", ["x", "ü", "界"])
async def test_a_note_has_at_most_1024_bytes(letter: str) -> None:
    answers = Answers()
    await say(recorder(answers, Clock()), note=letter * 2000)
    assert 1000 < len(answers.sent[0]["note"].encode()) <= 1024


async def test_an_event_that_is_refused_is_logged_and_lost(caplog: pytest.LogCaptureFixture) -> None:
    await say(recorder(Answers(403), Clock()))
    assert ApiForbidden.__name__ in caplog.text or "HTTP 403" in caplog.text
