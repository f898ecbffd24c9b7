"""What a build leaves in its folder: for each image an OCI layout, and its bill of materials beside it."""

from collections.abc import Iterable
from pathlib import Path

from xkit_operator.image import layout
from xkit_operator.image.build.release import IMAGES, Release
from xkit_operator.image.build.sbom import spdx
from xkit_operator.image.manifest import Image


def write(release: Release, names: Iterable[str], out: Path) -> dict[str, Image]:
    """Build the images of these `names` (see IMAGES) into `out`. Returns them by the name of their layout."""
    images = {}
    for name in names:
        folder, make = IMAGES[name]
        release.cache.report(folder)
        images[folder] = image = make(release)
        layout.write(image, out / folder)
        (out / f"{folder}.spdx.json").write_bytes(spdx(image, folder, release.components(image)))
    return images
