"""A minute of steady traffic while everything happens that a cluster does to Pods on a common day."""

import json
from typing import Any

from tests.e2e.product import Crm, sample
from tests.e2e.traffic import calls_by_attempt, table, traffic
from tests.waiting import until

RATE = 200
SECONDS = 60.0

SOURCE = """
const http = require('http')
const axios = require('axios')
const httpAgent = new http.Agent({ keepAlive: true })
module.exports = async ({ variables, inputs, meta }) => {
  const headers = {
    authorization: `Bearer ${variables.apiKey}`,
    'idempotency-key': `${meta.id} ${meta.attempt}`,
    'x-team': 'VERSION',
  }
  await axios.put(`${variables.baseUrl}/contacts/${inputs.origin}/${inputs.id}`, {}, { headers, httpAgent })
}
"""


def pods(crm: Crm) -> dict[str, bool]:
    """All Pods of the example, those that are leaving too, and whether each is ready and stays."""
    listed = crm.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
    return {pod["metadata"]["name"]: _serves(pod) for pod in listed}


def _serves(pod: dict[str, Any]) -> bool:
    conditions = {one["type"]: one["status"] for one in pod["status"].get("conditions", ())}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]


def edit(crm: Crm, version: str) -> None:
    source = SOURCE.replace("VERSION", version)
    crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": source}}}})


def scale(crm: Crm, replicas: int) -> None:
    crm.kubectl("scale", "destination", "crm-contacts", f"--replicas={replicas}")


def evict(crm: Crm, pod: str) -> None:
    """As `kubectl drain` does it: again and again while the budget, which is counted a moment later, allows none."""
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": crm.namespace}}
    path = f"/api/v1/namespaces/{crm.namespace}/pods/{pod}/eviction"

    def evicted() -> bool:
        created = ("--namespace", crm.namespace, "create", "--raw", path, "-f", "-")
        return bool(crm.cluster.kubectl(*created, input=json.dumps(eviction), check=False).returncode == 0)

    until(f"{pod} is evicted", evicted)


def wait_for_pods(crm: Crm, replicas: int, *, without: set[str]) -> set[str]:
    """Wait until exactly so many Pods serve and nothing is left of those `without`; returns their names."""

    def settled() -> dict[str, bool] | None:
        found = pods(crm)
        return found if len(found) == replicas and all(found.values()) and not without & set(found) else None

    return set(until(f"{replicas} Pods and none of {without}", settled))


def test_no_record_is_lost_or_run_twice_through_a_rollout_an_eviction_and_a_scale_down(crm: Crm) -> None:
    scale(crm, 4)
    edit(crm, "first")
    crm.wait_ready()
    first = wait_for_pods(crm, 4, without=set())

    with traffic(crm, sample("1-hubspot-upsert"), rate=RATE) as load:
        until("records flow", crm.calls)
        with load.phase("rolling update"):
            edit(crm, "second")
            second = wait_for_pods(crm, 4, without=first)
        evicted = min(second)
        with load.phase("eviction"):
            evict(crm, evicted)
            third = wait_for_pods(crm, 4, without={evicted})
        with load.phase("scale down"):
            scale(crm, 2)
            last = wait_for_pods(crm, 2, without=set())
        journal = load.end(after=SECONDS)

    print(f"\n{table(journal, load.phases)}")
    assert not first & second
    assert (evicted in third, len(third - second)) == (False, 1)
    assert last < third
    assert journal.began < min(begins for begins, _ in load.phases.values())
    assert max(ends for _, ends in load.phases.values()) < journal.ended
    assert {call["team"] for call in crm.calls()} == {"first", "second"}

    assert journal.broken("lost") == {}
    assert journal.broken("refused") == {}
    assert journal.unanswered() == []
    assert journal.wrongly_run(calls_by_attempt(crm)) == {}
