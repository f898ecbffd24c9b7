"""Sends the sample records to the runner as a sync engine would, and reads what the sink has received."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from dev.up.example import DIRECTORY, NAMESPACE, kubectl
from dev.up.failure import StepFailed
from dev.up.portforward import port_forward
from dev.up.target import Target
from dev.up.terminal import Terminal

SAMPLES = ("1-hubspot-upsert.json", "2-salesforce-upsert.json", "3-hubspot-delete.json")
TIMEOUT = 60.0
"""Seconds until the sink's lines must be in its log; the calls themselves have been answered by then."""


def send(terminal: Terminal, target: Target) -> None:
    """Send the samples, one POST each, and show the calls that the sink received for them."""
    before = len(_calls(target))
    with port_forward(target, namespace=NAMESPACE, service="crm-contacts", port=80) as port:
        for name in SAMPLES:
            answer = post(port, Path(DIRECTORY, "samples", name).read_bytes())
            terminal.say(f"POST /v1/records  {name}: {answer['outcome']} {json.dumps(answer.get('result'))}")
            if answer["outcome"] != "succeeded":
                raise StepFailed(f"{name} was not delivered", evidence=json.dumps(answer, indent=2).splitlines())
    received = _received(target, after=before)
    terminal.say(f"the sink has received {len(received)} calls:")
    for call in received:
        terminal.show([f"{call['method']} {call['path']}   team {call['team']}, record {call['record']}"])
        if call["body"] is not None:
            terminal.show(f"  {line}" for line in json.dumps(call["body"], indent=2).splitlines())


def post(port: int, body: bytes) -> dict[str, Any]:
    """POST one record to the runner. Returns its answer, whatever its status."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/records", data=body, headers={"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the scheme is written above
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        refusal: dict[str, Any] = json.load(error)
        return {"outcome": f"{error.code} {error.reason}"} | refusal
    except OSError as error:
        raise StepFailed(f"The runner does not answer on port {port}: {error}") from error
    return answer


def _calls(target: Target) -> list[dict[str, Any]]:
    return [json.loads(line) for line in kubectl(target, "logs", "deployment/crm-sink").splitlines()]


def _received(target: Target, *, after: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + TIMEOUT
    while len(calls := _calls(target)[after:]) < len(SAMPLES):
        if time.monotonic() > deadline:
            raise StepFailed(f"The sink shows {len(calls)} of {len(SAMPLES)} calls, although all were answered")
        time.sleep(0.2)
    return calls
