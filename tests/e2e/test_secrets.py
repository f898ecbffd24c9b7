"""Whatever comes out of the product is searched for what must not: values of Secrets, tokens, values of records."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from tests.e2e.product import SYSTEM, Crm, sample
from tests.operator.stored import Stored
from tests.waiting import until

KEY, TOKEN, VALUE = "c4n4ry-key-51c1", "c4n4ry-token-77ab", "c4n4ry-value-9e02"
LEAKY = """
module.exports = async ({ variables, inputs }) => {
  console.log(`asked with ${variables.apiKey}`, variables)
  throw new Error(`refused: ${variables.apiKey}`)
}
"""
RECORD = sample("1-hubspot-upsert") | {"id": "canary"}
RECORD["record"]["properties"]["firstname"] = VALUE
RUNNER = "xkit.dev/destination=crm-contacts"


def leak(crm: Crm) -> list[Any]:
    """Give the Destination a secret that it prints and throws, and a token, and send records; the answers."""
    for name, value in (("canary", KEY), ("sender", TOKEN)):
        crm.kubectl("create", "secret", "generic", name, f"--from-literal=text={value}")
    variables = crm.get("destination", "crm-contacts")["spec"]["variables"]
    canary = {"name": "apiKey", "valueFrom": {"secretKeyRef": {"name": "canary", "key": "text"}}}
    spec = {
        "variables": [one for one in variables if one["name"] != "apiKey"] + [canary],
        "auth": {"tokens": [{"secretKeyRef": {"name": "sender", "key": "text"}}]},
        "functions": {"upsert": {"source": LEAKY}},
    }
    crm.patch("destination", "crm-contacts", {"spec": spec})
    crm.wait_ready()
    until("the new version answers", lambda: crm.send(RECORD).status == 401)
    until("the Pods of the version before are gone", lambda: len(crm.get("pods", "-l", RUNNER)["items"]) == 1)
    broken = RECORD | {"record": {"properties": {"firstname": VALUE}}}
    tokens = (TOKEN, f"not-{TOKEN}"[:9])
    answers = [crm.send(record, token=token).body for record in (RECORD, broken) for token in tokens]
    until("the kubelet has the lines", lambda: all(line in logs(crm) for line in ("asked with ***", "MappingFailed")))
    return answers


def logs(crm: Crm) -> str:
    """Of the runner."""
    return crm.kubectl("logs", "-l", RUNNER, "--all-containers", "--prefix", "--tail=-1")


def emitted(crm: Crm, cluster: Any) -> Iterator[tuple[str, str]]:
    """All that anybody can read who may not read Secrets: where it is, and its text."""
    listed = cluster.kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name").stdout.split()
    kinds = ",".join(sorted(set(listed) - {"secrets"}))
    yield "objects", crm.kubectl("get", kinds, "-o", "yaml", "--show-managed-fields")
    yield "kinds", cluster.kubectl("get", "crds", "-o", "yaml").stdout
    yield "runner's logs", logs(crm)
    for component in ("operator", "registry"):
        selector = f"app.kubernetes.io/component={component}"
        asked = ("logs", "--namespace", SYSTEM, "-l", selector, "--all-containers", "--tail=-1")
        yield f"logs of the {component}", cluster.kubectl(*asked).stdout
    operator = cluster.get("--namespace", SYSTEM, "pods", "-l", "app.kubernetes.io/component=operator")["items"]
    for pod, port, paths in (
        *((pod, 8080, ("metrics", "healthz")) for pod in operator),
        *((pod, 9090, ("metrics", "statusz", "readyz")) for pod in crm.get("pods", "-l", RUNNER)["items"]),
    ):
        for path in paths:
            where = (
                f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}:{port}/proxy/{path}"
            )
            yield where, cluster.kubectl("get", "--raw", where).stdout
    image = Stored(crm.get("destination", "crm-contacts")["status"]["image"])
    yield "manifest", json.dumps(image.manifest)
    for digest in image.blobs:
        content = image.content(digest)
        yield digest, (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("latin-1")


def test_secrets_tokens_and_values_of_records_are_nowhere(crm: Crm, cluster: Any) -> None:
    answers = leak(crm)
    texts = [("answers", json.dumps(answers)), *emitted(crm, cluster)]
    found = [(where, canary) for where, text in texts for canary in (KEY, TOKEN, VALUE) if canary in text]
    assert found == []
    # they have been where they might have leaked from
    said = dict(texts)
    assert [one["detail"] for one in answers if one.get("code") == "FunctionError"] == ["refused: ***"]
    assert "asked with ***" in said["runner's logs"]
    assert "MappingFailed" in said["runner's logs"]
    assert all(text for text in said.values())
