"""The runtime nodejs14, built from its declaration: what is in it, that it runs, and that it comes out the same."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.registry.conftest import NODEJS14
from xkit_operator.image.build.cache import LayerCache, cache_directory
from xkit_operator.image.build.packages import packages_layer
from xkit_operator.image.build.runtime import build_runtime
from xkit_operator.image.layer import unpack
from xkit_operator.image.runtime import Runtime

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def root(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file system of a container of the runtime."""
    root = tmp_path_factory.mktemp("root")
    unpack(runtime.image.layers, root)
    return root


def test_the_runtime_is_built_the_same_from_its_parts_again(runtime: Runtime, tmp_path: Path) -> None:
    again = build_runtime(NODEJS14, LayerCache(tmp_path, print), cache_directory())
    assert again.image.manifest.digest == runtime.digest


def test_the_node_binary_is_the_declared_one(runtime: Runtime) -> None:
    version = subprocess.run([runtime.node, "--version"], stdout=subprocess.PIPE, text=True, check=True)
    assert version.stdout.strip() == "v14.21.3"


@pytest.mark.parametrize("package", ["axios", "core-js", "lodash", "node-fetch", "uuid"])
def test_a_default_package_loads_from_a_module_below_app(runtime: Runtime, root: Path, package: str) -> None:
    (root / "app" / "functions").mkdir(exist_ok=True)
    (root / "app" / "functions" / "probe.mjs").write_text(f"import '{package}'; console.log('loaded')")
    probe = subprocess.run(
        [runtime.node, root / "app" / "functions" / "probe.mjs"], stdout=subprocess.PIPE, text=True, check=True
    )
    assert probe.stdout.strip() == "loaded"


def test_there_is_no_shell_and_no_file_that_changes_its_user(root: Path) -> None:
    assert not [name for name in ("bin/sh", "usr/bin/sh", "bin/bash", "usr/bin/env") if (root / name).exists()]
    assert not [path for path in root.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o6000]


def test_node_trusts_the_certificates_of_debian(runtime: Runtime, root: Path) -> None:
    environment = json.loads(runtime.image.config.read())["config"]["Env"]
    assert "NODE_OPTIONS=--use-openssl-ca" in environment
    assert "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" in environment
    bundle = (root / "etc/ssl/certs/ca-certificates.crt").read_text()
    assert bundle.count("BEGIN CERTIFICATE") > 100


def test_install_scripts_never_run(tmp_path: Path) -> None:
    # npm runs these of the root, too: no package of the registry is needed to see it
    scripts = dict.fromkeys(["preinstall", "install", "postinstall", "prepare"], f"touch {tmp_path / 'ran'}")
    package = {"name": "scripts", "version": "1.0.0", "scripts": scripts}
    (tmp_path / "package.json").write_text(json.dumps(package))
    lock = {"name": "scripts", "version": "1.0.0", "lockfileVersion": 2, "packages": {"": package}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    packages_layer(LayerCache(tmp_path / "layers", print), tmp_path / "package-lock.json")
    assert not (tmp_path / "ran").exists()


def test_the_layers_are_as_small_as_documented(runtime: Runtime) -> None:
    system, node, packages, executor = (layer.blob.size for layer in runtime.image.layers)
    assert system < 4 * MEGABYTE
    assert node < 29 * MEGABYTE
    assert packages < 2.5 * MEGABYTE
    assert executor < 0.05 * MEGABYTE
