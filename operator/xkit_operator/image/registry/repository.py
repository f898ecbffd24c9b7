"""Requests to one repository of a registry: with the login that it wants, and with an exception for each refusal."""

from collections.abc import Mapping
from urllib.parse import urljoin

from yarl import URL

from xkit_operator.image.registry.answer import UNAUTHORIZED, Answer, LoginRefused, Refusal
from xkit_operator.image.registry.body import Part
from xkit_operator.image.registry.connections import Connections
from xkit_operator.image.registry.login import Logins

_NO_HEADERS: Mapping[str, str] = {}


class Repository:
    """For one operation. What the registry accepted as proof of who we are is shown with each of its requests."""

    def __init__(self, address: str, name: str, connections: Connections, logins: Logins) -> None:
        """`address` is that of the registry: scheme, host and port."""
        self._address = URL(address)
        self._path = f"{address}/v2/{name}/"
        self._name = name
        self._connections = connections
        self._logins = logins
        self._login = logins.headers(name)

    async def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] = _NO_HEADERS, body: Part | bytes | None = None
    ) -> Answer:
        """The answer to a request for `path` below the repository.

        Raises Refusal, LoginRefused, RegistryError, and like `Connections.send`.
        """
        return await self._ask(method, URL(self._path + path), headers, body)

    async def follow(
        self, method: str, address: str, *, headers: Mapping[str, str] = _NO_HEADERS, body: Part | None = None
    ) -> Answer:
        """The same for an address that the registry has named. The login goes to the registry's own host alone."""
        url = URL(address, encoded=True)
        if url.origin() == self._address.origin():
            return await self._ask(method, url, headers, body)
        return _accepted(await self._connections.send(method, url, headers=headers, body=body))

    def resolve(self, answer: Answer, location: str) -> str:
        """The address that `answer` means by `location`, over TLS if this registry is.

        Behind a proxy that ends TLS, many registries believe to be on plain HTTP.
        """
        url = urljoin(answer.url, location)
        return url if self._address.scheme == "http" else "https:" + url.partition(":")[2]

    async def _ask(self, method: str, url: URL, headers: Mapping[str, str], body: Part | bytes | None) -> Answer:
        answer = await self._connections.send(method, url, headers={**headers, **self._login}, body=body)
        if answer.status == UNAUTHORIZED:
            shown, self._login = self._login, await self._logins.answer(answer, self._name)
            if self._login != shown:
                answer = await self._connections.send(method, url, headers={**headers, **self._login}, body=body)
            if answer.status == UNAUTHORIZED:
                raise LoginRefused
        return _accepted(answer)


def _accepted(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise Refusal(answer)
    return answer
