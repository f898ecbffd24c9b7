"""The reference by digest comes from the OCI layout that was pushed."""

import json
from pathlib import Path

from dev.up.images import digest


def test_the_digest_is_that_of_the_one_manifest(tmp_path: Path) -> None:
    index = {"schemaVersion": 2, "manifests": [{"digest": "sha256:abc", "size": 1, "mediaType": "m"}]}
    (tmp_path / "index.json").write_text(json.dumps(index))
    assert digest(tmp_path) == "sha256:abc"
