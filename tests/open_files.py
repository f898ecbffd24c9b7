"""How many files a process may open, for tests that hold many connections at once."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    """This process, and what it starts meanwhile."""
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


@contextmanager
def as_many_as_ever() -> Iterator[None]:
    """This process may open as many as it ever may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with at_most(most):
        yield
