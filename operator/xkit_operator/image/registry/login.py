"""Who we are, shown to a registry in the way that its 401 asks for: a password, or a token that a token server grants.

The registry client calls `Logins.show` with every 401. It cannot trade identity tokens itself, always turns to a token
server over TLS, and refuses passwords over plain HTTP for good; so all of this is done here.
Sources: distribution.github.io/distribution/spec/auth/{token,oauth}.
"""

import base64
import re
from urllib.parse import urlsplit

import requests
from dxf import DXFBase
from dxf.exceptions import DXFUnauthorizedError

from xkit_operator.errors import RegistryRefused, RegistryUnauthorized
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.credentials import Credential, IdentityToken, Login, RegistryToken
from xkit_operator.image.registry.failure import explain
from xkit_operator.image.registry.request import session_of

_BASIC = re.compile(r"(?:^|,)\s*basic\b", re.IGNORECASE)
_BEARER = re.compile(r"(?:^|,)\s*bearer\s(.*)", re.IGNORECASE | re.DOTALL)
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s",]+))')
_NOT_GRANTED = (400, 401, 403)

Headers = dict[str, str]


class Logins:
    """What was shown to the registry at `host` last, by repository: it is good until it is refused, or changed."""

    def __init__(self, host: str, access: Access) -> None:
        self._host = host
        self._access = access
        self._shown: dict[str, tuple[Credential | None, Headers]] = {}

    def headers(self, repository: str) -> Headers:
        """Those to begin with. None of a login that has changed: some registries say 403 when the old one expires."""
        credential, headers = self._shown.get(repository, (None, {}))
        return headers if credential == self._find(repository) else {}

    def show(self, dxf: DXFBase, refusal: requests.Response) -> None:
        """Give `dxf` the headers that answer `refusal`. Raises RegistryError."""
        repository = str(dxf._repo)
        credential = self._find(repository)
        if credential is not None and self._access.plain_http and not self._access.plain_http_login:
            raise RegistryUnauthorized(
                f"{self._where(repository)}: it demands a login over plain HTTP, which everybody on the way can read; "
                "give the registry TLS, or allow that (registry.plainHttpLogin)"
            )
        dxf._headers = self._answer(dxf, refusal, repository, credential)
        self._shown[repository] = (credential, dxf._headers)

    def _find(self, repository: str) -> Credential | None:
        return self._access.credentials.find(self._host, repository)

    def _where(self, repository: str) -> str:
        return f"registry {self._host}: could not log in for {repository}"

    def _answer(
        self, dxf: DXFBase, refusal: requests.Response, repository: str, credential: Credential | None
    ) -> Headers:
        if isinstance(credential, RegistryToken):
            return {"Authorization": f"Bearer {credential.token}"}
        challenge = refusal.headers.get("WWW-Authenticate", "")
        bearer = _BEARER.search(challenge)
        if bearer is not None:
            found = _PARAMETER.findall(bearer[1])
            asked = {name.lower(): quoted or bare for name, quoted, bare in reversed(found)}  # the first one counts
            return {"Authorization": f"Bearer {self._token(dxf, asked, repository, credential)}"}
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

    def _token(self, dxf: DXFBase, asked: dict[str, str], repository: str, credential: Credential | None) -> str:
        realm = asked.get("realm", "")
        if not self._access.plain_http:  # never less safe than the registry itself
            realm = re.sub("^http:", "https:", realm)
        scopes = asked.get("scope", "").split() or [f"repository:{repository}:pull,push"]
        attempt = f"get a token from {urlsplit(realm).netloc}"
        try:
            response = _ask(dxf, realm, asked.get("service", ""), scopes, credential)
            if response.status_code in _NOT_GRANTED:
                raise DXFUnauthorizedError
            response.raise_for_status()
            granted = response.json()
        except (requests.RequestException, DXFUnauthorizedError) as error:
            # Explained here: to the registry client, a 404 of the token server would be one of the registry.
            raise explain(error, host=self._host, repository=repository, attempt=attempt) from error
        token = (granted.get("access_token") or granted.get("token")) if isinstance(granted, dict) else None
        if not isinstance(token, str):
            raise RegistryRefused(f"{self._where(repository)}: could not {attempt}: its answer has no token")
        return token


def _ask(dxf: DXFBase, realm: str, service: str, scopes: list[str], credential: Credential | None) -> requests.Response:
    session = session_of(dxf)
    if isinstance(credential, IdentityToken):
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credential.token,
            "service": service,
            "scope": " ".join(scopes),
            "client_id": "xkit-operator",
        }
        # A redirect could carry the form, and the token in it, to another host.
        return session.post(realm, data=form, verify=dxf._tlsverify, timeout=dxf._timeout, allow_redirects=False)
    headers = {"Authorization": _basic(credential)} if isinstance(credential, Login) else {}
    query = {"service": service, "scope": scopes}
    return session.get(realm, params=query, headers=headers, verify=dxf._tlsverify, timeout=dxf._timeout)


def _basic(login: Login) -> str:
    return "Basic " + base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
