"""The same functions give the same image in every process, whatever its hash seed, time zone and umask."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUILD = """
import os, sys
from pathlib import Path
os.umask(int(os.environ["MASK"], 8))
from xkit_operator.image.function import function_image
from xkit_operator.image.runtime import RuntimeCatalogue
runtime = RuntimeCatalogue(Path(sys.argv[1])).get("nodejs14")
functions = {"upsert": "module.exports = 1", "delete": "module.exports = 2"}
labels = {name: name for name in {"one", "two", "three", "four"}}
image = function_image(runtime, functions, dict.fromkeys(functions, "commonjs"), labels=labels)
print(image.manifest.digest)
"""


def digest(runtimes: Path, **environment: str) -> str:
    command = [sys.executable, "-c", BUILD, str(runtimes)]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "MASK": "022"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "MASK": "077"},
        {"PYTHONHASHSEED": "3", "TZ": "America/St_Johns", "MASK": "000", "LC_ALL": "C"},
    ],
    ids=["seed 1", "seed 2", "seed 3"],
)
def test_another_process_gives_the_same_digest(runtimes: Path, environment: dict[str, str]) -> None:
    baseline = digest(runtimes, PYTHONHASHSEED="0", TZ="UTC", MASK="022")
    assert digest(runtimes, **environment) == baseline


ACCENTS = """
import sys
from pathlib import Path
from xkit_operator.image.layer import pack, tree, unpack
root, copy = Path(sys.argv[1]), Path(sys.argv[2])
layer = pack(tree(root))
unpack([layer], copy)
print(layer.diff_id, pack(tree(copy)).diff_id)
"""


def test_names_with_accents_are_the_same_in_a_locale_that_has_none(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "Főtanúsítvány.crt").write_text("x")
    (tmp_path / "root" / "link").symlink_to("Főtanúsítvány.crt")
    found = set()
    for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C.UTF-8"}):
        copy = tmp_path / f"copy-{locale['LC_ALL']}"
        command = [sys.executable, "-c", ACCENTS, str(tmp_path / "root"), str(copy)]
        done = subprocess.run(command, env={**os.environ, **locale}, stdout=subprocess.PIPE, text=True, check=True)
        found |= set(done.stdout.split())
    assert len(found) == 1
