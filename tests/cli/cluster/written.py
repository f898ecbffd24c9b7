"""Lines of containers, as an API server gives them with timestamps, and containers' own words in them."""

import json
from typing import Any


def stamped(second: float, text: str) -> str:
    """`text`, received `second` seconds after nine."""
    return f"2026-11-26T09:00:{second:012.9f}Z {text}"


def printed(second: float, message: str, *, record: str | None = "r1", source: str | None = "hubspot") -> str:
    """What a function prints."""
    return _line(second, message=message, level="info", record=record, operation="upsert", source=source)


def failed(second: float, *, record: str = "r2", source: str = "hubspot", outcome: str = "rejected") -> str:
    """What the dispatcher says of a record that did not succeed."""
    errors = [{"input": "email", "code": "RequiredInputMissing"}]
    return _line(
        second, message="record failed", level="error", id=record, operation="upsert", source=source, attempt=2,
        outcome=outcome, code="MappingFailed", seconds=0.0012, errors=errors,
    )  # fmt: skip


def succeeded(second: float, records: int = 3) -> str:
    """What it says of those that did."""
    return _line(
        second, message="records succeeded", level="info", records=records, id="r9", operation="upsert",
        source="hubspot", seconds=0.02,
    )  # fmt: skip


def _line(second: float, **facts: Any) -> str:
    return stamped(second, json.dumps({"time": f"2026-11-26T09:00:{second:06.3f}Z", **facts}))
