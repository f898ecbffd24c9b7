"""The operator's settings, from environment variables: the only place that knows their names.

Read once at start; a value that cannot be used ends the process with an InvalidSetting that names the variable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from xkit_operator.errors import InvalidSetting

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`namespaces` is empty for all of them. The registry has two names: as the operator and as the nodes see it.

    `images_cleanup`: old images are deleted; `images_finalizer`: and a deleted Destination takes all of its own along.
    `lease_namespace` and `lease_name` are of the Lease that one of several processes holds; no namespace: there is one.
    `runtimes_directory` has the runtimes' images; below `runtimes_root` their Node.js is unpacked, ready to run.
    """

    instance: str
    lease_namespace: str | None
    lease_name: str
    namespaces: tuple[str, ...]
    registry_push: str
    registry_pull: str
    registry_prefix: str
    registry_naming: Literal["nested", "flat"]
    registry_plain_http: bool
    registry_plain_http_login: bool
    registry_authorities: Path | None
    registry_credentials: Path | None
    images_cleanup: bool
    images_finalizer: bool
    dispatcher_image: str
    runtimes_directory: Path
    runtimes_root: Path
    workers: int
    resync_seconds: float
    rebase_concurrency: int
    log_level: str
    http_port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables. Raises InvalidSetting for the first that is missing or of no use."""
        push = _required(environment, "XKIT_REGISTRY_PUSH", "the registry to push images to, as host[:port]")
        return cls(
            instance=environment.get("POD_NAME") or "xkit-operator",
            lease_namespace=_lease_namespace(environment),
            lease_name=environment.get("XKIT_LEASE_NAME") or "xkit-operator",
            namespaces=_names(environment.get("XKIT_NAMESPACES", "")),
            registry_push=push,
            registry_pull=environment.get("XKIT_REGISTRY_PULL") or push,
            registry_prefix=environment.get("XKIT_REGISTRY_PREFIX") or "xkit",
            registry_naming=_naming(environment),
            registry_plain_http=_flag(environment, "XKIT_REGISTRY_PLAIN_HTTP"),
            registry_plain_http_login=_flag(environment, "XKIT_REGISTRY_PLAIN_HTTP_LOGIN"),
            registry_authorities=_path(environment, "XKIT_REGISTRY_CA"),
            registry_credentials=_path(environment, "XKIT_REGISTRY_CREDENTIALS"),
            images_cleanup=_flag(environment, "XKIT_IMAGES_CLEANUP"),
            images_finalizer=_flag(environment, "XKIT_IMAGES_FINALIZER"),
            dispatcher_image=_required(environment, "XKIT_DISPATCHER_IMAGE", "the reference of the dispatcher's image"),
            runtimes_directory=Path(environment.get("XKIT_RUNTIMES_DIR") or "/app/runtimes"),
            runtimes_root=Path(environment.get("XKIT_RUNTIMES_ROOT") or "/"),
            workers=_number(environment, "XKIT_WORKERS", default=4, least=1, most=64),
            resync_seconds=_number(environment, "XKIT_RESYNC_SECONDS", default=300, least=10, most=86400),
            rebase_concurrency=_number(environment, "XKIT_REBASE_CONCURRENCY", default=1, least=1, most=1000),
            log_level=_one_of(environment, "XKIT_LOG_LEVEL", _LOG_LEVELS, default="INFO"),
            http_port=_number(environment, "XKIT_HTTP_PORT", default=8080, least=0, most=65535),
        )


def _required(environment: Mapping[str, str], name: str, meaning: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise InvalidSetting(f"{name} is not set; it must be {meaning}")
    return value


def _lease_namespace(environment: Mapping[str, str]) -> str | None:
    if not _flag(environment, "XKIT_LEADER_ELECTION"):
        return None
    _required(environment, "POD_NAME", "the name of this Pod, which tells two processes apart")
    return _required(environment, "POD_NAMESPACE", "the namespace of this Pod")


def _names(text: str) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for name in text.split(",")} - {""}))


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name) or "false"
    if value not in ("true", "false"):
        raise InvalidSetting(f"{name} is {value!r}; it must be true or false")
    return value == "true"


def _naming(environment: Mapping[str, str]) -> Literal["nested", "flat"]:
    match environment.get("XKIT_REGISTRY_NAMING") or "nested":
        case "nested":
            return "nested"
        case "flat":
            return "flat"
        case other:
            raise InvalidSetting(f"XKIT_REGISTRY_NAMING is {other!r}; it must be nested or flat")


def _number(environment: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise InvalidSetting(f"{name} is {text!r}; it must be a whole number from {least} to {most}")
    return int(text)


def _one_of(environment: Mapping[str, str], name: str, values: tuple[str, ...], *, default: str) -> str:
    value = environment.get(name) or default
    if value.upper() not in values:
        raise InvalidSetting(f"{name} is {value!r}; it must be one of {', '.join(values)}")
    return value.upper()
