from typing import Any

import pytest

from xkit_operator.api.destination import Destination


@pytest.fixture
def destination() -> Destination:
    return make_destination()


def make_destination(**spec: Any) -> Destination:
    """A Destination as the API server gives it; `spec` replaces parts."""
    full = {
        "inputs": [{"name": "id", "type": "string"}],
        "functions": {"upsert": {"source": "module.exports = async () => 1"}},
        "variables": [
            {"name": "baseUrl", "value": "https://api.example.com"},
            {"name": "apiKey", "valueFrom": {"secretKeyRef": {"name": "crm-api", "key": "token"}}},
            {"name": "region", "valueFrom": {"configMapKeyRef": {"name": "crm", "key": "region"}}},
        ],
    }
    metadata = {"name": "crm", "namespace": "team-a", "uid": "u1", "generation": 1, "labels": {"theirs": "x"}}
    return Destination.parse({"metadata": metadata, "spec": full | spec})
