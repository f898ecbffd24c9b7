"""What a cached program's key depends on, and the flags that it is built with."""

import shutil
from pathlib import Path

import pytest

from dev.cluster.tools import SOURCES, TOOLS, Tool, bin_directory, build_flags, cache_key, module_version

PAUSE = next(tool for tool in TOOLS if tool.name == "pause")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    shutil.copytree(SOURCES, tmp_path / "tools")
    return tmp_path / "tools"


def test_the_same_sources_have_the_same_key_wherever_they_lie(sources: Path) -> None:
    assert cache_key(PAUSE, sources, "go1 amd64") == cache_key(PAUSE, SOURCES, "go1 amd64")


@pytest.mark.parametrize("file", ["go.mod", "go.sum", "pause/main.go", "pause/more.go"])
def test_a_change_of_any_source_changes_the_key(sources: Path, file: str) -> None:
    before = cache_key(PAUSE, sources, "go1 amd64")
    with (sources / file).open("a") as opened:
        opened.write("\n// changed\n")
    assert cache_key(PAUSE, sources, "go1 amd64") != before


def test_another_compiler_changes_the_key() -> None:
    assert cache_key(PAUSE, SOURCES, "go1 amd64") != cache_key(PAUSE, SOURCES, "go1 arm64")


def test_other_flags_change_the_key() -> None:
    stamped = Tool("pause", package=PAUSE.package, module="k8s.io/kubernetes", stamp="main.version")
    assert cache_key(PAUSE, SOURCES, "go1 amd64") != cache_key(stamped, SOURCES, "go1 amd64")


def test_a_file_of_another_program_does_not_change_the_key(sources: Path) -> None:
    before = cache_key(PAUSE, sources, "go1 amd64")
    (sources / "kube" / "more.go").write_text("package main\n")
    assert cache_key(PAUSE, sources, "go1 amd64") == before


def test_kube_is_stamped_with_the_version_that_go_mod_requires() -> None:
    kube = next(tool for tool in TOOLS if tool.name == "kube")
    go_mod = "require (\n\tk8s.io/kubernetes v1.2.3\n)\n"
    assert "-ldflags=-s -w -X k8s.io/component-base/version.gitVersion=v1.2.3" in build_flags(kube, go_mod)


def test_a_module_that_is_not_required_has_no_version() -> None:
    with pytest.raises(ValueError, match=r"example\.test/module"):
        module_version("require example.test/module/v2 v2.0.0\n", "example.test/module")


def test_a_bin_directory_belongs_to_one_set_of_programs(tmp_path: Path) -> None:
    assert bin_directory(tmp_path, ["a", "b"]) == bin_directory(tmp_path, ["a", "b"])
    assert bin_directory(tmp_path, ["a", "b"]) != bin_directory(tmp_path, ["a", "c"])
