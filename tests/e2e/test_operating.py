"""docs/how-to/operate.md, typed on a cluster."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import SYSTEM, Crm, sample
from tests.e2e.reader import Reader
from tests.pages import DOCS
from tests.waiting import until

RECORD = sample("1-hubspot-upsert")


@pytest.fixture
def reader(story: str, cluster: Any, tmp_path: Path, namespace: str) -> Reader:
    return Reader(DOCS / "how-to" / "operate.md", cluster, tmp_path, namespace=namespace)


def test_the_logs_of_functions_dispatcher_and_operator_are_json_lines(reader: Reader, crm: Crm) -> None:
    assert crm.send(RECORD).status == 200
    lines: list[dict[str, Any]] = []

    def printed() -> bool:
        lines[:] = [json.loads(line) for line in reader.follow("Read the logs").splitlines()]
        return any(str(line["message"]).startswith("the CRM has hubspot") for line in lines)

    # the kubelet gives a line some time after it was written
    until("the line of the function is there", printed)
    assert "serving" in [line["message"] for line in lines]
    assert any(str(line.get("logger")).startswith("xkit_operator.") for line in lines)


def test_what_was_backed_up_serves_again(reader: Reader, crm: Crm) -> None:
    reader.follow("Back up, and restore")
    crm.kubectl("delete", "destinations,sourcemappings", "--all", "--wait")
    reader.follow("Back up, and restore", block=1)
    crm.wait_for("True", "Ready", kind="sourcemapping", name="crm-contacts-hubspot")
    until("the node leads to the runner", crm.reachable)
    until("a record is taken", lambda: crm.send(RECORD).status == 200)


def test_tokens_are_exchanged_while_every_sender_is_heard(reader: Reader, crm: Crm) -> None:
    heading = "Change the tokens of senders"

    def token(name: str) -> str:
        return base64.b64decode(crm.get("secret", "senders")["data"][name]).decode()

    def heard(*names: str) -> list[str]:
        return [name for name in names if crm.send(RECORD, token=token(name)).status == 200]

    reader.follow(heading)
    until("who has no token is refused", lambda: crm.send(RECORD).status == 401)
    assert heard("first") == ["first"]
    reader.follow(heading, block=1)
    until("the second is heard", lambda: heard("second"))
    assert heard("first", "second") == ["first", "second"]
    reader.follow(heading, block=2)
    until("the first is refused", lambda: heard("first", "second") == ["second"])


def test_a_changed_secret_reaches_the_functions_and_no_pod_restarts(reader: Reader, crm: Crm) -> None:
    def restarts() -> dict[str, int]:
        listed = crm.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
        containers = {pod["metadata"]["name"]: pod["status"].get("containerStatuses", ()) for pod in listed}
        return {name: sum(one["restartCount"] for one in statuses) for name, statuses in containers.items()}

    until("the Pods of its first version are gone", lambda: len(restarts()) == 1)
    before = restarts()
    reader.follow("Change a secret that functions use")
    # the CRM of the example knows the old one alone, until it is restarted
    until("the CRM refuses the new one", lambda: crm.send(RECORD).body.get("targetStatus") == 401, seconds=150)
    assert restarts() == before


def test_the_registrys_login_is_made_and_changed_by_the_same_command(reader: Reader, cluster: Any) -> None:
    secret = ("--namespace", SYSTEM, "secret", "registry-login")
    try:
        said = [reader.follow("Change the operator's login to the registry") for _ in range(2)]
        assert said == [f"secret/registry-login {done}\n" for done in ("created", "unchanged")]
        assert cluster.get(*secret)["type"] == "kubernetes.io/dockerconfigjson"
    finally:
        cluster.kubectl("delete", *secret)


def test_every_destination_follows_to_another_registry(reader: Reader, crm: Crm, cluster: Any, as_before: None) -> None:
    node = cluster.get("nodes")["items"][0]["status"]["addresses"][0]["address"]
    pull = cluster.info["registry"]
    push = f"{node}:{pull.rpartition(':')[2]}"
    reader.keep_functions_in({"push": push, "pull": pull, "prefix": "team/functions", "plainHttp": True})
    reader.publish()
    with crm.stream(RECORD, rate=20) as ended:
        reader.follow("Move to another registry")

        def moved() -> bool:
            status = crm.get("destination", "crm-contacts")["status"]
            return str(status["image"]).startswith(f"{pull}/team/functions/")

        until("the image is in the other one", moved)
        crm.wait_ready()
        summary = ended()
    assert summary["lost"] == {}
    assert len(summary["delivered"]) == summary["sent"]
