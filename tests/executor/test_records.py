"""Records through the whole runner: what the function gets, and what the sender gets back."""

from tests.executor.conftest import StartPod
from tests.executor.pod import MAPPING, eventually, record

ECHO = "module.exports = async (call) => call"


async def test_a_record_reaches_the_function_of_its_operation_with_typed_inputs(start_pod: StartPod) -> None:
    upsert = "module.exports = async (call) => ({ called: 'upsert', ...call })"
    delete = "module.exports = async (call) => ({ called: 'delete', ...call })"
    pod = await start_pod(upsert, delete, literals={"baseUrl": "https://api.example.com"}, timeout=30)
    for operation in ("upsert", "delete"):
        sent = record("r1", operation, context={"external_id": "u1"}, connection={"id": "c1"}, key="k", attempt=2)
        sent["record"]["score"] = "7"
        status, body, headers = await pod.send(sent)
        assert (status, headers["content-type"]) == (200, "application/json")
        result = body.pop("result")
        assert body == {"id": "r1", "status": 200, "outcome": "succeeded"}
        assert result["called"] == operation
        assert result["inputs"] == {"id": "r1", "score": 7}
        assert result["variables"] == {"baseUrl": "https://api.example.com"}
        assert (result["context"], result["connection"]) == ({"external_id": "u1"}, {"id": "c1"})
        assert result["source"] == {"slug": "hubspot"}
        meta = {name: result["meta"][name] for name in ("id", "operation", "attempt", "time", "key")}
        assert meta == {"id": "r1", "operation": operation, "attempt": 2, "time": None, "key": "k"}


async def test_every_mapping_error_is_named_and_the_function_is_not_called(start_pod: StartPod) -> None:
    inputs = [{"name": name, "type": kind} for name, kind in (("id", "string"), ("age", "integer"), ("on", "date"))]
    entries = [{"name": name, "direct": {"pointer": f"/{name}"}} for name in ("id", "age", "on")]
    mapping = {"name": "m", "spec": {**MAPPING["spec"], "inputs": entries}}
    pod = await start_pod("let n = 0; module.exports = async () => ++n", inputs=inputs, mappings=(mapping,))
    bad = record()
    bad["record"] = {"age": 1.5, "on": "04/05/2021"}
    status, body, headers = await pod.send(bad)
    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert (body["code"], body["outcome"], body["retryable"]) == ("MappingFailed", "rejected", False)
    assert [(error["input"], error["code"], error["pointer"]) for error in body["errors"]] == [
        ("id", "RequiredInputMissing", "/id"),
        ("age", "NotCoercible", "/age"),
        ("on", "NotADate", "/on"),
    ]
    good = record()
    good["record"] = {"id": "1", "age": 1, "on": "2021-05-04"}
    assert (await pod.send(good))[1]["result"] == 1
    assert await pod.metric('xkit_runner_mapping_errors_total{code="NotADate",input="on",source="hubspot"}') == 1
    logged = [line for line in pod.log("dispatcher") if line["message"] == "record failed"]
    assert "04/05/2021" not in str(logged)
    assert logged[0]["errors"][2] == {"input": "on", "code": "NotADate"}


async def test_a_batch_answers_in_order_and_a_bad_record_never_fails_its_neighbours(start_pod: StartPod) -> None:
    upsert = """
        module.exports = async ({ inputs }) => {
          await new Promise((done) => setTimeout(done, Math.random() * 20))
          if (inputs.score === 13) throw new ValidationError('unlucky')
          return inputs.id
        }"""
    pod = await start_pod(upsert)
    records = [record(f"r{number}") for number in range(200)]
    records[7]["record"]["score"] = 13
    records[8]["surprise"] = True
    records[9]["source"] = {"slug": "unheard-of"}
    records[10]["operation"] = "delete"
    status, results, _ = await pod.send(records)
    assert status == 200
    assert [result["id"] for result in results] == [f"r{number}" for number in range(200)]
    assert [result.get("code") for result in results[7:10]] == ["ValidationError", "MalformedRecord", "SourceNotMapped"]
    assert [result["outcome"] for result in results[7:11]] == ["rejected", "malformed", "rejected", "skipped"]
    assert all(result.get("result") == result["id"] for result in results[:7] + results[11:])


async def test_records_of_one_key_run_one_after_the_other(start_pod: StartPod) -> None:
    upsert = """
        const running = new Set(); const seen = []
        module.exports = async ({ inputs, meta }) => {
          if (running.has(meta.key)) throw new Error('two at once')
          running.add(meta.key); seen.push(inputs.id)
          await new Promise((done) => setTimeout(done, 2))
          running.delete(meta.key)
          return seen
        }"""
    pod = await start_pod(upsert)
    records = [record(f"{number}", key=f"k{number % 3}") for number in range(60)]
    _, results, _ = await pod.send(records)
    assert [result.get("code") for result in results] == [None] * 60
    for key in range(3):
        in_order = [f"{number}" for number in range(60) if number % 3 == key]
        assert [seen for seen in results[-1]["result"] if seen in in_order] == in_order[: len(in_order)]


async def test_texts_that_were_cut_within_a_character_arrive_as_they_were_sent(start_pod: StartPod) -> None:
    pod = await start_pod(
        "module.exports = async ({ inputs, context }) => [inputs.id.charCodeAt(1), context.x.charCodeAt(0)]"
    )
    sent = record(context={"x": "\ud83d"})
    sent["record"]["id"] = "a\ud83d"
    assert (await pod.send(sent))[1]["result"] == [0xD83D, 0xD83D]


async def test_a_changed_secret_reaches_the_function_without_a_restart(start_pod: StartPod) -> None:
    pod = await start_pod("module.exports = async ({ variables }) => variables.key.length", secrets={"key": "one \n"})
    assert (await pod.send(record()))[1]["result"] == 5
    pod.write_variables({"key": "another"}, version="2")

    async def is_new() -> bool:
        return bool((await pod.send(record()))[1]["result"] == 7)

    await eventually(is_new, "the new value arrives")
    assert await pod.metric('xkit_runner_executor_restarts_total{reason="Exited"}') == 0


async def test_a_secret_leaves_in_no_result_error_or_line(start_pod: StartPod) -> None:
    upsert = """
        module.exports = async ({ variables }) => {
          console.log(variables.key)
          if (variables.fail) throw new Error(`refused: ${variables.key}`)
          return { key: variables.key }
        }"""
    for fail in (False, True):
        pod = await start_pod(upsert, secrets={"key": "s3cr3t-t0ken"}, literals={"fail": fail})
        _, body, _ = await pod.send(record())
        assert "s3cr3t-t0ken" not in str(body)
        assert "***" in str(body)
        assert "s3cr3t-t0ken" not in str(pod.log("dispatcher") + pod.log("function"))
