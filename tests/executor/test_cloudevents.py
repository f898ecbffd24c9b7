"""CloudEvents through the whole runner, sent by the official SDKs."""

import asyncio
import json
from asyncio.subprocess import PIPE
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod, record
from tests.npm import installed

META = """
    module.exports = async ({ inputs, context, source, meta: { deadline, signal, ...meta } }) =>
      ({ inputs, context, source, meta })"""
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ATTRIBUTES: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e1",
    "source": "https://crm.example.com/hooks",
    "type": "com.example.contact.upsert",
    "subject": '100% "42"',
    "time": "2026-01-02T03:04:05Z",
    "datacontenttype": "application/json",
    "attempt": 2,
    "traceparent": TRACEPARENT,
}
DATA: dict[str, Any] = {
    "source": {"slug": "hubspot", "object": "contact"},
    "context": {"external_id": "u1"},
    "record": {"id": "é-42", "score": "7"},
}
RESULT = {
    "inputs": {"id": "é-42", "score": 7},
    "context": {"external_id": "u1"},
    "source": {"slug": "hubspot", "object": "contact"},
    "meta": {
        "id": "e1",
        "operation": "upsert",
        "attempt": 2,
        "key": '100% "42"',
        "traceparent": TRACEPARENT,
    },
}

Answer = tuple[int, Any]
Send = Callable[[Pod, str, Any], Awaitable[Answer]]
"""Sends attributes and data as one event or, as a list, as a batch, in one of the three modes."""


async def post(pod: Pod, headers: dict[str, str], body: bytes) -> Answer:
    assert pod.session is not None
    skip = {"content-type"} - headers.keys()
    async with pod.session.post(pod.root_url, data=body, headers=headers, skip_auto_headers=skip) as response:
        return response.status, await response.json(content_type=None)


async def by_python(pod: Pod, mode: str, given: Any) -> Answer:
    if mode == "batch":
        texts = [JSONFormat().write(event_of(one)) for one in given]  # the SDK has single events only
        return await post(pod, {"content-type": "application/cloudevents-batch+json"}, b"[%b]" % b",".join(texts))
    message = {"binary": to_binary_event, "structured": to_structured_event}[mode](event_of(given))
    return await post(pod, message.headers, message.body)


def event_of(given: dict[str, Any]) -> CloudEvent:
    attributes = {name: value for name, value in given.items() if name != "data"}
    if "time" in attributes:
        attributes["time"] = datetime.fromisoformat(attributes["time"])
    return CloudEvent(attributes, given["data"])


async def by_javascript(pod: Pod, mode: str, given: Any) -> Answer:
    script = await asyncio.to_thread(installed, Path(__file__).parent / "cloudevents")
    process = await asyncio.create_subprocess_exec(
        "node", script / "send.mjs", pod.root_url, mode, stdin=PIPE, stdout=PIPE
    )
    output, _ = await process.communicate(json.dumps(given).encode())
    status, body = json.loads(output)
    return status, body


SENDERS = pytest.mark.parametrize("send", [by_python, by_javascript])


@SENDERS
async def test_an_event_of_an_official_sdk_arrives_as_the_record_that_it_carries(
    start_pod: StartPod, send: Send
) -> None:
    pod = await start_pod(META)
    event = {**ATTRIBUTES, "data": DATA}
    for mode in ("binary", "structured"):
        status, body = await send(pod, mode, event)
        assert status == 200, body
        time = body["result"]["meta"].pop("time")  # each SDK writes the same moment in its own way
        assert datetime.fromisoformat(time) == datetime.fromisoformat(ATTRIBUTES["time"])
        assert body == {"id": "e1", "status": 200, "outcome": "succeeded", "result": RESULT}


