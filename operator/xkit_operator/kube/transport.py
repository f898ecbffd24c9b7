"""One request to the API server by the official client's `ApiClient`, and what its failures mean.

`client.py` alone calls it. Nothing is retried here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from kubernetes.aio import config

from xkit_operator.errors import ApiUnreachable

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=5)
"""For an answer that goes on until somebody ends it."""


async def request(
    api: Any,
    method: str,
    where: str,
    query: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
    *,
    patch: str = APPLY,
    timeout: aiohttp.ClientTimeout = TIMEOUT,
) -> Any:
    """The answer, of which status and headers have come: `status`, `await read()`, and aiohttp's own as `response`."""
    asked = await api.param_serialize(
        method,
        where,
        query_params=list((query or {}).items()),
        body=body,
        header_params={
            "Accept": "application/json",
            "Content-Type": patch if method == "PATCH" else "application/json",
        },
        auth_settings=["BearerToken"],
    )
    return await api.call_api(*asked, _request_timeout=timeout)


@contextmanager
def answering(method: str, where: str) -> Iterator[None]:
    """Raises ApiUnreachable for all that keeps an answer from coming."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, config.ConfigException) as error:
        # OSError, ValueError, ConfigException: the token file is missing, malformed or empty for a moment.
        raise ApiUnreachable(f"{method} {where}: {str(error) or type(error).__name__}") from error
