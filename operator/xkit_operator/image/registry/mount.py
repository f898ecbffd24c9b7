"""A blob that another repository of the registry has, shared instead of sent: where the registry does such a thing."""

from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from dxf import DXF

from xkit_operator.image.registry.failure import status_of
from xkit_operator.image.registry.request import to_repository
from xkit_operator.image.registry.upload import Session

# What registries say that know no mounts, or not from this source. Whether we may write is for the upload to find out.
_REFUSALS = (400, 403, 404, 405, 501)
_CREATED = 201


@dataclass(frozen=True, kw_only=True)
class Mount:
    """What came of it: the blob is `shared`, or not; then there may be an upload that the registry opened instead."""

    shared: bool
    session: Session | None = None


def mount(dxf: DXF, digest: str, *, source: str) -> Mount:
    """Have the blob of the repository `source` in that of `dxf`."""
    try:
        answer = to_repository(dxf, "post", "blobs/uploads/?" + urlencode({"mount": digest, "from": source}))
    except requests.HTTPError as error:
        if status_of(error) in _REFUSALS:
            return Mount(shared=False)
        raise
    if answer.status_code == _CREATED:
        return Mount(shared=True)
    return Mount(shared=False, session=Session.of(dxf, answer) if "Location" in answer.headers else None)
