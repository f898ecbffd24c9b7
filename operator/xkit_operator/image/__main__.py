"""`python -m xkit_operator.image`: builds the images of a release as OCI layouts, and pushes layouts to a registry.

For whoever releases or tries the product from a source tree; the operator uses the parts below without it.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from xkit_operator.errors import XkitError
from xkit_operator.image import layout
from xkit_operator.image.build.cache import cache_directory
from xkit_operator.image.build.debian import Choice
from xkit_operator.image.build.output import write
from xkit_operator.image.build.release import IMAGES, Origin, Release
from xkit_operator.image.build.renewal import renew
from xkit_operator.image.build.sizes import table
from xkit_operator.image.registry.access import Access
from xkit_operator.image.registry.client import Registry
from xkit_operator.image.registry.credentials import Credentials
from xkit_operator.image.transfer import push

SOURCE = Path(__file__).parents[3]


def main() -> int:
    arguments = _parser().parse_args()
    start = time.monotonic()
    try:
        if arguments.command == "build":
            choice = Choice.LOCKED_ONLY if arguments.locked else Choice.LOCKED
            origin = Origin(source=SOURCE, choice=choice, revision=arguments.revision)
            _build(origin, arguments.names or list(IMAGES), arguments.out)
        elif arguments.command == "renew":
            for line in renew(SOURCE, cache_directory(), _say):
                _say(line)
        else:
            asyncio.run(_push(arguments.layout, arguments.reference, _access(arguments)))
    except XkitError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    _say(f"done in {time.monotonic() - start:.1f} s")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m xkit_operator.image", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="write OCI layouts, and a bill of materials (SPDX 2.3) beside each")
    build.add_argument("names", nargs="*", type=_name, metavar="NAME", help=f"{', '.join(IMAGES)} (default: all)")
    build.add_argument("--out", type=Path, required=True, help="the folder for the layouts")
    build.add_argument("--locked", action="store_true", help="refuse any Debian package but the recorded ones")
    build.add_argument("--revision", default="", metavar="COMMIT", help="what the annotation of our own images says")
    commands.add_parser("renew", help="record what Debian has now, and say what that changes")
    send = commands.add_parser("push", help="push an OCI layout")
    send.add_argument("layout", type=Path)
    send.add_argument("reference", type=_reference, help="HOST[:PORT]/REPOSITORY:TAG")
    send.add_argument("--plain-http", action="store_true", help="the registry speaks HTTP without TLS")
    send.add_argument("--plain-http-login", action="store_true", help="and may be sent a password like that")
    send.add_argument("--ca", type=Path, metavar="FILE", help="certificates to trust instead of the system's (PEM)")
    send.add_argument("--credentials", type=Path, metavar="FILE", help="logins: a .dockerconfigjson or config.json")
    return parser


def _access(arguments: argparse.Namespace) -> Access:
    return Access(
        plain_http=arguments.plain_http,
        plain_http_login=arguments.plain_http_login,
        authorities=arguments.ca,
        credentials=Credentials(arguments.credentials),
    )


def _name(text: str) -> str:
    if text not in IMAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(IMAGES)}")
    return text


def _reference(text: str) -> tuple[str, str, str]:
    """Host, repository and tag."""
    host, _, path = text.partition("/")
    repository, _, tag = path.rpartition(":")
    if not (host and repository and tag):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST[:PORT]/REPOSITORY:TAG")
    return host, repository, tag


def _build(origin: Origin, names: Sequence[str], out: Path) -> None:
    release = Release(origin, cache_directory(), _say)
    for line in table(write(release, names, out), release.cache.name):
        _say(line)


async def _push(directory: Path, reference: tuple[str, str, str], access: Access) -> None:
    host, repository, tag = reference
    async with Registry(host, access) as registry:
        await push(registry, layout.read(directory), repository=repository, tag=tag, report=_say)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
