"""docs/reference/function.md: every example does in a real Pod what the page says."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from tests.executor.conftest import StartPod
from tests.executor.pod import record

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "function.md").read_text(encoding="utf-8")
MEMBERS = {"upsert", "inputs", "secrets", "target", "answer"}

StartTarget = Callable[[dict[str, Any]], Awaitable[str]]


def examples() -> list[dict[str, Any]]:
    """What stands in blocks marked `yaml example`: one example, or a list of them."""
    blocks = re.findall(r"^```yaml example\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    found = [yaml.safe_load(block) for block in blocks]
    return [one for block in found for one in (block if isinstance(block, list) else [block])]


@pytest.fixture
async def start_target() -> AsyncIterator[StartTarget]:
    """Start a system that answers every request in the same way; gives its URL."""
    runners: list[web.AppRunner] = []

    async def start(answer: dict[str, Any]) -> str:
        async def handle(_request: web.Request) -> web.Response:
            return web.json_response({}, **answer)

        application = web.Application()
        application.router.add_route("*", "/{path:.*}", handle)
        runners.append(web.AppRunner(application))
        await runners[-1].setup()
        site = web.TCPSite(runners[-1], "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runners[-1].addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


def part_of(body: Any, expected: Any) -> Any:
    """`body` without the members of objects that `expected` does not name."""
    if isinstance(body, dict) and isinstance(expected, dict):
        return {name: part_of(value, expected[name]) for name, value in body.items() if name in expected}
    return body


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["answer"]))
async def test_an_example_does_what_it_says(
    example: dict[str, Any], start_pod: StartPod, start_target: StartTarget
) -> None:
    assert example.keys() <= MEMBERS
    names = list(example["inputs"])
    entries = [{"name": name, "direct": {"pointer": f"/{name}"}} for name in names]
    spec = {"destinationRef": {"name": "crm"}, "source": {"slug": "hubspot"}, "inputs": entries}
    pod = await start_pod(
        example["upsert"],
        inputs=[{"name": name, "type": "string"} for name in names],
        mappings=({"name": "m", "spec": spec},),
        literals={"baseUrl": await start_target(example["target"])} if "target" in example else {},
        secrets=example.get("secrets", {}),
    )
    _, body, _ = await pod.send(record(record=example["inputs"]))
    assert part_of(body, example["answer"]) == example["answer"]


def test_the_page_has_examples_for_each_member() -> None:
    assert set().union(*examples()) == MEMBERS
