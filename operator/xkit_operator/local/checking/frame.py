"""The part of an object that is the same for all kinds of Kubernetes: what stands beside `spec`, and its metadata.

The API server knows it without our CRDs; the operator's models pass it over. Used by objects.py alone.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from xkit_operator.api.model import Model
from xkit_operator.api.names import NULLS_ARE_ABSENT, ObjectName

_QUALIFIED = r"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
_LARGEST_ANNOTATIONS = 256 * 1024

QualifiedName = Annotated[str, StringConstraints(pattern=_QUALIFIED)]
LabelValue = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
NamespaceName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]


def _not_too_large(annotations: dict[str, str]) -> dict[str, str]:
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > _LARGEST_ANNOTATIONS:
        raise PydanticCustomError("too_long", "the annotations must not be larger than 256 KiB together")
    return annotations


class Metadata(Model):
    """Metadata as people write it, and what is left in it by those who export objects from a cluster."""

    name: ObjectName
    namespace: NamespaceName | None = None
    labels: Annotated[dict[QualifiedName, LabelValue], NULLS_ARE_ABSENT] | None = None
    annotations: Annotated[dict[QualifiedName, str], NULLS_ARE_ABSENT, AfterValidator(_not_too_large)] | None = None
    finalizers: tuple[str, ...] | None = None
    owner_references: tuple[dict[str, Any], ...] | None = None
    generate_name: str | None = None
    uid: str | None = None
    generation: int | None = None
    resource_version: str | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    deletion_grace_period_seconds: int | None = None
    managed_fields: tuple[dict[str, Any], ...] | None = None
    self_link: str | None = None


class Frame(Model):
    """An object of ours, of which the spec is judged elsewhere."""

    api_version: str
    kind: str
    metadata: Metadata
    spec: Any = None
    status: Any = None
