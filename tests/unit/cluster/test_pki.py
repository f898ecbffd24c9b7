"""Certificates of a cluster: made once, and completed when a newer version wants more."""

from pathlib import Path

from dev.cluster.identity import Cluster
from dev.cluster.pki import CERTIFICATES, make_certificates, write_kubeconfigs


def test_a_state_of_an_earlier_version_gets_what_it_lacks_and_keeps_the_rest(tmp_path: Path) -> None:
    cluster = Cluster("test", tmp_path, slot=1, binaries=tmp_path)
    make_certificates(cluster)
    lacking = CERTIFICATES[-1].name
    for suffix in ("key", "csr", "crt", "ext"):
        (cluster.pki / f"{lacking}.{suffix}").unlink()
    kept = {path.name: path.read_bytes() for path in cluster.pki.glob("*.crt")}
    make_certificates(cluster)
    write_kubeconfigs(cluster)
    assert (cluster.pki / f"{lacking}.crt").exists()
    assert {name: (cluster.pki / name).read_bytes() for name in kept} == kept
