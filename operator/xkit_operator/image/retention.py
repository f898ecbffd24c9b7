"""Which images of a Destination may go, and whether an image or a tag is ours to delete at all.

Pure. Only what a Destination's own status remembers is ever a candidate: whatever else is in its repository was put
there by somebody else, perhaps by another cluster that shares the prefix.
"""

import json
import re
from collections.abc import Iterable, Set
from typing import Any

from xkit_operator.api.destination import IMAGE_HISTORY

_OUR_TAG = re.compile(r"src-[0-9a-f]{12}")


def identifier(reference: str) -> str:
    """The digest of an image reference such as host:port/name@sha256:…, or its tag when it has no digest."""
    return reference.rpartition("@" if "@" in reference else ":")[2]


def remember(history: Iterable[str], digest: str) -> tuple[str, ...]:
    """`history`, the digests of images with the newest first, now that `digest` is used once more."""
    return (digest, *(one for one in history if one != digest))[:IMAGE_HISTORY]


def superseded(history: Iterable[str], *, keep: int, in_use: Set[str]) -> list[str]:
    """Those of `history`, newest first, that may go: not the current one, not the `keep` before it, none `in_use`.

    All are digests, so an image that has two tags is one image.
    """
    return [digest for digest in list(dict.fromkeys(history))[keep + 1 :] if digest not in in_use]


def is_our_tag(tag: str) -> bool:
    """Whether the operator gives such tags; any other is somebody's own."""
    return _OUR_TAG.fullmatch(tag) is not None


def tag_for(manifest: bytes, *, namespace: str, name: str) -> str | None:
    """The tag that we gave to the image with this manifest; None when it was not built for this Destination."""
    annotations = _document(manifest).get("annotations") or {}
    owner = (annotations.get("dev.xkit.namespace"), annotations.get("dev.xkit.name"))
    tag = str(annotations.get("org.opencontainers.image.version"))
    return tag if owner == (namespace, name) and is_our_tag(tag) else None


def members(manifest: bytes) -> set[str]:
    """The digests of the images that an index consists of; none when the manifest is no index."""
    return {one["digest"] for one in _document(manifest).get("manifests") or ()}


def _document(manifest: bytes) -> dict[str, Any]:
    try:
        found = json.loads(manifest)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
