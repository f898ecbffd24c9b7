"""What may be in a package-lock.json of a runtime: anything but registry packages with checksums is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from xkit_operator.errors import BuildFailed
from xkit_operator.image.build.npm_lock import check_lock

GOOD: dict[str, Any] = {"version": "1.0.0", "integrity": "sha512-abc"}


def written(
    folder: Path,
    *,
    packages: dict[str, Any] | None = None,
    dependencies: dict[str, Any] | None = None,
    root: dict[str, Any] | None = None,
    lockfile_version: int = 2,
) -> Path:
    """A lock in `folder`, with the package.json that it belongs to."""
    package = {"name": "runtime", "version": "1.0.0", **(root or {})}
    document = {
        "name": "runtime",
        "version": "1.0.0",
        "lockfileVersion": lockfile_version,
        "packages": {"": package, **(packages or {})},
        "dependencies": dependencies or {},
    }
    (folder / "package.json").write_text(json.dumps(package))
    lock = folder / "package-lock.json"
    lock.write_text(json.dumps(document))
    return lock


def test_registry_packages_with_checksums_pass(tmp_path: Path) -> None:
    check_lock(
        written(
            tmp_path,
            root={"dependencies": {"a": "^1.0.0", "b": ">=1 <3 || 5.x", "c": "npm:@scope/c@~1.2", "d": "latest"}},
            packages={"node_modules/a": {**GOOD, "hasInstallScript": True}, "node_modules/a/node_modules/@s/b": GOOD},
            dependencies={"a": {**GOOD, "dependencies": {"@s/b": GOOD}}},
        )
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "file:../evil",
        "../evil",
        "link:../evil",
        "workspace:*",
        "git+https://example.invalid/evil.git",
        "git+ssh://git@example.invalid/evil.git#v1",
        "git://example.invalid/evil.git",
        "github:someone/evil",
        "someone/evil",
        "gitlab:someone/evil",
        "https://example.invalid/evil.tgz",
        "http://example.invalid/evil.tgz",
    ],
)
def test_a_dependency_from_elsewhere_is_refused_wherever_it_stands(tmp_path: Path, wanted: str) -> None:
    of_root = written(tmp_path, root={"dependencies": {"evil": wanted}}, packages={"node_modules/evil": GOOD})
    with pytest.raises(BuildFailed) as refusal:
        check_lock(of_root)
    assert f"evil: package.json asks for {wanted!r}" in str(refusal.value)
    assert "npm install --package-lock-only" in str(refusal.value)
    with pytest.raises(BuildFailed) as refusal:
        check_lock(written(tmp_path, packages={"node_modules/evil": {**GOOD, "resolved": wanted}}))
    assert f"evil: comes from {wanted!r}" in str(refusal.value)
    with pytest.raises(BuildFailed) as refusal:
        check_lock(written(tmp_path, dependencies={"a": {**GOOD, "dependencies": {"evil": {"version": wanted}}}}))
    assert f"evil: comes from {wanted!r}" in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"packages": {"node_modules/evil": {"version": "1.0.0"}}}, "evil: has no sha512 integrity"),
        ({"packages": {"node_modules/evil": {**GOOD, "integrity": "sha1-abc"}}}, "evil: has no sha512 integrity"),
        ({"dependencies": {"evil": {"version": "1.0.0"}}}, "evil: has no sha512 integrity"),
        ({"packages": {"node_modules/evil": {"resolved": "../evil", "link": True}}}, "evil: a link to '../evil'"),
        ({"packages": {"libs/evil": {"version": "1.0.0"}}}, "libs/evil: a folder of this machine"),
        ({"root": {"workspaces": ["libs/*"]}}, "workspaces are folders of this machine"),
        ({"root": {"bundleDependencies": ["evil"]}}, "package.json: bundles its dependencies"),
        ({"packages": {"node_modules/a": {**GOOD, "bundleDependencies": ["evil"]}}}, "a: bundles its dependencies"),
        (
            {"packages": {"node_modules/a/node_modules/evil": {"version": "1.0.0", "inBundle": True}}},
            "evil: is bundled by another package",
        ),
        ({"dependencies": {"evil": {"version": "1.0.0", "bundled": True}}}, "evil: is bundled by another package"),
        ({"root": {"devDependencies": {"evil": "file:x"}}}, "evil: package.json asks for 'file:x'"),
        ({"root": {"optionalDependencies": {"evil": "file:x"}}}, "evil: package.json asks for 'file:x'"),
        ({"root": {"peerDependencies": {"evil": "file:x"}}}, "evil: package.json asks for 'file:x'"),
        ({"lockfile_version": 3}, "lockfileVersion is 3, which npm 6 of Node.js 14 cannot read: it must be 2"),
        ({"lockfile_version": 1}, "lockfileVersion is 1"),
    ],
)
def test_what_no_checksum_covers_is_refused(tmp_path: Path, content: dict[str, Any], words: str) -> None:
    with pytest.raises(BuildFailed) as refusal:
        check_lock(written(tmp_path, **content))
    assert words in str(refusal.value)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    packages = {f"node_modules/{name}": {"version": "1.0.0"} for name in ("one", "two", "three")}
    with pytest.raises(BuildFailed) as refusal:
        check_lock(written(tmp_path, packages=packages))
    assert all(f"{name}: has no sha512" in str(refusal.value) for name in ("one", "two", "three"))


def test_a_lock_that_is_no_json_is_refused(tmp_path: Path) -> None:
    lock = written(tmp_path)
    lock.write_text("{")
    with pytest.raises(BuildFailed, match="are no JSON"):
        check_lock(lock)
