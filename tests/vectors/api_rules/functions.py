"""The functions of a Destination."""

from typing import Any

from tests.vectors.api_rules.rule import ABSENT, DESTINATION, rules

_SECRET = {"secretKeyRef": {"name": "crm-api", "key": "token"}}
_SOURCE = {"source": "export default async () => {}"}
_SOURCE_FROM = {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions", "key": "upsert.js"}}}


def _needing(count: int, *, declared: int) -> dict[str, Any]:
    names = [f"input{number}" for number in range(count)]
    inputs = [{"name": name, "type": "string"} for name in names[:declared]]
    return {"inputs": inputs, "functions": {"delete": {**_SOURCE, "inputs": names}}}


FUNCTION_RULES = rules(
    DESTINATION,
    ("functions are required", {}, {"spec.functions": ABSENT}, "spec.functions: Required value"),
    (
        "one function is enough",
        {"spec.functions": {"delete": _SOURCE}},
        {"spec.functions": {}},
        "at least one of upsert, delete must be given",
    ),
    (
        "upsert and delete are the functions",
        {"spec.functions.delete": _SOURCE},
        {"spec.functions.update": _SOURCE},
        'unknown field "spec.functions.update"',
    ),
    (
        "a function has a source",
        {"spec.functions.upsert": _SOURCE},
        {"spec.functions.upsert": {}},
        "exactly one of source, sourceFrom must be given",
    ),
    (
        "a function may be read from a ConfigMap instead",
        {"spec.functions.upsert": _SOURCE_FROM},
        {"spec.functions.upsert": {**_SOURCE, **_SOURCE_FROM}},
        "exactly one of source, sourceFrom must be given",
    ),
    (
        "the delete function has one source, too",
        {"spec.functions.delete": {**_SOURCE_FROM, "inputs": ["id"], "moduleType": "CommonJS"}},
        {"spec.functions.delete": {**_SOURCE, **_SOURCE_FROM}},
        "exactly one of source, sourceFrom must be given",
    ),
    (
        "sourceFrom names a ConfigMap",
        {"spec.functions.upsert": _SOURCE_FROM},
        {"spec.functions.upsert": {"sourceFrom": {}}},
        "spec.functions.upsert.sourceFrom.configMapKeyRef: Required value",
    ),
    (
        "a function is not read from a Secret",
        {"spec.functions.upsert": _SOURCE_FROM},
        {"spec.functions.upsert": {"sourceFrom": {**_SOURCE_FROM["sourceFrom"], **_SECRET}}},
        'unknown field "spec.functions.upsert.sourceFrom.secretKeyRef"',
    ),
    (
        "sourceFrom names a key",
        {"spec.functions.upsert": _SOURCE_FROM},
        {"spec.functions.upsert": {"sourceFrom": {"configMapKeyRef": {"name": "crm-functions"}}}},
        "spec.functions.upsert.sourceFrom.configMapKeyRef.key: Required value",
    ),
    (
        "a source is not empty",
        {"spec.functions.upsert.source": ";"},
        {"spec.functions.upsert.source": ""},
        "spec.functions.upsert.source",
    ),
    (
        "a source has at most 131,072 characters",
        {"spec.functions.upsert.source": "€" * 131_072},
        {"spec.functions.upsert.source": "x" * 131_073},
        "spec.functions.upsert.source",
    ),
    *(
        (
            f"{one} is a module type",
            {"spec.functions.upsert.moduleType": one},
            {"spec.functions.upsert.moduleType": one.lower()},
            "spec.functions.upsert.moduleType: Unsupported value",
        )
        for one in ("Auto", "CommonJS", "ESModule")
    ),
    (
        "the delete function has a module type, too",
        {"spec.functions.delete": {**_SOURCE, "moduleType": "ESModule"}},
        {"spec.functions.delete": {**_SOURCE, "moduleType": "Module"}},
        "spec.functions.delete.moduleType: Unsupported value",
    ),
    (
        "a delete names declared inputs",
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id", "email"]}},
        "functions.delete.inputs may name declared inputs only",
    ),
    (
        "a delete may need no input; it names each once",
        {"spec.functions.delete": {**_SOURCE, "inputs": []}},
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id", "id"]}},
        "Duplicate value",
    ),
    (
        "a delete names inputs by names that they can have",
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
        {"spec.functions.delete": {**_SOURCE, "inputs": ["i.d"]}},
        "spec.functions.delete.inputs[0]",
    ),
    (
        "an upsert gets all inputs",
        {"spec.functions.upsert": _SOURCE},
        {"spec.functions.upsert.inputs": ["id"]},
        'unknown field "spec.functions.upsert.inputs"',
    ),
    (
        "the source of the delete function is not empty",
        {"spec.functions.delete": {"source": ";"}},
        {"spec.functions.delete": {"source": ""}},
        "spec.functions.delete.source",
    ),
    (
        "the source of the delete function has at most 131,072 characters",
        {"spec.functions.delete": {"source": "x" * 131_072}},
        {"spec.functions.delete": {"source": "x" * 131_073}},
        "spec.functions.delete.source: Too long",
    ),
    (
        "sourceFrom of the delete function names a ConfigMap",
        {"spec.functions.delete": _SOURCE_FROM},
        {"spec.functions.delete": {"sourceFrom": {}}},
        "spec.functions.delete.sourceFrom.configMapKeyRef: Required value",
    ),
    (
        "a delete names at most 100 inputs",
        {"spec": _needing(100, declared=100)},
        {"spec": _needing(101, declared=100)},
        "spec.functions.delete.inputs: Too many",
    ),
    (
        "a delete names inputs of at most 63 characters",
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
        {"spec.functions.delete": {**_SOURCE, "inputs": ["i" * 64]}},
        "spec.functions.delete.inputs[0]: Too long",
    ),
    (
        "a delete names no input of a reserved name",
        {"spec.functions.delete": {**_SOURCE, "inputs": ["id"]}},
        {"spec.functions.delete": {**_SOURCE, "inputs": ["constructor"]}},
        "names that JavaScript keeps for itself",
    ),
)
