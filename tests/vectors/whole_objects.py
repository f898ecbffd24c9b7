"""Objects that use, together, every field that authors can write."""

from typing import Any

from tests.vectors.api_rules import changed

_SECRET = {"secretKeyRef": {"name": "crm-api", "key": "token"}}
_CONFIG_MAP = {"configMapKeyRef": {"name": "crm.urls", "key": "base-url"}}
_SOURCE = "module.exports = async () => {}"

_DESTINATION: dict[str, Any] = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "Destination",
    "metadata": {"name": "crm-contacts"},
    "spec": {
        "type": "Function",
        "runtime": "nodejs14",
        "variables": [
            {"name": "baseUrl", "value": {"eu": "https://eu.api.example.com", "other": None}},
            {"name": "apiKey", "valueFrom": _SECRET},
            {"name": "fallbackUrl", "valueFrom": _CONFIG_MAP},
        ],
        "inputs": [
            {"name": "id", "type": "string", "description": "Id of the contact"},
            {"name": "score", "type": "integer", "optional": True, "onInvalid": "Null"},
            {"name": "tags", "type": "array", "items": {"type": "string"}, "optional": False, "onInvalid": "Fail"},
        ],
        "functions": {
            "upsert": {"source": _SOURCE, "moduleType": "CommonJS"},
            "delete": {"sourceFrom": _CONFIG_MAP, "moduleType": "Auto", "inputs": ["id", "tags"]},
        },
        "limits": {"timeout": "1m30s", "concurrency": 20, "memory": "256Mi", "cpu": "500m"},
        "auth": {"tokens": [_SECRET, {"secretKeyRef": {"name": "next", "key": "token"}}]},
        "replicas": 2,
        "autoscaling": {
            "minReplicas": 2,
            "maxReplicas": 10,
            "targetCPUUtilizationPercentage": 60,
            "metrics": [{"type": "Pods", "pods": {"metric": {"name": "records"}}}],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}},
        },
        "network": {
            "ingress": [{"from": [{"podSelector": {}}]}],
            "egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}],
        },
        "pod": {
            "resources": {
                "dispatcher": {"requests": {"cpu": "50m"}, "limits": {"memory": "1Gi"}},
                "function": {"requests": {"cpu": "100m", "memory": "128Mi"}},
            },
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "spot", "operator": "Exists"}],
            "affinity": {"podAntiAffinity": {}},
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}],
            "annotations": {"scrape": "true"},
            "labels": {"team": "sync"},
            "imagePullSecrets": [{"name": "registry"}, {"name": "registry-2"}],
            "priorityClassName": "high",
            "runtimeClassName": "gvisor",
            "serviceAccountName": "crm",
        },
        "paused": False,
        "revisionHistoryLimit": 3,
    },
}

_SOURCE_MAPPING: dict[str, Any] = {
    "apiVersion": "xkit.dev/v1alpha1",
    "kind": "SourceMapping",
    "metadata": {"name": "crm-contacts-hubspot"},
    "spec": {
        "destinationRef": {"name": "crm-contacts"},
        "source": {"slug": "hubspot", "object": "contact"},
        "inputs": [
            {"name": "id", "direct": {"pointer": "/id"}},
            {"name": "origin", "static": {"value": ["hubspot", None]}},
            {
                "name": "email",
                "find": {
                    "pointer": "/emails",
                    "where": {"property": "primary", "equals": True},
                    "extract": "/address",
                },
                "default": "unknown@example.com",
            },
            {"name": "tags", "collect": {"pointer": "/labels", "extract": "/name"}, "default": []},
            {"name": "updatedAt", "date": {"pointer": "/updated", "unit": "Milliseconds"}},
            {"name": "owner", "empty": {}},
        ],
    },
}

WHOLE_DESTINATIONS = [
    _DESTINATION,
    changed(
        _DESTINATION,
        {
            "spec.functions.upsert": {"sourceFrom": _CONFIG_MAP, "moduleType": "ESModule"},
            "spec.functions.delete": {"source": _SOURCE, "inputs": []},
        },
    ),
]
WHOLE_SOURCE_MAPPINGS = [_SOURCE_MAPPING]
