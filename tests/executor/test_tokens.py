"""Who may send records, on the real runner."""

from tests.executor.conftest import StartPod
from tests.executor.pod import eventually, record

ECHO = "module.exports = async ({ inputs }) => inputs.id"


async def test_only_a_sender_with_a_token_is_heard(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, tokens=("first-token", "second-token\n"))
    status, body, headers = await pod.send(record())
    assert (status, body["code"], body["retryable"]) == (401, "Unauthorized", False)
    assert "spec.auth.tokens" in body["detail"]
    assert headers["www-authenticate"] == "Bearer"
    assert (await pod.send(record(), {"authorization": "Bearer third-token"}))[0] == 401
    for token in ("first-token", "second-token"):
        assert (await pod.send(record(), {"authorization": f"Bearer {token}"}))[0] == 200
    assert "token" not in (pod.folder / "dispatcher.log").read_text()


async def test_a_token_is_replaced_without_a_restart(start_pod: StartPod) -> None:
    pod = await start_pod(ECHO, tokens=("old-token",))
    pod.write_tokens(("new-token",))

    async def renewed() -> bool:
        return (await pod.send(record(), {"authorization": "Bearer new-token"}))[0] == 200

    await eventually(renewed, "the new token is accepted")
    assert (await pod.send(record(), {"authorization": "Bearer old-token"}))[0] == 401
