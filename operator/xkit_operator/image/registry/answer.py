"""What a registry answers to one request, and what it means that an answer is no success.

The two exceptions stay in this folder: `failure.explain` makes errors of them that say who must act.
"""

from dataclasses import dataclass

from multidict import CIMultiDict, CIMultiDictProxy

UNAUTHORIZED = 401
NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The last one, when it took redirects; `url` is where it came from."""

    status: int
    headers: CIMultiDictProxy[str] | CIMultiDict[str]
    body: bytes
    url: str
    authorization: str = ""
    """What the request proved itself with."""


class Refusal(Exception):
    """An answer of 400 or above."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class LoginRefused(Exception):
    """The registry, or a token server, does not accept who we are."""
