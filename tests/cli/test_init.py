"""`xkit init`: what it writes, and what it refuses to write over."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Xkit


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_files_are_named_and_what_to_do_next(xkit: Xkit) -> None:
    done = xkit("init", "services/shop")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == sorted(f"{one}" for one in Path("services").rglob("*") if one.is_file())
    assert "cd services/shop, xkit check" in done.stderr


def test_machines_get_the_same_files(xkit: Xkit, tmp_path: Path) -> None:
    done = xkit("init", tmp_path / "crm", "-o", "json")
    files = json.loads(done.stdout)["files"]
    assert sorted(files) == sorted(str(file) for file in (tmp_path / "crm").rglob("*") if file.is_file())


def test_the_destination_has_the_name_of_the_folder_everywhere(xkit: Xkit) -> None:
    xkit("init", "shop")
    texts = [one.read_text() for one in Path("shop").rglob("*") if one.is_file()]
    assert "name: shop\n" in Path("shop/destination.yaml").read_text()
    assert not any("crm-contacts" in text for text in texts)


def test_the_samples_are_mapped_as_its_own_tests_expect(xkit: Xkit) -> None:
    xkit("init", "shop")
    arguments = ["map", "shop", "--source", "hubspot", "--object", "contact", "--record"]
    assert xkit(*arguments, "shop/samples/hubspot-contact.json").exit_code == 0
    assert xkit(*arguments, "shop/samples/hubspot-contact-without-email.json").exit_code == 1


def test_a_folder_with_something_in_it_is_left_alone(xkit: Xkit) -> None:
    Path("shop").mkdir()
    assert xkit("init", "shop").exit_code == 0
    Path("shop/destination.yaml").write_text("mine")
    done = xkit("init", "shop")
    assert done.exit_code == 1
    assert "is there already, and not empty" in done.stderr
    assert Path("shop/destination.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Shop", "1shop", "my_shop", "s" * 54, "shop.example"])
def test_a_name_that_no_destination_can_have_is_refused_before_anything_is_written(xkit: Xkit, name: str) -> None:
    done = xkit("init", name)
    assert done.exit_code == 1
    assert not Path(name).exists()
