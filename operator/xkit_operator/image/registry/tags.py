"""The tags of a repository, in as many pages as the registry makes of them."""

import json

from requests.utils import parse_header_links

from xkit_operator.image.registry.answer import Answer
from xkit_operator.image.registry.repository import Repository

_PAGE = 1000


async def list_tags(repository: Repository) -> list[str]:
    """All of them."""
    answer = await repository.ask("GET", f"tags/list?n={_PAGE}")
    tags = _page(answer)
    while following := _following(answer):
        answer = await repository.follow("GET", repository.resolve(answer, following))
        tags += _page(answer)
    return tags


def _page(answer: Answer) -> list[str]:
    return [str(tag) for tag in json.loads(answer.body)["tags"] or []]


def _following(answer: Answer) -> str | None:
    """The address of the next page."""
    links = parse_header_links(answer.headers.get("Link", ""))
    return next((str(link["url"]) for link in links if link.get("rel") == "next"), None)
