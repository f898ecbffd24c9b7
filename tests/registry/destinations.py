"""Destinations as far as the registry sees them: one function each, pushed as the operator does it."""

from xkit_operator.image.function import function_image, source_hash, tag_of
from xkit_operator.image.manifest import Image
from xkit_operator.image.push import Pusher
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.runtime import Runtime
from xkit_operator.image.transfer import Pushed

SOURCE = "module.exports = async () => {}"


class Destinations:
    """Builds and pushes the images of Destinations in the namespace team-a."""

    def __init__(self, runtime: Runtime, registry: Registry) -> None:
        self.runtime = runtime
        self.pusher = Pusher(registry, "xkit")

    def image(self, source: str = SOURCE, *, name: str = "crm") -> Image:
        labels = {"dev.xkit.namespace": "team-a", "dev.xkit.name": name}
        return function_image(self.runtime, {"upsert": source}, {"upsert": "commonjs"}, labels=labels)

    def tag(self, source: str = SOURCE) -> str:
        return tag_of(source_hash(self.runtime.digest, {"upsert": source}))

    def repository(self, name: str) -> str:
        return self.pusher.repository(namespace="team-a", name=name)

    async def push(self, name: str, source: str = SOURCE) -> Pushed:
        image, tag = self.image(source, name=name), self.tag(source)
        return await self.pusher.push(self.runtime, image, repository=self.repository(name), tag=tag)
