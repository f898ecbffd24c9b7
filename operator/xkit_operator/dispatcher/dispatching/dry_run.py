"""What the mapping makes of a record, input by input, for whoever asks before sending it. No function is called.

Nothing is counted or logged, and no executor is needed: a dry run leaves no trace. A record that would be refused gets
the answer that it would get in earnest, with the inputs beside it once a mapping is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from xkit_operator.dispatcher import json_text
from xkit_operator.dispatcher.dispatching.mappings import Mappings, ServedMapping
from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.intake.refusals import describe, malformed, not_resolved
from xkit_operator.dispatcher.outcomes.outcome import Outcome
from xkit_operator.dispatcher.outcomes.reply import Reply
from xkit_operator.mapping.explain import Explainer, Explanation, compile_explainer

if TYPE_CHECKING:
    from xkit_operator.api.destination import Operation


class DryRun:
    """Answers what would become of records."""

    def __init__(self, mappings: Mappings) -> None:
        self._mappings = mappings
        self._explainers: dict[tuple[Operation, str], Explainer] = {}  # most runners are never asked

    def reply(self, record: Record | Malformed) -> Reply:
        """The answer for one record."""
        if isinstance(record, Malformed):
            return malformed(record)
        mapping = self._mappings.find(record)
        if isinstance(mapping, Reply):
            return mapping
        explanations = self._explainer(record.operation, mapping)(record.record)
        errors = [error for explanation in explanations for error in explanation.errors]
        reply = not_resolved(record, errors) if errors else _mapped(record)
        more = json_text.dump({"mapping": mapping.name, "inputs": [described(one) for one in explanations]})
        return replace(reply, body=b"%b,%b" % (reply.body[:-1], more[1:]))

    def _explainer(self, operation: Operation, mapping: ServedMapping) -> Explainer:
        found = self._explainers.get((operation, mapping.name))
        if found is None:
            found = compile_explainer(mapping.spec, mapping.inputs)
            self._explainers[operation, mapping.name] = found
        return found


def _mapped(record: Record) -> Reply:
    body = {"id": record.id, "status": 200, "outcome": Outcome.MAPPED}
    return Reply(200, Outcome.MAPPED, json_text.dump(body))


def described(explanation: Explanation) -> dict[str, Any]:
    """One input, as JSON tells of it."""
    return {
        "input": explanation.input,
        "type": explanation.type,
        "transformation": explanation.transformation,
        "origin": explanation.origin,
        "value": explanation.value,
        "pointer": explanation.pointer,
        "errors": [describe(error) for error in explanation.errors],
        "nulled": [describe(error) for error in explanation.nulled],
        "seen": explanation.seen,
    }
