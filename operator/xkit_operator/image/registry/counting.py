"""Counts the requests to a registry, those without an answer too: a wrapper around the library's own transport."""

from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import BaseAdapter

Tell = Callable[[str, int], None]
"""Takes the method and the status of a request; 0 when there was no answer. Called on any thread."""


def tell_nobody(_method: str, _status: int) -> None:
    """The count of a registry that nobody watches."""


def count(session: requests.Session, tell: Tell) -> None:
    """Have `tell` called after each request of `session`."""
    for scheme, adapter in list(session.adapters.items()):
        session.mount(scheme, _Counting(adapter, tell))


class _Counting(BaseAdapter):
    def __init__(self, adapter: BaseAdapter, tell: Tell) -> None:
        super().__init__()
        self._adapter = adapter
        self._tell = tell

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        try:
            response = self._adapter.send(request, *arguments, **options)
        except requests.RequestException:
            self._tell(str(request.method), 0)
            raise
        self._tell(str(request.method), response.status_code)
        return response

    def close(self) -> None:
        self._adapter.close()
