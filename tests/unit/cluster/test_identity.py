"""Names, and where a cluster's state lies."""

from pathlib import Path

import pytest

from dev.cluster.errors import ClusterProblem
from dev.cluster.identity import Cluster, state_directory


def test_the_state_lies_under_var_lib_or_where_xdg_says() -> None:
    assert state_directory("dev", {}) == Path("/var/lib/xkit-operator/clusters/dev")
    assert state_directory("dev", {"XDG_STATE_HOME": "/s"}) == Path("/s/xkit-operator/clusters/dev")


@pytest.mark.parametrize("name", ["", "Dev", "a/b", "..", "-a", "a-", "a" * 21, "a b"])
def test_a_name_that_cannot_be_part_of_paths_is_refused(name: str) -> None:
    with pytest.raises(ClusterProblem, match="no cluster name"):
        state_directory(name, {})


def test_a_stored_cluster_is_loaded_as_it_was(tmp_path: Path) -> None:
    cluster = Cluster("t1", tmp_path, 7, Path("/programs"))
    assert Cluster.load(tmp_path) is None
    cluster.store()
    assert Cluster.load(tmp_path) == cluster
