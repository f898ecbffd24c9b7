"""The part of an object's metadata that this product reads."""

from typing import Annotated

from pydantic import ConfigDict, Field

from xkit_operator.api.model import Model
from xkit_operator.api.names import NULLS_ARE_ABSENT, ObjectName


class ObjectMeta(Model):
    """Metadata as the API server gives it; what only a server can fill is empty in an object that has not met one."""

    model_config = ConfigDict(extra="ignore")

    name: ObjectName
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    annotations: Annotated[dict[str, str], NULLS_ARE_ABSENT] = Field(default_factory=dict)
