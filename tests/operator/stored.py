"""What the registry holds of one repository, seen and damaged behind the operator's back."""

import json
import urllib.request
from typing import Any
from urllib.error import HTTPError

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Stored:
    """The repository of `image` (HOST/REPOSITORY@DIGEST), asked directly and not through a gate."""

    def __init__(self, image: str) -> None:
        name, self.digest = image.split("@")
        self.host, self.repository = name.split("/", 1)
        self.manifest: dict[str, Any] = json.loads(self._ask("GET", f"manifests/{self.digest}"))

    @property
    def blobs(self) -> list[str]:
        """Digests of the layers, lowest first, and of the configuration."""
        return [one["digest"] for one in [*self.manifest["layers"], self.manifest["config"]]]

    @property
    def tag(self) -> str:
        tag: str = self.manifest["annotations"]["org.opencontainers.image.version"]
        return tag

    def has(self, reference: str) -> bool:
        """Whether a tag or digest of a manifest is there."""
        return self._there(f"manifests/{reference}")

    def content(self, digest: str) -> bytes:
        """Of a blob, as it is stored."""
        return self._ask("GET", f"blobs/{digest}")

    def whole(self) -> bool:
        """Whether the image can be pulled: its manifest and each of its blobs."""
        return self.has(self.digest) and all(self._there(f"blobs/{digest}") for digest in self.blobs)

    def lose_manifest(self) -> None:
        self._ask("DELETE", f"manifests/{self.digest}")

    def lose_blob(self, digest: str) -> None:
        self._ask("DELETE", f"blobs/{digest}")

    def lose_everything(self) -> None:
        for digest in self.blobs:
            self.lose_blob(digest)
        self.lose_manifest()

    def store(self, manifest: dict[str, Any]) -> str:
        """Have the tag name another manifest; the digest of that."""
        body = json.dumps(manifest).encode()
        return self._request("PUT", f"manifests/{self.tag}", body).headers["Docker-Content-Digest"]

    def _there(self, path: str) -> bool:
        try:
            self._ask("HEAD", path)
        except HTTPError as error:
            if error.code == 404:
                return False
            raise
        return True

    def _ask(self, method: str, path: str) -> bytes:
        return self._request(method, path).read()

    def _request(self, method: str, path: str, body: bytes | None = None) -> Any:
        url = f"http://{self.host}/v2/{self.repository}/{path}"
        headers = {"Accept": _MANIFEST, "Content-Type": _MANIFEST}
        return urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=10)
