"""One request of the operator, named so that the same one has the same name in every run."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web

from tests.operator.reverse_proxy import WRITES

# What differs from run to run: namespaces, digests, uploads, and the hashes in names of ConfigMaps and Events.
_OF_THIS_RUN = re.compile(
    r"/namespaces/[^/]+|(?<=/xkit-tests)/[^/]+|(?<=uploads/)[^/]+|[0-9a-f]{64}|(?<=-)[0-9a-f]{10}\b|(?<=\.)[0-9a-f]{16}\b"
)


@dataclass(frozen=True)
class Call:
    """`address` is path and query as sent."""

    method: str
    address: str

    @classmethod
    def of(cls, request: web.Request) -> "Call":
        return cls(request.method, unquote(request.raw_path))

    @property
    def watch(self) -> bool:
        return "watch=true" in self.address

    @property
    def write(self) -> bool:
        return self.method in WRITES

    @property
    def name(self) -> str:
        """Such as `PATCH /apis/apps/v1/deployments/crm`."""
        path = self.address.partition("?")[0]
        return f"{'WATCH' if self.watch else self.method} {_OF_THIS_RUN.sub('', path)}"

    def concerns(self, name: str) -> bool:
        """Whether it is about the Destination `name`, its children, its mappings or its images."""
        return name in self.address and not self.watch
