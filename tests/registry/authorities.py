"""A certificate authority of a company's own, and a server's certificate by it, as files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trustme


@dataclass(frozen=True)
class Authority:
    """`certificates` is what clients must trust; `chain` and `key` are the server's."""

    certificates: Path
    chain: Path
    key: Path

    @classmethod
    def make(cls, folder: Path, *names: str) -> Self:
        authority = trustme.CA()
        server = authority.issue_cert("127.0.0.1", "localhost", *names)
        made = cls(folder / "ca.crt", folder / "server.crt", folder / "server.key")
        authority.cert_pem.write_to_path(made.certificates)
        server.private_key_pem.write_to_path(made.key)
        for blob in server.cert_chain_pems:
            blob.write_to_path(made.chain, append=True)
        return made
