"""`open_site` starts an operator behind fault proxies; `undisturbed` is how a run without faults ends."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import ledger
from tests.chaos.site import Site, site
from tests.chaos.undisturbed import Undisturbed, live
from tests.operator.cleaning import CLEANING
from tests.operator.conftest import installed, runtimes

__all__ = ["installed", "runtimes"]

OpenSite = Callable[..., Site]


@pytest.fixture(scope="session")
def settings(cluster: Any, installed: str, runtimes: dict[str, str]) -> dict[str, str]:
    """Those of every operator here: images go with their Destination, and a resync comes round every ten seconds."""
    return (
        CLEANING
        | runtimes
        | {
            "XKIT_REGISTRY_PULL": cluster.info["registry"],
            "XKIT_REGISTRY_PREFIX": "xkit-tests",
            "XKIT_REGISTRY_PLAIN_HTTP": "true",
            "XKIT_DISPATCHER_IMAGE": installed,
        }
    )


@pytest.fixture
def open_site(cluster: Any, namespace: str, settings: dict[str, str], tmp_path: Path) -> Iterator[OpenSite]:
    with ExitStack() as stack:
        yield lambda **others: stack.enter_context(site(cluster, namespace, settings, tmp_path, **others))


@pytest.fixture(scope="session")
def undisturbed(cluster: Any, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    namespace = f"undisturbed-{uuid.uuid4().hex[:8]}"
    cluster.kubectl("create", "namespace", namespace)
    try:
        with site(cluster, namespace, settings, folder, XKIT_RESYNC_SECONDS="3600") as calm:
            return live(calm, "story-u")
    finally:
        cluster.kubectl("delete", "namespace", namespace, "--wait=false")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # of several test processes the one that prints the table
        ledger.begin()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table, also when something failed."""
    if ledger.LEDGER.exists():
        terminalreporter.section("what was done to the product, and what came of it")
        terminalreporter.write("\n".join(ledger.table()) + "\n")
