"""The part of an object's metadata that this product reads."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ObjectMeta(BaseModel):
    """Metadata as the API server gives it; what only a server can fill is empty in an object that has not met one."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")

    name: str
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    annotations: dict[str, str] = {}
