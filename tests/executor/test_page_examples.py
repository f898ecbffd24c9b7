"""Pages about records: every request of an example is answered, by the real runner, as the page says."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.executor.conftest import StartPod
from tests.executor.pod import Pod

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
ANY_TEXT = "…"


@dataclass(frozen=True)
class Message:
    """A request or an answer, as the page writes it."""

    first_line: str
    headers: dict[str, str]
    body: str

    @classmethod
    def read(cls, text: str) -> "Message":
        head, _, body = text.partition("\n\n")
        first_line, *headers = head.split("\n")
        return cls(first_line, dict(header.split(": ", 1) for header in headers), body)

    @property
    def values(self) -> list[Any]:
        return values(self.headers.get("content-type", ""), self.body)


def values(content_type: str, body: str) -> list[Any]:
    """The JSON values of a body: of a stream, one a line."""
    texts = body.splitlines() if "ndjson" in content_type else [body]
    return [json.loads(text) for text in texts if text]


class Page:
    """A page of the reference, and what it shows."""

    def __init__(self, name: str) -> None:
        self.text = (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
        self.messages = [Message.read(text) for text in self.blocks("http")]
        self.examples = list(zip(self.messages[::2], self.messages[1::2], strict=True))

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.DOTALL | re.MULTILINE)


@pytest.fixture(params=["records", "outcomes"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(request.param)


def as_told(told: Any, found: Any) -> Any:
    """What the page tells, with the texts found where it leaves them open."""
    if told == ANY_TEXT and isinstance(found, str):
        return found
    if isinstance(told, dict) and isinstance(found, dict):
        return {name: as_told(value, found.get(name)) for name, value in told.items()}
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        return [as_told(*pair) for pair in zip(told, found, strict=True)]
    return told


@pytest.fixture
async def pod(page: Page, start_pod: StartPod) -> Pod:
    """A Pod of the Destination and the SourceMapping that the page begins with."""
    [manifests] = page.blocks("yaml")
    destination, mapping = (one for one in yaml.safe_load_all(manifests))
    spec = destination["spec"]
    return await start_pod(
        spec["functions"]["upsert"]["source"],
        inputs=spec["inputs"],
        mappings=({"name": mapping["metadata"]["name"], "spec": mapping["spec"]},),
    )


async def test_each_example_is_answered_as_the_page_says(page: Page, pod: Pod) -> None:
    assert pod.session is not None
    for request, told in page.examples:
        method, target = request.first_line.split(" ")
        url = pod.root_url + target.removeprefix("/")
        body = request.body.encode()
        async with pod.session.request(method, url, data=body, headers=request.headers) as response:
            found = values(response.headers["content-type"], await response.text())
            assert told.first_line == f"HTTP/1.1 {response.status}", found
            assert told.headers == {name: response.headers[name] for name in told.headers}
            assert as_told(told.values, found) == found


def test_each_request_has_its_answer_and_nothing_else_is_shown(page: Page) -> None:
    assert page.examples
    assert all(request.first_line.startswith("POST /") for request, _ in page.examples)
    assert all(answer.first_line.startswith("HTTP/1.1 ") for _, answer in page.examples)
    assert re.findall(r"^```(.+)$", page.text, re.MULTILINE) == ["yaml", *["http"] * len(page.messages)]
