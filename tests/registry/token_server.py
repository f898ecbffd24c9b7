"""A token server, as those of public registries: trades a login for a token of the scopes that the registry names."""

import asyncio
import base64
import ssl
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from aiohttp import BasicAuth, web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.registry.authorities import Authority

ISSUER, SERVICE = "company", "registry"
LOGIN = ("me", "the-passw0rd")
IDENTITY_TOKEN = "an-1dentity-token"


class TokenServer:
    """Counts what it is asked for."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self.granted: list[list[str]] = []
        """The scopes of each token."""
        self.refused = 0
        self.lifetime = 60
        """Of a token, in seconds."""
        self.realm = ""
        self._connections: set[asyncio.Transport] = set()

    @property
    def settings(self) -> dict[str, Any]:
        """Of the registry that accepts its tokens."""
        token = {"realm": self.realm, "service": SERVICE, "issuer": ISSUER}
        return {"auth": {"token": {**token, "rootcertbundle": str(self._authority.certificates)}}}

    async def start(self) -> web.AppRunner:
        application = web.Application()
        application.router.add_get("/token", self._token)
        application.router.add_post("/token", self._refresh)
        runner = web.AppRunner(application)
        await runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._authority.chain, self._authority.key)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        self.realm = f"https://127.0.0.1:{runner.addresses[0][1]}/token"
        return runner

    async def stop(self, runner: web.AppRunner) -> None:
        """Clients that hang up without a word of TLS leave connections that asyncio would close after 30 s only."""
        for connection in self._connections:
            connection.abort()
        await runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        self._remember(request)
        login = BasicAuth.decode(request.headers.get("authorization", "Basic Og=="))
        if (login.login, login.password) != LOGIN:
            self.refused += 1
            return web.Response(status=401)
        scopes = [scope for value in request.query.getall("scope", []) for scope in value.split()]
        return web.json_response({"token": self.grant(scopes), "expires_in": self.lifetime})

    async def _refresh(self, request: web.Request) -> web.Response:
        """OAuth 2: an identity token instead of a password, in a form instead of a header."""
        self._remember(request)
        form = await request.post()
        if (form.get("grant_type"), form.get("refresh_token")) != ("refresh_token", IDENTITY_TOKEN):
            self.refused += 1
            return web.json_response({"error": "invalid_grant"}, status=400)
        scopes = str(form["scope"]).split()
        return web.json_response({"access_token": self.grant(scopes), "expires_in": self.lifetime})

    def _remember(self, request: web.Request) -> None:
        if isinstance(request.transport, asyncio.Transport):
            self._connections.add(request.transport)

    def grant(self, scopes: list[str]) -> str:
        """A token that allows what `scopes` say."""
        self.granted.append(scopes)
        return self._sign([_grant(scope) for scope in scopes])

    def _sign(self, access: list[dict[str, Any]]) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": LOGIN[0],
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 300,
            "exp": now + self.lifetime,
        }
        chain = x509.load_pem_x509_certificates(Path(self._authority.chain).read_bytes())
        x5c = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
        return jwt.encode(
            {**claims, "jti": uuid.uuid4().hex, "access": access},
            self._authority.key.read_text(),
            algorithm="ES256",
            headers={"x5c": x5c},
        )


def _grant(scope: str) -> dict[str, Any]:
    kind, name, actions = scope.split(":")
    return {"type": kind, "name": name, "actions": actions.split(",")}
