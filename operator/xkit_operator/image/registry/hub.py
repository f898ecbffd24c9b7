"""Docker Hub has more than one name: images are called docker.io/…, and its API is at registry-1.docker.io."""

NAME = "docker.io"
_API = "registry-1.docker.io"
_NAMES = frozenset((NAME, "index.docker.io", _API))


def name_of(host: str) -> str:
    """The name that a registry's logins and images go by: docker.io for each of the Hub's, else `host`."""
    return NAME if host in _NAMES else host


def address_of(host: str) -> str:
    """The host that answers for `host`."""
    return _API if host in _NAMES else host
