"""Health and metrics."""

import asyncio

from xkit_operator.dispatcher.admin.health import Health
from xkit_operator.dispatcher.admin.readiness import READY, START_SECONDS, Readiness
from xkit_operator.dispatcher.http.exchange import Head, Response, Whole
from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.telemetry.metrics import Metrics


async def ask(health: Health, path: bytes, method: bytes = b"GET") -> Response:
    answer = health.admit(Head(method, path, b"", {}))
    assert isinstance(answer, Whole)
    return await answer.answer(b"")


def health_of(metrics: Metrics | None = None, *, readiness: str = READY) -> Health:
    return Health(metrics or Metrics(), readiness=Readiness(lambda: readiness), status=lambda: {"readiness": readiness})


async def test_alive_is_not_ready() -> None:
    health = health_of(readiness="no executor is ready")
    assert (await ask(health, b"/livez")).status == 200
    response = await ask(health, b"/readyz")
    assert (response.status, response.body) == (503, b"no executor is ready\n")
    assert (await ask(health, b"/statusz")).body == b'{"readiness":"no executor is ready"}'
    assert (await ask(health_of(), b"/readyz")).status == 200


async def test_readiness_is_waited_for_until_it_was_there_once() -> None:
    state = "no executor is ready"
    readiness = Readiness(lambda: state)
    health = Health(Metrics(), readiness=readiness, status=dict)
    waiting = asyncio.create_task(ask(health, b"/readyz"))
    await asyncio.sleep(0)
    assert not waiting.done()
    state = READY
    readiness.look()
    assert (await waiting).status == 200
    state = "shutting down"
    async with asyncio.timeout(START_SECONDS / 2):
        assert (await ask(health, b"/readyz")).status == 503


async def test_other_paths_and_methods_are_refused() -> None:
    health = health_of()
    assert (await ask(health, b"/")).status == 404
    assert (await ask(health, b"/livez", b"POST")).status == 405


async def test_what_is_counted_can_be_read() -> None:
    metrics = Metrics()
    metrics.records(1, operation="upsert", source="hubspot", outcome=Outcome.SUCCEEDED, seconds=0.02)
    metrics.mapping_error(source="hubspot", input_name="id", code="NotCoercible")
    metrics.executor_ended("MemoryExceeded")
    metrics.watch(in_flight=lambda: 3, waiting=lambda: 4)
    text = (await ask(health_of(metrics), b"/metrics")).body.decode()
    for line in (
        'xkit_runner_records_total{operation="upsert",outcome="succeeded",source="hubspot"} 1.0',
        'xkit_runner_record_duration_seconds_bucket{le="0.025",operation="upsert"} 1.0',
        'xkit_runner_mapping_errors_total{code="NotCoercible",input="id",source="hubspot"} 1.0',
        'xkit_runner_executor_restarts_total{reason="MemoryExceeded"} 1.0',
        "xkit_runner_records_in_flight 3.0",
        "xkit_runner_records_waiting 4.0",
    ):
        assert line in text.splitlines()
    assert "xkit_runner_process_resident_memory_bytes" in text
