"""The table of sizes: a layer once, with the images that share it, and the true size of what it unpacks to."""

import gzip

from xkit_operator.image.build.sizes import table, unpacked
from xkit_operator.image.layer import Entry, Layer, pack
from xkit_operator.image.manifest import Process, image

BELOW, LEFT, RIGHT = (pack([Entry.file(name, b"x" * 100_000)]) for name in ("below", "left", "right"))
PROCESS = Process(entrypoint=["/run"], environment={})
IMAGES = {"one": image([BELOW, LEFT], PROCESS), "two": image([BELOW, RIGHT], PROCESS)}


def name_of(layer: Layer) -> str:
    return {BELOW: "below", LEFT: "left", RIGHT: "right"}[layer]


def test_a_shared_layer_is_named_once_with_its_images() -> None:
    lines = list(table(IMAGES, name_of))
    starts = [line.split()[0] for line in lines]
    assert starts == ["layer", "below", "left", "right", "image", "one", "two", "together"]
    assert [lines[number].split()[-1] for number in (1, 2, 3)] == ["all", "one", "two"]


def test_an_image_has_its_layers_its_digest_and_the_sum_of_its_layers() -> None:
    line = next(line for line in table(IMAGES, name_of) if line.startswith("one"))
    assert line.endswith("below, left")
    assert IMAGES["one"].manifest.digest.removeprefix("sha256:") in line
    assert f"{(unpacked(BELOW) + unpacked(LEFT)) / 1e6:.2f} MB" in line


def test_the_unpacked_size_is_that_of_the_tar() -> None:
    assert unpacked(BELOW) == len(gzip.decompress(BELOW.blob.read()))
