"""The mistakes that users make: each is named where they look, what serves goes on, and mending it heals it."""

import re

from tests.e2e.product import SYSTEM, Crm, sample
from tests.waiting import until

REGISTRY = ("--namespace", SYSTEM, "pods", "-l", "app.kubernetes.io/component=registry")
BROKEN = "module.exports = async ({ inputs }) => {\n  const x = ;\n}\n"


def test_a_syntax_error_is_shown_with_line_and_column_while_the_version_before_serves(crm: Crm) -> None:
    good = crm.get("destination", "crm-contacts")["spec"]["functions"]["upsert"]["source"]
    crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": BROKEN}}}})
    message = crm.wait_for("False", "FunctionSyntaxError")
    assert "upsert" in message
    assert re.search(r"line 2, column 1[0-9]", message)
    shown = crm.kubectl("get", "dest", "crm-contacts")
    assert re.search(r"crm-contacts\s+False\s+FunctionSyntaxError", shown)
    assert crm.send(sample("1-hubspot-upsert")).status == 200
    crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": good}}}})
    crm.wait_ready()


def test_a_missing_secret_is_named_and_heals_when_it_appears(crm: Crm) -> None:
    secret = crm.get("secret", "crm-api")
    variable = [{"name": "baseUrl", "value": "http://crm-sink"}]
    variable += [{"name": "apiKey", "valueFrom": {"secretKeyRef": {"name": "crm-api-2", "key": "token"}}}]
    crm.patch("destination", "crm-contacts", {"spec": {"variables": variable}})
    message = crm.wait_for("False", "SecretNotFound")
    assert "crm-api-2" in message
    assert crm.send(sample("1-hubspot-upsert")).status == 200
    copy = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "crm-api-2"}, "data": secret["data"]}
    crm.apply(copy)
    crm.wait_ready()
    assert crm.send(sample("3-hubspot-delete")).status == 200


def test_an_unknown_runtime_is_named_with_those_that_exist(crm: Crm) -> None:
    crm.patch("destination", "crm-contacts", {"spec": {"runtime": "nodejs99"}})
    message = crm.wait_for("False", "UnknownRuntime")
    assert "nodejs99" in message
    assert "nodejs14" in message
    assert crm.send(sample("1-hubspot-upsert")).status == 200
    crm.patch("destination", "crm-contacts", {"spec": {"runtime": "nodejs14"}})
    crm.wait_ready()


def test_a_missing_config_map_is_named_and_heals_when_it_appears(crm: Crm) -> None:
    reference = {"configMapKeyRef": {"name": "crm-settings", "key": "url"}}
    variables = crm.get("destination", "crm-contacts")["spec"]["variables"]
    changed = [{"name": "baseUrl", "valueFrom": reference}, *(one for one in variables if one["name"] != "baseUrl")]
    crm.patch("destination", "crm-contacts", {"spec": {"variables": changed}})
    assert "crm-settings" in crm.wait_for("False", "ConfigMapNotFound")
    crm.kubectl("create", "configmap", "crm-settings", "--from-literal=url=http://crm-sink")
    crm.wait_ready()
    assert crm.send(sample("1-hubspot-upsert")).status == 200


def test_a_registry_that_is_down_is_named_and_the_build_follows_when_it_is_back(crm: Crm, cluster) -> None:
    registry = ("--namespace", SYSTEM, "deployment/xkit-operator-registry")
    cluster.kubectl("scale", "--replicas=0", *registry)
    try:
        # the Deployment counts a Pod no more that still serves
        until("the registry is gone", lambda: cluster.get(*REGISTRY)["items"] == [])
        changed = "module.exports = async () => ({ version: 'two' })\n"
        crm.patch("destination", "crm-contacts", {"spec": {"functions": {"upsert": {"source": changed}}}})
        assert "xkit-operator-registry" in crm.wait_for("False", "RegistryUnreachable")
        assert crm.send(sample("1-hubspot-upsert")).body["result"] == {"status": 200}
    finally:
        cluster.kubectl("scale", "--replicas=1", *registry)
    crm.wait_ready()
    crm.wait_for_result({"version": "two"})


def test_a_mapping_that_does_not_fit_names_every_input_and_leaves_the_destination_up(crm: Crm) -> None:
    entries = [{"name": "id", "static": {"value": 5}}, {"name": "nickname", "direct": {"pointer": "/nick"}}]
    mapping = {
        "apiVersion": "xkit.dev/v1alpha1",
        "kind": "SourceMapping",
        "metadata": {"name": "crm-contacts-pipedrive"},
        "spec": {"destinationRef": {"name": "crm-contacts"}, "source": {"slug": "pipedrive"}, "inputs": entries},
    }
    crm.apply(mapping)
    message = crm.wait_for("False", "MappingDoesNotFit", kind="sourcemapping", name="crm-contacts-pipedrive")
    assert all(name in message for name in ("id", "nickname", "origin", "updatedAt"))
    crm.wait_ready()
