"""The answers to records for which no function is called: the same in a dry run and in earnest. Pure."""

from collections.abc import Iterable

from xkit_operator.dispatcher.intake.records import Malformed, Record
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure
from xkit_operator.dispatcher.outcomes.reply import Reply, problem, skipped
from xkit_operator.mapping.result import InputError


def malformed(found: Malformed) -> Reply:
    """The answer to what is no record."""
    failure = Failure(Code.MALFORMED_RECORD, "; ".join(error.message for error in found.errors))
    errors = [{"code": error.code, "pointer": error.pointer, "message": error.message} for error in found.errors]
    return problem(failure, record_id=found.record_id, errors=errors)


def no_function(record: Record) -> Reply:
    """The answer to a record whose operation this Destination does without."""
    return skipped(f"this Destination has no function for {record.operation}", record_id=record.id)


def not_mapped(record: Record) -> Reply:
    """The answer to a record of a source that has no mapping."""
    source = f"source {record.slug[:80]}" + (f", object {record.object[:80]}" if record.object else "")
    advice = "apply a SourceMapping for it, or see why the one that is there is not Ready"
    failure = Failure(Code.SOURCE_NOT_MAPPED, f"no mapping is served for {source}; {advice}")
    return problem(failure, record_id=record.id)


def not_resolved(record: Record, errors: Iterable[InputError]) -> Reply:
    """The answer to a record that its mapping cannot make inputs of."""
    failure = Failure(Code.MAPPING_FAILED, "; ".join(error.message for error in errors))
    return problem(failure, record_id=record.id, errors=[describe(error) for error in errors])


def describe(error: InputError) -> dict[str, str]:
    """An error of an input, as its sender reads it."""
    return {"input": error.input, "code": error.code, "pointer": error.pointer, "message": error.message}
