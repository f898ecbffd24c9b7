"""The work measured: a record of one kilobyte with ten inputs, a function that answers at once, one that calls."""

import json
from typing import Any

INPUTS: list[dict[str, Any]] = [{"name": f"i{number}", "type": "string"} for number in range(9)]
INPUTS.append({"name": "id", "type": "number"})

MAPPING: dict[str, Any] = {
    "name": "bench",
    "spec": {
        "destinationRef": {"name": "bench"},
        "source": {"slug": "hubspot"},
        "inputs": [
            *({"name": f"i{number}", "direct": {"pointer": f"/field{number}"}} for number in range(9)),
            {"name": "id", "direct": {"pointer": "/id"}},
        ],
    },
}

FUNCTION = "module.exports = async ({ inputs }) => ({ ok: true, id: inputs.id })\n"

CALLING_FUNCTION = """
const axios = require('axios');
const http = require('http');
const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true }) });
module.exports = async ({ variables, inputs }) => {
  const { data } = await client.get(variables.baseUrl);
  return { ok: data.ok, id: inputs.id };
};
"""

RECORD: dict[str, Any] = {
    "id": "bench-1",
    "operation": "upsert",
    "source": {"slug": "hubspot"},
    "connection": {"id": "connection-1"},
    "context": {"external_id": "team-42"},
    "record": {"id": 512, **{f"field{number}": "x" * 75 for number in range(10)}},
}
SINGLE = json.dumps(RECORD).encode()
BATCH = json.dumps([RECORD] * 100).encode()
