"""A blob that another repository of the registry has, shared instead of sent: where the registry does such a thing."""

from dataclasses import dataclass
from urllib.parse import urlencode

from xkit_operator.image.registry.answer import Refusal
from xkit_operator.image.registry.repository import Repository
from xkit_operator.image.registry.upload import Session

# What registries say that know no mounts, or not from this source. Whether we may write is for the upload to find out.
_REFUSALS = (400, 403, 404, 405, 501)
_CREATED = 201


@dataclass(frozen=True, kw_only=True)
class Mount:
    """What came of it: the blob is `shared`, or not; then there may be an upload that the registry opened instead."""

    shared: bool
    session: Session | None = None


async def mount(repository: Repository, digest: str, *, source: str) -> Mount:
    """Have the blob of the repository `source` in `repository`."""
    try:
        answer = await repository.ask("POST", "blobs/uploads/?" + urlencode({"mount": digest, "from": source}))
    except Refusal as error:
        if error.answer.status in _REFUSALS:
            return Mount(shared=False)
        raise
    if answer.status == _CREATED:
        return Mount(shared=True)
    return Mount(shared=False, session=Session.of(repository, answer) if "Location" in answer.headers else None)
