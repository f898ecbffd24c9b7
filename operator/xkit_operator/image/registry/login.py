"""Who we are, shown to a registry in the way that its 401 asks for: a password, or a token that a token server grants.

`Logins.answer` is called with every 401.
Sources: distribution.github.io/distribution/spec/auth/{token,oauth}.
"""

import base64
import json
import re
from urllib.parse import urlsplit

from aiohttp import ClientError
from yarl import URL

from xkit_operator.errors import RegistryRefused, RegistryUnauthorized
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.answer import Answer, LoginRefused, Refusal
from xkit_operator.image.registry.connections import Connections
from xkit_operator.image.registry.credentials import Credential, IdentityToken, Login, RegistryToken
from xkit_operator.image.registry.failure import explain

_BASIC = re.compile(r"(?:^|,)\s*basic\b", re.IGNORECASE)
_BEARER = re.compile(r"(?:^|,)\s*bearer\s(.*)", re.IGNORECASE | re.DOTALL)
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s",]+))')
_NOT_GRANTED = (400, 401, 403)

Headers = dict[str, str]


class Logins:
    """What was shown to the registry at `host` last, by repository: it is good until it is refused, or changed."""

    def __init__(self, host: str, access: Access, connections: Connections) -> None:
        self._host = host
        self._access = access
        self._connections = connections
        self._shown: dict[str, tuple[Credential | None, Headers]] = {}

    def headers(self, repository: str) -> Headers:
        """Those to begin with. None of a login that has changed: some registries say 403 when the old one expires."""
        credential, headers = self._shown.get(repository, (None, {}))
        return headers if credential == self._find(repository) else {}

    async def answer(self, refusal: Answer, repository: str) -> Headers:
        """The headers that `refusal` asks for, for this repository. Raises RegistryError."""
        credential = self._find(repository)
        if credential is not None and self._access.plain_http and not self._access.plain_http_login:
            raise RegistryUnauthorized(
                f"{self._where(repository)}: it demands a login over plain HTTP, which everybody on the way can read; "
                "give the registry TLS, or allow that (registry.plainHttpLogin)"
            )
        headers = await self._headers(refusal, repository, credential)
        self._shown[repository] = (credential, headers)
        return headers

    def _find(self, repository: str) -> Credential | None:
        return self._access.credentials.find(self._host, repository)

    def _where(self, repository: str) -> str:
        return f"registry {self._host}: could not log in for {repository}"

    async def _headers(self, refusal: Answer, repository: str, credential: Credential | None) -> Headers:
        if isinstance(credential, RegistryToken):
            return {"Authorization": f"Bearer {credential.token}"}
        challenge = refusal.headers.get("WWW-Authenticate", "")
        bearer = _BEARER.search(challenge)
        if bearer is not None:
            found = _PARAMETER.findall(bearer[1])
            asked = {name.lower(): quoted or bare for name, quoted, bare in reversed(found)}  # the first one counts
            return {"Authorization": f"Bearer {await self._token(asked, repository, credential)}"}
        if _BASIC.search(challenge) is None:
            raise RegistryRefused(
                f"{self._where(repository)}: it answers 401 and asks for neither Basic nor Bearer; "
                "check that it is an OCI registry"
            )
        if isinstance(credential, Login):
            return {"Authorization": _basic(credential)}
        found_instead = "is an identity token, and it takes passwords only" if credential else "is not known"
        raise RegistryUnauthorized(
            f"{self._where(repository)}: it demands a login, and the one for it {found_instead}; add its user name and "
            "password to the Secret of registry.credentialsSecret"
        )

    async def _token(self, asked: dict[str, str], repository: str, credential: Credential | None) -> str:
        realm = asked.get("realm", "")
        if not self._access.plain_http:  # never less safe than the registry itself
            realm = re.sub("^http:", "https:", realm)
        scopes = asked.get("scope", "").split() or [f"repository:{repository}:pull,push"]
        attempt = f"get a token from {urlsplit(realm).netloc}"
        try:
            granted = json.loads(await self._ask(realm, asked.get("service", ""), scopes, credential))
        except (ClientError, TimeoutError, ValueError, Refusal, LoginRefused) as error:
            # Explained here: to the caller, a 404 of the token server would be one of the registry.
            raise explain(error, host=self._host, repository=repository, attempt=attempt) from error
        token = (granted.get("access_token") or granted.get("token")) if isinstance(granted, dict) else None
        if not isinstance(token, str):
            raise RegistryRefused(f"{self._where(repository)}: could not {attempt}: its answer has no token")
        return token

    async def _ask(self, realm: str, service: str, scopes: list[str], credential: Credential | None) -> bytes:
        if isinstance(credential, IdentityToken):
            form = {
                "grant_type": "refresh_token",
                "refresh_token": credential.token,
                "service": service,
                "scope": " ".join(scopes),
                "client_id": "xkit-operator",
            }
            # A redirect could carry the form, and the token in it, to another host.
            answer = await self._connections.send("POST", URL(realm), headers={}, body=form, redirects=False)
        else:
            headers = {"Authorization": _basic(credential)} if isinstance(credential, Login) else {}
            query = [("service", service), *(("scope", scope) for scope in scopes)]
            answer = await self._connections.send("GET", URL(realm).extend_query(query), headers=headers)
        if answer.status in _NOT_GRANTED:
            raise LoginRefused
        if answer.status >= 400:
            raise Refusal(answer)
        return answer.body


def _basic(login: Login) -> str:
    return "Basic " + base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
