"""Builds what the tests of this folder need into the cache, and tells how far it is; pytest would hide that."""

from tests.ecosystem.keda import programs

for name, program in programs().items():
    print(f"{name}: {program}")
