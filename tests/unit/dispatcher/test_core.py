"""From a request to its response: the core with everything behind it, and an executor that the test plays."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.dispatcher.function_container import Peer
from xkit_operator.api.runner import RunnerConfiguration
from xkit_operator.dispatcher.dispatching.core import Core
from xkit_operator.dispatcher.dispatching.dispatch import Dispatch
from xkit_operator.dispatcher.dispatching.dry_run import DryRun
from xkit_operator.dispatcher.dispatching.mappings import Mappings
from xkit_operator.dispatcher.executors.frames import FrameType
from xkit_operator.dispatcher.executors.pool import Pool
from xkit_operator.dispatcher.executors.reception import Reception
from xkit_operator.dispatcher.http.budget import Budget
from xkit_operator.dispatcher.http.exchange import Head, Response, Stream, Whole
from xkit_operator.dispatcher.http.lines import Lines
from xkit_operator.dispatcher.intake.bodies import MOST_RECORDS
from xkit_operator.dispatcher.json_text import MOST_VALUES
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.queueing.queue import Queue
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.dispatcher.telemetry.metrics import Metrics
from xkit_operator.dispatcher.tokens import Tokens


def mapping(name: str, source: dict[str, str], pointer: str) -> dict[str, Any]:
    pointers = {"id": pointer, "age": "/age", "score": "/score"}
    entries = [{"name": one, "direct": {"pointer": where}} for one, where in pointers.items()]
    return {"name": name, "spec": {"destinationRef": {"name": "crm"}, "source": source, "inputs": entries}}


JSON = {b"content-type": b"application/json"}
CONFIGURATION = {
    "version": 1,
    "destination": {"namespace": "team-a", "name": "crm"},
    "inputs": [
        {"name": "id", "type": "string"},
        {"name": "age", "type": "integer", "optional": True},
        {"name": "score", "type": "integer", "optional": True, "onInvalid": "Null"},
    ],
    "operations": ["upsert"],
    "limits": {"timeoutSeconds": 30.0, "concurrency": 2},
    "variables": {"literals": {}, "files": []},
    "mappings": [
        mapping("contacts", {"slug": "hubspot", "object": "contact"}, "/contact"),
        mapping("others", {"slug": "hubspot"}, "/other"),
    ],
}


class Bench:
    """Everything but HTTP and the process around it; the executor echoes its calls."""

    def __init__(self, folder: Path) -> None:
        self.lines: list[dict[str, Any]] = []
        self.metrics = Metrics()
        log = Log(write=lambda line: self.lines.append(json.loads(line)))
        self.pool = Pool(timeout=30, on_available=lambda: self.queue.pump(), metrics=self.metrics, log=log)
        self.queue = Queue(self.pool, concurrency=2, timeout=30)
        self.reception = Reception(self.pool, folder=folder, timeout=30, configuration=b"{}", log=log)
        configuration = RunnerConfiguration.model_validate(CONFIGURATION)
        mappings = Mappings(configuration)
        dispatch = Dispatch(configuration, mappings, queue=self.queue, metrics=self.metrics, log=log)
        dry_run = DryRun(mappings)
        self.core = Core(
            dispatch, dry_run, self.queue, Tokens(0, Path()), window=4, is_hopeless=lambda: self.pool.is_hopeless
        )
        self.calls: list[dict[str, Any]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def echo(self, executor: Peer) -> None:
        while True:
            frame = await executor.expect(FrameType.INVOKE)
            self.calls.append(json.loads(frame.payload))
            await self.may_answer.wait()
            executor.answer(frame.id, self.calls[-1])

    async def post(self, value: Any, **changes: Any) -> Response:
        body = changes.pop("body", json.dumps(value).encode())
        given = {
            "method": b"POST",
            "path": b"/v1/records",
            "query": b"",
            "headers": {b"content-type": b"application/json"},
        }
        answer = self.core.admit(Head(**{**given, **changes}))
        if isinstance(answer, Response):
            return answer
        assert isinstance(answer, Whole)
        return await answer.answer(body)

    async def outcome(self, value: Any, **changes: Any) -> tuple[int, str]:
        response = await self.post(value, **changes)
        body = json.loads(response.body)
        return response.status, body.get("code") or body["outcome"]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    found = Bench(tmp_path)
    server = await asyncio.get_running_loop().create_unix_server(found.reception.new_link, tmp_path / "socket")
    host, executor = await Peer.host(tmp_path / "socket"), await Peer.executor(tmp_path / "socket", "e1")
    echoing = asyncio.create_task(found.echo(executor))
    async with asyncio.timeout(20):
        while not found.pool.is_ready:  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)
    yield found
    echoing.cancel()
    await executor.end()
    await host.end()
    server.close()


def record(**changes: Any) -> dict[str, Any]:
    source = {"slug": "hubspot", "object": "contact"}
    return {"id": "r1", "operation": "upsert", "source": source, "record": {"contact": 7, "other": 8}, **changes}


async def test_the_mapping_is_chosen_by_slug_and_object_else_by_slug(bench: Bench) -> None:
    for source, expected in (
        ({"slug": "hubspot", "object": "contact"}, "7"),
        ({"slug": "hubspot", "object": "company"}, "8"),
        ({"slug": "hubspot"}, "8"),
    ):
        response = await bench.post(record(source=source))
        assert json.loads(response.body)["result"]["inputs"]["id"] == expected
    assert await bench.outcome(record(source={"slug": "salesforce"})) == (422, "SourceNotMapped")


async def test_a_call_holds_everything_that_the_protocol_names(bench: Bench) -> None:
    await bench.post(record())
    assert bench.calls == [
        {
            "operation": "upsert",
            "inputs": {"id": "7", "age": None, "score": None},
            "context": {},
            "connection": {},
            "source": {"slug": "hubspot", "object": "contact"},
            "meta": {"id": "r1"},
            "timeoutMs": 30000,
        }
    ]


@pytest.mark.parametrize("text", ["whole", "half of a character: \ud83d"])
async def test_a_call_holds_what_its_sender_said(bench: Bench, text: str) -> None:
    said = {"attempt": 3, "time": "2026-01-01T00:00:00Z", "key": "k"}
    await bench.post(record(context={"text": text}, connection={"id": "c"}, **said))
    (call,) = bench.calls
    assert (call["context"], call["connection"]) == ({"text": text}, {"id": "c"})
    assert call["meta"] == {"id": "r1", **said}


async def test_a_record_that_is_rejected_or_skipped_calls_no_function(bench: Bench) -> None:
    assert await bench.outcome(record(record={"age": "old"})) == (422, "MappingFailed")
    assert await bench.outcome(record(operation="delete")) == (200, "skipped")
    assert await bench.outcome(record(surprise=1)) == (400, "MalformedRecord")
    assert bench.calls == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"path": b"/v1"}, (404, "NotFound")),
        ({"path": b"/v1/records/"}, (404, "NotFound")),
        ({"method": b"GET"}, (405, "MethodNotAllowed")),
        ({"method": b"GET", "path": b"/"}, (405, "MethodNotAllowed")),
        ({"query": b"dryrun=true"}, (400, "UnknownParameter")),
        ({"query": b"dryRun=false"}, (200, "succeeded")),
        ({"headers": {}}, (415, "UnsupportedMediaType")),
        ({"headers": {b"content-type": b"text/plain"}}, (415, "UnsupportedMediaType")),
        ({"headers": {b"content-type": b"application/json; charset=latin-1"}}, (415, "UnsupportedMediaType")),
        ({"headers": {**JSON, b"content-encoding": b"gzip"}}, (415, "UnsupportedMediaType")),
        ({"headers": {b"content-type": b'Application/JSON ; charset="UTF-8"'}}, (200, "succeeded")),
        ({"body": b'{"id":'}, (400, "MalformedBody")),
        ({"body": b""}, (400, "MalformedBody")),
        ({"body": b'"record"'}, (400, "MalformedBody")),
        ({"body": b"\xff"}, (400, "MalformedBody")),
        ({"body": b"[" * 300}, (400, "MalformedBody")),
        ({"body": json.dumps([1] * (MOST_RECORDS + 1)).encode()}, (413, "BatchTooLarge")),
        ({"body": json.dumps([1] * (MOST_VALUES + 1)).encode()}, (413, "TooManyValues")),
    ],
)  # fmt: skip
async def test_a_request_that_is_not_what_it_should_be(
    bench: Bench, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert await bench.outcome(record(), **changes) == expected


EVENT = {
    "specversion": "1.0",
    "id": "e1",
    "type": "com.example.upsert",
    "source": "/crm",
    "data": {"source": {"slug": "hubspot"}, "record": {"other": 8}},
}


@pytest.mark.parametrize(
    ("media_type", "value", "expected"),
    [
        ("application/cloudevents+json", EVENT, (200, "succeeded")),
        ("Application/CloudEvents+JSON; charset=UTF-8", EVENT, (200, "succeeded")),
        ("application/cloudevents+json", {**EVENT, "id": ""}, (400, "MalformedRecord")),
        ("application/cloudevents+json", [EVENT], (400, "MalformedRecord")),
        ("application/cloudevents-batch+json", EVENT, (400, "MalformedBody")),
        ("application/cloudevents-batch+json", [EVENT] * (MOST_RECORDS + 1), (413, "BatchTooLarge")),
        ("application/json", EVENT, (400, "MalformedRecord")),
        ("application/vnd.crm.contact+json", EVENT, (400, "MalformedRecord")),
        ("", EVENT, (400, "MalformedRecord")),
        ("application/cloudevents+avro", EVENT, (415, "UnsupportedMediaType")),
        ("application/cloudevents-batch+json; charset=latin-1", [EVENT], (415, "UnsupportedMediaType")),
        ("application/xml", EVENT, (415, "UnsupportedMediaType")),
        ("application/x-ndjson", EVENT, (415, "UnsupportedMediaType")),
    ],
)  # fmt: skip
async def test_events_have_a_path_and_media_types_of_their_own(
    bench: Bench, media_type: str, value: Any, expected: tuple[int, str]
) -> None:
    headers = {b"content-type": media_type.encode()}
    assert await bench.outcome(value, path=b"/", headers=headers) == expected


async def test_an_event_of_a_batch_has_the_body_that_it_would_have_had_alone(bench: Bench) -> None:
    async def post(media_type: bytes, value: Any) -> Any:
        response = await bench.post(value, path=b"/", headers={b"content-type": b"application/" + media_type})
        return json.loads(response.body)

    events = [EVENT, {**EVENT, "type": "x"}, {**EVENT, "type": "x.delete"}, {**EVENT, "data": {}}, 7]
    alone = [await post(b"cloudevents+json", one) for one in events]
    assert await post(b"cloudevents-batch+json", events) == alone
    assert [one["status"] for one in alone] == [200, 400, 200, 400, 400]


@pytest.mark.parametrize(
    ("prefer", "changes", "expected"),
    [
        (b"reply", {}, (200, None)),
        (b"respond-async, Reply", {}, (200, None)),
        (b"respond-async", {}, (200, "succeeded")),
        (b"reply", {"type": "x.delete"}, (200, None)),
        (b"reply", {"type": "x"}, (400, "malformed")),
    ],
)
async def test_a_broker_that_takes_replies_finds_none(
    bench: Bench, prefer: bytes, changes: dict[str, Any], expected: tuple[int, str | None]
) -> None:
    headers = {b"content-type": b"application/cloudevents+json", b"prefer": prefer}
    response = await bench.post({**EVENT, **changes}, path=b"/", headers=headers)
    outcome = json.loads(response.body)["outcome"] if response.body else None
    assert (response.status, outcome) == expected


async def test_what_is_no_single_event_is_answered_whatever_its_sender_prefers(bench: Bench) -> None:
    for path, media_type, value in ((b"/", b"cloudevents-batch+json", [EVENT]), (b"/v1/records", b"json", record())):
        headers = {b"content-type": b"application/" + media_type, b"prefer": b"reply"}
        assert (await bench.post(value, path=path, headers=headers)).body


TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_a_traceparent_counts_for_all_records_of_its_request_and_is_logged(bench: Bench) -> None:
    headers = {**JSON, b"traceparent": TRACEPARENT.encode()}
    await bench.post([record(), record(record={}), {}], headers=headers)
    assert [call["meta"].get("traceparent") for call in bench.calls] == [TRACEPARENT]
    assert [(line["message"], line["traceparent"]) for line in bench.lines if line["level"] == "error"] == [
        ("record failed", TRACEPARENT),
        ("record malformed", TRACEPARENT),
    ]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (b"dryRun=yes", "found dryRun=yes"),
        (b"dryRun", "found dryRun="),
        (b"dryRun=True", "found dryRun=True"),
        (b"dryRun=true&dryRun=true", "found dryRun=true&dryRun=true"),
        (b"dryRun=true&verbose=1", "found dryRun=true&verbose=1"),
        (b"dry%20run=true", "found dry run=true"),
        (b"&", "found &"),
    ],
)
async def test_an_unknown_parameter_is_named_beside_the_one_that_is_known(
    bench: Bench, query: bytes, detail: str
) -> None:
    response = await bench.post(record(), query=query)
    body = json.loads(response.body)
    assert (response.status, body["code"]) == (400, "UnknownParameter")
    assert body["detail"] == f"{detail}; the only parameter is dryRun, once: true or false"


def counted(bench: Bench) -> list[str]:
    lines = bench.metrics.expose().decode().splitlines()
    return [line for line in lines if line.startswith(("xkit_runner_record", "xkit_runner_mapping"))]


async def test_each_record_of_a_batch_is_counted_as_what_became_of_it(bench: Bench) -> None:
    await bench.post([record(), record(record={}), record(), record(operation="delete"), record(), {}])
    found = {line.partition("{")[2] for line in counted(bench) if line.startswith("xkit_runner_records_total")}
    assert found == {
        'operation="upsert",outcome="succeeded",source="hubspot"} 3.0',
        'operation="upsert",outcome="rejected",source="hubspot"} 1.0',
        'operation="delete",outcome="skipped",source="hubspot"} 1.0',
        'operation="unknown",outcome="malformed",source="unknown"} 1.0',
    }


async def test_a_dry_run_calls_no_function_counts_nothing_and_logs_nothing(bench: Bench) -> None:
    before = counted(bench)
    values = [record(), record(record={"contact": 7, "score": "high"}), record(record={}), {}]
    for query in (b"dryRun=true", b"dryRun=%74rue"):
        response = await bench.post(values, query=query)
        assert [one["status"] for one in json.loads(response.body)] == [200, 200, 422, 400]
    assert (bench.calls, bench.lines) == ([], [])
    assert counted(bench) == before


async def test_a_dry_run_needs_no_executor_and_no_room_in_the_queue(bench: Bench) -> None:
    bench.queue.close()
    assert await bench.outcome(record(), query=b"dryRun=true") == (200, "mapped")
    assert await bench.outcome(record()) == (503, "ShuttingDown")


async def test_an_event_has_a_dry_run_too_and_a_stream_has_none(bench: Bench) -> None:
    headers = {b"content-type": b"application/cloudevents+json"}
    assert await bench.outcome(EVENT, path=b"/", headers=headers, query=b"dryRun=true") == (200, "mapped")
    stream = {b"content-type": b"application/x-ndjson"}
    assert await bench.outcome(record(), headers=stream, query=b"dryRun=true") == (400, "UnknownParameter")
    assert isinstance(bench.core.admit(Head(b"POST", b"/v1/records", b"dryRun=false", stream)), Stream)


async def test_an_empty_batch_has_an_empty_answer(bench: Bench) -> None:
    response = await bench.post([])
    assert (response.status, response.body) == (200, b"[]")


async def test_an_element_of_a_batch_has_the_body_that_it_would_have_had_alone(bench: Bench) -> None:
    records = [record(), record(id="r2", surprise=True), record(id="r3", record={}), record(operation="delete"), 7]
    alone = [json.loads((await bench.post(one)).body) for one in records[:-1]]
    together = json.loads((await bench.post(records)).body)
    assert together[:-1] == alone
    assert (together[-1]["status"], together[-1]["code"]) == (400, "MalformedRecord")


async def test_a_full_queue_refuses_the_whole_request(bench: Bench) -> None:
    bench.may_answer.clear()
    sent = [asyncio.create_task(bench.post(record())) for _ in range(2 + 5 * 2)]
    async with asyncio.timeout(20):
        while bench.queue.waiting < 10:  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)
    for value in (record(), [record(), record()]):
        response = await bench.post(value)
        assert (response.status, json.loads(response.body)["code"]) == (429, "QueueFull")
        assert ("retry-after", "1") in response.headers
    bench.may_answer.set()
    assert {response.status for response in await asyncio.gather(*sent)} == {200}


async def test_a_log_line_has_codes_and_no_value_of_the_record(bench: Bench) -> None:
    await bench.post(record(record={"contact": "s3cr3t", "age": "s3cr3t"}, context={"mail": "s3cr3t"}))
    [line] = bench.lines
    assert line.pop("time").endswith("Z")
    assert line.pop("seconds") < 10
    assert line == {
        "level": "error",
        "message": "record failed",
        "id": "r1",
        "operation": "upsert",
        "source": "hubspot",
        "attempt": 1,
        "outcome": "rejected",
        "code": "MappingFailed",
        "status": 422,
        "errors": [{"input": "age", "code": "NotCoercible"}],
    }


async def test_an_invalid_value_that_becomes_null_is_counted_and_fails_nothing(bench: Bench) -> None:
    assert await bench.outcome(record(record={"contact": 7, "score": "high"})) == (200, "succeeded")
    assert bench.calls[0]["inputs"] == {"id": "7", "age": None, "score": None}
    counted = 'xkit_runner_mapping_errors_total{code="NotCoercible",input="score",source="hubspot"} 1.0'
    assert counted in bench.metrics.expose().decode()


async def test_a_slug_that_nobody_mapped_becomes_no_label(bench: Bench) -> None:
    await bench.post(record(source={"slug": "anything-a-sender-likes"}))
    assert b"anything-a-sender-likes" not in bench.metrics.expose()
    assert b'outcome="rejected",source="unknown"' in bench.metrics.expose()


async def test_each_line_of_a_stream_is_answered_in_order_and_a_bad_one_never_fails_its_neighbours(
    bench: Bench,
) -> None:
    answer = bench.core.admit(Head(b"POST", b"/v1/records", b"", {b"content-type": b"application/x-ndjson"}))
    assert isinstance(answer, Stream)
    lines = Lines(Budget(10**6), on_room=lambda: None)
    values = [record(id=f"r{number}") for number in range(20)]
    values[5] = {"id": "r5"}
    texts = [json.dumps(value).encode() for value in values]
    texts[3] = b"{nonsense"
    lines.feed(b"\n".join(texts))
    lines.finish(Failure(Code.REQUEST_TIMEOUT, ""))
    answers = [json.loads(one) async for one in answer.answer(lines)]
    assert [one.get("code") for one in answers[3:6]] == ["MalformedBody", None, "MalformedRecord"]
    assert answers[-1]["code"] == "RequestTimeout"
    assert [one.get("id") for one in answers if "result" in one] == [
        f"r{number}" for number in range(19) if number not in (3, 5)
    ]


async def test_a_stream_is_taken_no_more_than_its_window_ahead(bench: Bench) -> None:
    answer = bench.core.admit(Head(b"POST", b"/v1/records", b"", {b"content-type": b"application/x-ndjson"}))
    assert isinstance(answer, Stream)
    lines = Lines(Budget(10**6), on_room=lambda: None)
    lines.feed(b"".join(json.dumps(record()).encode() + b"\n" for _ in range(50)))
    lines.finish()
    bench.may_answer.clear()
    answers = answer.answer(lines)
    first = asyncio.ensure_future(anext(answers))
    async with asyncio.timeout(20):
        while len(bench.calls) < 1:  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)
    assert bench.queue.in_flight + bench.queue.waiting <= 4 + 2  # the window, and one on either side of it
    bench.may_answer.set()
    await first
    assert len([one async for one in answers]) == 49


async def test_large_bodies_that_come_at_once_are_read_with_a_turn_for_others_between(bench: Bench) -> None:
    body = json.dumps([[f"text {number}"] for number in range(90_000)]).encode()

    async def longest_turn(count: int) -> float:
        """Seconds of CPU that one turn of the event loop took at most, while so many bodies were read."""
        posts = asyncio.gather(*(bench.post(None, body=body) for _ in range(count)))
        longest, since = 0.0, time.thread_time()
        while not posts.done():
            await asyncio.sleep(0)
            longest, since = max(longest, time.thread_time() - since), time.thread_time()
        assert {response.status for response in await posts} == {413}
        return longest

    one = min([await longest_turn(1) for _ in range(5)])
    six = min([await longest_turn(6) for _ in range(2)])
    assert six < 3 * one
