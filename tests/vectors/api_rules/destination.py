"""A Destination as a whole, who may send to it, and how much of it there is."""

from tests.vectors.api_rules.rule import ABSENT, DESTINATION, rules

_SECRET = {"secretKeyRef": {"name": "crm-api", "key": "token"}}
_CONFIG_MAP = {"configMapKeyRef": {"name": "crm-api", "key": "url"}}

DESTINATION_RULES = rules(
    DESTINATION,
    ("the name is a DNS label", {"metadata.name": "c" * 63}, {"metadata.name": "c" * 64}, "metadata.name"),
    ("the name begins with a letter", {"metadata.name": "a1"}, {"metadata.name": "1a"}, "metadata.name"),
    ("a spec is required", {}, {"spec": ABSENT}, "spec: Required value"),
    ("unknown fields are refused", {}, {"spec.replicass": 2}, 'unknown field "spec.replicass"'),
    (
        "unknown fields of parts are refused",
        {},
        {"spec.inputs.0.format": "email"},
        'unknown field "spec.inputs[0].format"',
    ),
    (
        "type is of a closed set",
        {"spec.type": "Function"},
        {"spec.type": "Webhook"},
        "spec.type: Unsupported value",
    ),
    ("runtime is a name, known or not", {"spec.runtime": "nodejs99"}, {"spec.runtime": "Node 14"}, "spec.runtime"),
    ("paused is true or false", {"spec.paused": True}, {"spec.paused": "yes"}, "spec.paused"),
    (
        "auth has tokens",
        {"spec.auth": {"tokens": [_SECRET]}},
        {"spec.auth": {}},
        "spec.auth.tokens: Required value",
    ),
    (
        "auth has at least one token: an empty list would not say who may send",
        {"spec.auth": {"tokens": [_SECRET]}},
        {"spec.auth": {"tokens": []}},
        "spec.auth.tokens",
    ),
    (
        "at most 20 tokens",
        {"spec.auth": {"tokens": [_SECRET] * 20}},
        {"spec.auth": {"tokens": [_SECRET] * 21}},
        "must have at most 20 items",
    ),
    (
        "a token is in a Secret",
        {"spec.auth": {"tokens": [_SECRET, {"secretKeyRef": {"name": "next", "key": "token"}}]}},
        {"spec.auth": {"tokens": [_CONFIG_MAP]}},
        "spec.auth.tokens[0]",
    ),
    (
        "a token says where it is",
        {"spec.auth": {"tokens": [_SECRET]}},
        {"spec.auth": {"tokens": [{}]}},
        "spec.auth.tokens[0].secretKeyRef: Required value",
    ),
    (
        "a token names the key of its Secret",
        {"spec.auth": {"tokens": [_SECRET]}},
        {"spec.auth": {"tokens": [{"secretKeyRef": {"name": "crm-api"}}]}},
        "spec.auth.tokens[0].secretKeyRef.key: Required value",
    ),
    ("replicas may be none", {"spec.replicas": 0}, {"spec.replicas": -1}, "spec.replicas"),
    ("replicas are at most 1000", {"spec.replicas": 1000}, {"spec.replicas": 1001}, "spec.replicas"),
    ("replicas are a whole number", {"spec.replicas": 2}, {"spec.replicas": "2"}, "spec.replicas"),
    (
        "revisionHistoryLimit may be none",
        {"spec.revisionHistoryLimit": 0},
        {"spec.revisionHistoryLimit": -1},
        "spec.revisionHistoryLimit",
    ),
    (
        "revisionHistoryLimit is at most 20",
        {"spec.revisionHistoryLimit": 20},
        {"spec.revisionHistoryLimit": 21},
        "spec.revisionHistoryLimit",
    ),
    (
        "the name of a runtime has at most 63 characters",
        {"spec.runtime": "n" * 63},
        {"spec.runtime": "n" * 64},
        "runtime",
    ),
    ("there is nothing beside spec", {}, {"specs": {}}, 'unknown field "specs"'),
    (
        "fields are spelled in camelCase",
        {"spec.revisionHistoryLimit": 3},
        {"spec.revision_history_limit": 3},
        'unknown field "spec.revision_history_limit"',
    ),
    (
        "a null is no value, and the default takes its place",
        {"spec.replicas": None},
        {"spec.functions": None},
        "spec.functions: Required value",
    ),
    (
        "a null is no value in lists of objects, too",
        {"spec.inputs.0.optional": None},
        {"spec.inputs.0.type": None},
        "spec.inputs[0].type: Required value",
    ),
    ("a null makes no field known", {"spec.auth": None}, {"spec.auths": None}, 'unknown field "spec.auths"'),
    (
        "metadata may hold the nulls that generators of manifests leave",
        {"metadata": {"name": "crm", "creationTimestamp": None, "annotations": {"a": None}}},
        {"metadata": {"name": None}},
        "metadata.name: Required value",
    ),
    ("a number may have a fraction of nothing", {"spec.replicas": 2.0}, {"spec.replicas": 2.5}, "spec.replicas"),
)
