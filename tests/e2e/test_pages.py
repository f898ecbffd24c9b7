"""The pages for newcomers, followed to the letter on the cluster that `make up` has made."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages import DOCS, play
from tests.ports import HeldPort


@pytest.mark.parametrize("page", ["start.md", "tutorial.md"])
def test_what_the_page_says_happens(story: str, cluster: Any, tmp_path: Path, page: str) -> None:
    kubeconfig = tmp_path / "kubeconfig"  # the page sets a namespace in it
    kubeconfig.write_text(Path(cluster.kubeconfig).read_text())
    folder = tmp_path / "folder"
    folder.mkdir()
    port = HeldPort()  # others may have that of the page
    copy = tmp_path / page
    copy.write_text((DOCS / page).read_text().replace("8080", str(port.number)))
    path = f"{cluster.info['bin']}:/usr/local/bin:/usr/bin:/bin"
    assert play(copy, folder, {"KUBECONFIG": str(kubeconfig), "PATH": path}) == []
