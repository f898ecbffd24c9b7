"""Scaling, changing and deleting a Destination that is in use."""

from tests.e2e.product import Crm, sample
from tests.waiting import until

SECOND = """
const axios = require('axios')
module.exports = async ({ variables, inputs, meta }) => {
  const headers = { authorization: `Bearer ${variables.apiKey}`, 'idempotency-key': meta.id, 'x-team': 'two' }
  await axios.put(`${variables.baseUrl}/contacts/${inputs.origin}/${inputs.id}`, {}, { headers })
  return { version: 'two' }
}
"""


def pods(crm: Crm) -> list[str]:
    listed = crm.get("pods", "-l", "xkit.dev/destination=crm-contacts")["items"]
    return [pod["metadata"]["name"] for pod in listed if "deletionTimestamp" not in pod["metadata"]]


def test_kubectl_scale_gives_that_many_pods(crm: Crm) -> None:
    crm.kubectl("scale", "dest", "crm-contacts", "--replicas=3")
    crm.wait_ready()
    until("three Pods are ready", lambda: crm.get("destination", "crm-contacts")["status"].get("readyReplicas") == 3)
    assert len(pods(crm)) == 3
    assert crm.send(sample("1-hubspot-upsert")).status == 200


def test_editing_a_function_under_a_steady_stream_loses_no_record(crm: Crm) -> None:
    before = set(pods(crm))
    with crm.stream(sample("1-hubspot-upsert"), rate=50) as ended:
        until("records flow", lambda: len(crm.calls()) > 20)
        crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": SECOND}}}})
        crm.wait_ready()
        until("the new version serves", lambda: crm.calls()[-1]["team"] == "two")
        until("the old Pod is gone", lambda: not before & set(pods(crm)))
        summary = ended()
    assert summary["lost"] == {}
    assert len(summary["delivered"]) == summary["sent"]
    until("all that was delivered has arrived", lambda: set(summary["delivered"]) <= set(crm.call_counts()))
    arrived = crm.call_counts()
    # run twice only where a retryable answer came in between
    twice = [one for one, count in arrived.items() if count > 1]
    assert len(twice) <= sum(count for status, count in summary["answers"].items() if status != "200")


def test_deleting_a_destination_leaves_nothing_behind(crm: Crm) -> None:
    crm.kubectl("delete", "destination", "crm-contacts", "--timeout=30s")

    def left() -> list[str]:
        kinds = "deployments,replicasets,pods,services,configmaps,serviceaccounts,endpointslices"
        listed = crm.get(kinds, "-l", "xkit.dev/destination=crm-contacts")["items"]
        return [f"{one['kind']}/{one['metadata']['name']}" for one in listed]

    until("no child is left", lambda: left() == [])
    message = crm.wait_for("False", "DestinationNotFound", kind="sourcemapping", name="crm-contacts-hubspot")
    assert "crm-contacts" in message
