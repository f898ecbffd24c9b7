"""Builds what the tests of this folder need into the cache, and tells how far it is; pytest would hide that."""

from tests.ecosystem import keda, scanners

for name, program in {"kube-score": scanners.kube_score(), **keda.programs()}.items():
    print(f"{name}: {program}")
