"""Builds what the tests of this folder need into the cache, and tells how far it is; pytest would hide that."""

from tests.ecosystem import argocd, flux, keda, scanners

print(f"kube-score: {scanners.kube_score()}")
print(f"kyverno: {scanners.kyverno()}")
for tool in (keda, flux, argocd):
    for name, program in tool.programs().items():
        print(f"{name}: {program}")
