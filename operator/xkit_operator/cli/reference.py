"""docs/reference/cli.md, written from the commands themselves: `python -m xkit_operator.cli.reference FILE`.

A test proves it fresh. What is not in a command's own help stands in the texts here.
"""

import sys
from pathlib import Path
from typing import Any

import click

from xkit_operator.cli import main as xkit

_HEAD = """\
<!-- Generated from the commands by `make reference`; do not edit. -->
# The command line

`xkit` is for those who write functions and mappings, and for the CI of a repository of manifests. Installed from the
wheel, it is complete: `pip install xkit-operator`. It is a plugin of kubectl, too: `kubectl xkit check` is `xkit
check`. [A session](../session.md) shows it at work.

- **Exit codes**: 0 fine, 1 what was asked failed, 2 wrong usage, 130 interrupted.
- **Output**: what was asked for goes to standard output, all else to standard error. `-o json` gives machines the
  same facts. Colour appears on a terminal only, and never with `NO_COLOR` set.
- **Node.js**: functions are parsed and run by Node.js 14, the one of the runtime: `--node FILE`, else `$XKIT_NODE`,
  else one that `npm` fetches once into `~/.cache/xkit-operator` (or below `$XDG_CACHE_HOME`), checked against the
  checksum of the runtime where that is known (Linux on x86-64). The default packages come the same way, as the
  runtime's lock says. Both work offline from then on.
- **Projects**: a PATH is a file, a folder (all `*.yaml` and `*.yml` in it and below; not what is hidden,
  `node_modules`, or the templates of a Helm chart), or `-` for the standard input. Destinations, SourceMappings,
  ConfigMaps and Secrets are read; other objects are passed over. YAML is read as kubectl reads it. Overlays of
  kustomize are no whole objects: pipe them, `kubectl kustomize overlay | xkit check -`.
- **Functions**: where `sourceFrom` names a ConfigMap that is among the files, its key is read. Where it is not, the
  file `functions/KEY` beside the manifest is. So the same manifest works with a `configMapGenerator` of kustomize and
  with `xkit render`, which puts the file into the manifest.

- **Clusters**: `status`, `logs` and `version` ask the cluster that kubectl would ask, with your own rights; `-n`,
  `--context` and `--kubeconfig` mean what they mean there. The roles `view`, `edit` and `admin` of a namespace
  suffice. That a Destination is not ready is an answer, and no failure: `kubectl wait --for=condition=Ready` is for
  scripts.

## Completion

| shell | what to put where |
|---|---|
| bash | `eval "$(_XKIT_COMPLETE=bash_source xkit)"` in `~/.bashrc` |
| zsh | `eval "$(_XKIT_COMPLETE=zsh_source xkit)"` in `~/.zshrc` |
| fish | `_XKIT_COMPLETE=fish_source xkit \\| source` in `~/.config/fish/completions/xkit.fish` |

## Findings of `xkit check`

An error is what would be refused; a warning may be right, and leaves the exit code at 0; a note is for you to know.

| code | level | what it means |
|---|---|---|
| `InvalidYaml`, `Unreadable` | error | the file cannot be read; the objects in it before that place are judged |
| `InvalidManifest`, `UnknownKind` | error | something that tried to be a Destination or a SourceMapping |
| `DuplicateField`, `DuplicateObject` | error | the second of two; kubectl would silently take the last |
| `InvalidSpec`, `UnknownField` | error | what the API server refuses: schema, rules, strict validation of fields |
| `UnknownRuntime`, `FunctionSyntaxError` | error | what the operator refuses; see [conditions](conditions.md) |
| `ConfigMapKeyNotFound`, `SecretKeyNotFound` | error | an object among the files lacks the key that is referred to |
| `UnknownInput`, `RequiredInputUnmapped`, `RequiredInputEmpty`, \
`InvalidPointer`, `CannotFeedType`, `InvalidStaticValue`, `InvalidDefault` \
| error | the mapping does not fit (`MappingDoesNotFit`); see [mapping](mapping.md) |
| `SourceConflict` | error | two mappings for one source of one Destination: only the older would serve |
| `NodeNotFound` | error | functions could not be parsed; `--no-syntax` leaves them out |
| `ConfigMapNotFound`, `DestinationNotFound` | warning | not among the files; it must be in the cluster |
| `OddPointer` | warning | a bare name with a slash in it: probably a pointer whose first slash is missing |
| `UnmappedInput` | note | an optional input without an entry is always null |

Only the API server can judge what is passed on to it verbatim: fields of `pod`, rules of `network`, metrics of
`autoscaling`. Whether an image can be pushed, and whether Secrets exist, only the cluster knows.
"""


def reference() -> str:
    """The whole page."""
    return _HEAD + "".join(_section(name) for name in xkit.summaries)


def _section(name: str) -> str:
    width: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
    root = click.Context(xkit, info_name="xkit", **width, **xkit.context_settings)
    command = xkit.get_command(root, name)
    if command is None:
        raise ValueError(f"there is no command {name}")
    context = click.Context(command, info_name=name, parent=root, **width)
    return f"\n## xkit {name}\n\n```text\n{command.get_help(context)}\n```\n"


def main(arguments: list[str]) -> int:
    """Write the page into the file that is named."""
    if len(arguments) != 1:
        print("usage: python -m xkit_operator.cli.reference FILE", file=sys.stderr)
        return 2
    Path(arguments[0]).write_text(reference(), encoding="utf-8")
    print(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
