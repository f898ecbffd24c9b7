"""The admin port is open before the dispatcher has loaded what takes long; what takes much memory is never loaded."""

import json
import subprocess
import sys

import pytest

LATER = ("asyncio", "uvloop", "httptools")
NEVER = ("pydantic", "pydantic_core", "prometheus_client", "email.", "http.", "xkit_operator.api.", "_ssl", "_hashlib")


def loaded(script: str) -> set[str]:
    """The modules that a process has loaded by the end of `script`."""
    script = f"import json, sys\n{script}\nprint(json.dumps(list(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(found.stdout))


TO_SERVE = """
from xkit_operator.dispatcher.no_openssl import no_openssl
with no_openssl():
    import xkit_operator.dispatcher.serving
"""


@pytest.mark.parametrize(
    ("script", "without"),
    [("import xkit_operator.dispatcher.__main__", LATER), (TO_SERVE, NEVER)],
    ids=["to listen", "to serve"],
)
def test_what_starts_goes_without(script: str, without: tuple[str, ...]) -> None:
    assert [name for name in loaded(script) if name.startswith(without)] == []


def test_who_wants_openssl_later_gets_it() -> None:
    assert {"_ssl", "_hashlib"} <= loaded(TO_SERVE + "import ssl, _hashlib")