@SENDERS
async def test_a_batch_of_an_official_sdk_is_answered_event_by_event(start_pod: StartPod, send: Send) -> None:
    pod = await start_pod(META)
    events = [{**ATTRIBUTES, "id": f"e{number}", "data": DATA} for number in range(20)]
    events[3]["type"] = "com.example.contact.created"
    events[4]["data"] = {"record": {}}
    events[5]["data"] = {**DATA, "record": {}}
    events[6]["type"] = "com.example.contact.delete"
    status, answers = await send(pod, "batch", events)
    assert status == 200
    assert [one["id"] for one in answers] == [f"e{number}" for number in range(20)]
    assert [one["status"] for one in answers] == [200] * 3 + [400, 400, 422] + [200] * 14
    assert [one["errors"][0]["pointer"] for one in answers[3:5]] == ["/type", "/data/source"]
    assert answers[6]["outcome"] == "skipped"


@SENDERS
async def test_a_sender_learns_what_is_wrong_in_the_words_of_its_mode(start_pod: StartPod, send: Send) -> None:
    pod = await start_pod(META)
    bad = {**ATTRIBUTES, "type": "com.example.contact.created", "data": {**DATA, "surprise": 1}}
    for mode, pointers in (("binary", ["ce-type", "/surprise"]), ("structured", ["/type", "/data/surprise"])):
        status, body = await send(pod, mode, bad)
        assert (status, body["code"], body["id"]) == (400, "MalformedRecord", "e1")
        assert [error["pointer"] for error in body["errors"]] == pointers


async def test_a_subject_beyond_ascii_becomes_the_key(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async ({ meta }) => meta.key")
    event = {**ATTRIBUTES, "subject": "Zoë €", "data": DATA}
    assert (await by_python(pod, "binary", event))[1]["result"] == "Zoë €"
    for send in (by_python, by_javascript):  # the latter leaves headers unencoded, which no client would send
        assert (await send(pod, "structured", event))[1]["result"] == "Zoë €"


async def test_bytes_and_data_without_a_content_type_are_taken_as_json(start_pod: StartPod) -> None:
    pod = await start_pod(META)
    attributes = {name: value for name, value in ATTRIBUTES.items() if name != "datacontenttype"}
    for mode in ("binary", "structured"):
        assert (await by_python(pod, mode, {**attributes, "data": DATA}))[0] == 200
    encoded = b64encode(json.dumps(DATA).encode()).decode()
    structured = {**ATTRIBUTES, "data_base64": encoded}
    _, body = await post(pod, {"content-type": "application/cloudevents+json"}, json.dumps(structured).encode())
    assert body["result"]["meta"].pop("time") == ATTRIBUTES["time"]
    assert body["result"] == RESULT


async def test_a_traceparent_reaches_the_function_and_the_log_of_a_record_that_failed(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async ({ meta }) => { throw new Error(meta.traceparent) }")
    other = TRACEPARENT.replace("4", "5")
    headers = {"traceparent": other, "content-type": "application/cloudevents+json"}
    _, answer, _ = await pod.send(record(), {"traceparent": other})
    assert answer["detail"] == other
    _, answer = await post(pod, headers, json.dumps({**ATTRIBUTES, "data": DATA}).encode())
    assert answer["detail"] == TRACEPARENT
    failed = [line["traceparent"] for line in pod.log("dispatcher") if line["message"] == "record failed"]
    assert failed == [other, TRACEPARENT]
    _, answer, _ = await pod.send(record(), {"traceparent": "00-0-0-00"})
    assert answer["detail"] != "00-0-0-00"


async def test_a_broker_of_knative_finds_nothing_in_an_answer_that_it_would_take_for_an_event(
    start_pod: StartPod,
) -> None:
    pod = await start_pod(META)
    message = to_binary_event(event_of({**ATTRIBUTES, "data": DATA}))
    assert pod.session is not None
    headers = {**message.headers, "Prefer": "reply"}
    async with pod.session.post(pod.root_url, data=message.body, headers=headers) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert not [name for name in response.headers if name.lower().startswith("ce-")]


async def test_events_need_a_token_where_records_do(start_pod: StartPod) -> None:
    pod = await start_pod(META, tokens=("a-token",))
    headers = {"content-type": "application/cloudevents+json"}
    body = json.dumps({**ATTRIBUTES, "data": DATA}).encode()
    assert (await post(pod, headers, body))[0] == 401
    assert (await post(pod, {**headers, "authorization": "Bearer a-token"}, body))[0] == 200
