"""Records through the whole runner: what the function gets, and what the sender gets back."""

from tests.executor.conftest import StartPod
from tests.executor.pod import record

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
