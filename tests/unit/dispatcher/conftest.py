"""What the tests of this folder share."""

import asyncio

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_loop_outside_of_tests() -> None:
    """The looptime plugin asks for the current event loop also in front of a test without one.

    asyncio then makes one that nobody closes, and the warning about it fails whatever test runs at that moment.
    """
    asyncio.set_event_loop(None)
