"""A golden test as its author writes it: a list of cases in a file of YAML in the folder `tests` of a project."""

from typing import Any, Literal

from pydantic import Field

from xkit_operator.api.destination import Operation
from xkit_operator.api.model import Model


class Respond(Model):
    """How the system that a function calls answers."""

    status: int = Field(default=200, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    """JSON, or a text that is sent as it is."""
    error: Literal["reset"] | None = None
    """Instead of an answer: the connection is reset."""


class Request(Model):
    """A request that the function is expected to send. What is not named is not compared."""

    method: str = "GET"
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    respond: Respond = Respond()

    @property
    def tells_body(self) -> bool:
        return "body" in self.model_fields_set


class Expectation(Model):
    """What a case expects. Requests that are not named are not expected."""

    inputs: dict[str, Any] | None = None
    requests: tuple[Request, ...] = ()
    outcome: str | None = None
    result: Any = None
    error: dict[str, Any] | None = None
    """Members of the answer, such as code, detail and errors."""

    @property
    def tells_result(self) -> bool:
        return "result" in self.model_fields_set


class Case(Model):
    """One record, and what it comes to."""

    name: str
    source: dict[str, Any] = Field(default_factory=dict)
    operation: Operation | None = None
    record: dict[str, Any]
    """The record, or {file: PATH} for a file that holds it alone or in its envelope."""
    connection: dict[str, Any] = Field(default_factory=dict)
    context: dict[str, Any] = Field(default_factory=dict)
    id: str | None = None
    key: str | None = None
    time: str | None = None
    attempt: int = 1
    variables: dict[str, Any] = Field(default_factory=dict)
    """Instead of those of the Destination; what comes from a Secret is `test-NAME` unless it is given here."""
    expect: Expectation = Expectation()
