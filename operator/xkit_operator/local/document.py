"""YAML as Kubernetes reads it, with the line and column of every field: one document, or several in one text.

The value is what kubectl would send as JSON; the places are looked up afterwards, and only where something is wrong.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from xkit_operator.local.finding import Finding, Place
from xkit_operator.local.scalars import plain, tagged
from xkit_operator.local.unreadable import unreadable

# The parser in C is ten times as fast; not every installation of PyYAML has it.
_Fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Node = yaml.nodes.Node
_PLAIN = "plain"


class _Loader(_Fastest):  # type: ignore[misc]
    """Tells plain scalars from others, and reads nothing into them: that is for scalars.py."""

    yaml_implicit_resolvers: ClassVar[Any] = {None: [(_PLAIN, re.compile(""))]}


@dataclass(frozen=True)
class Document:
    """One document of a file. `lines` are those of the whole file."""

    path: Path
    value: Any
    node: _Node
    lines: Sequence[str]
    findings: tuple[Finding, ...] = ()
    """What is wrong with it already as YAML."""

    def place(self, field: Sequence[int | str] = ()) -> Place:
        """Where `field` (steps such as "spec", "inputs", 0) is, or the innermost part of the way there that exists.

        A member of an object is where its name is.
        """
        mark, node = self.node.start_mark, self.node
        for step in field:
            found = _child(node, step)
            if found is None:
                break
            mark, node = found
        return Place(self.path, mark.line + 1, mark.column + 1)

    def text_place(self, field: Sequence[int | str], line: int, column: int) -> Place:
        """Where in the file a line and a column of the text at `field` are: exact for a block (`|`)."""
        node = self.node
        for step in field:
            found = _child(node, step)
            if found is None:
                return self.place(field)
            node = found[1]
        start = node.start_mark
        if not isinstance(node, yaml.ScalarNode) or node.style != "|":
            return Place(self.path, start.line + 1, start.column + 1)
        # leading spaces of the text itself are not the block's indent, which may be given by a number (`|2`)
        indent = _lead(self.lines[start.line + 1 :]) - _lead(node.value.split("\n"))
        return Place(self.path, start.line + 1 + line, indent + column)


def _lead(lines: Iterable[str]) -> int:
    """The spaces before the first line that has more than spaces."""
    return next((len(text) - len(text.lstrip(" ")) for text in lines if text.strip(" ")), 0)


def read_documents(path: Path, text: str) -> tuple[list[Document], list[Finding]]:
    """The documents of a file, up to the first that is no YAML, and what is wrong with that one."""
    found: list[Document] = []
    lines = text.splitlines()
    try:
        found += (_document(path, node, lines) for node in yaml.compose_all(text, Loader=_Loader) if not _blank(node))
    except yaml.YAMLError as error:
        return found, [unreadable(path, error, lines)]
    except RecursionError:
        return found, [Finding(Place(path), "InvalidYaml", "is nested deeper than anything that Kubernetes takes")]
    return found, []


def _document(path: Path, node: _Node, lines: Sequence[str]) -> Document:
    findings: list[Finding] = []
    value = _value(node, path, findings)
    return Document(path, value, node, lines, tuple(findings))


def _blank(node: _Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _PLAIN and node.value == ""


def _value(node: _Node, path: Path, findings: list[Finding]) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _object(node, path, findings)
    if isinstance(node, yaml.SequenceNode):
        return [_value(element, path, findings) for element in node.value]
    try:
        return plain(node.value) if node.tag == _PLAIN else tagged(node.tag, node.value)
    except ValueError as error:
        findings.append(Finding(_start(path, node), "InvalidYaml", str(error)))
        return node.value


def _object(node: yaml.MappingNode, path: Path, findings: list[Finding]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, child in node.value:
        value = _value(child, path, findings)
        name = _name(key)
        if name == "<<" and key.tag == _PLAIN:
            for one in value if isinstance(value, list) else [value]:
                merged = {**(one if isinstance(one, dict) else {}), **merged}
            continue
        if name in own:
            message = f"{name} stands here twice: kubectl would take the last without a word"
            findings.append(Finding(_start(path, key), "DuplicateField", message))
        own[name] = value
    return merged | own


def _name(key: _Node) -> str:
    """Names are texts in JSON: kubectl makes "true" of `on`, and "16" of `0x10`."""
    if key.tag != _PLAIN:
        return str(key.value)
    try:
        value = plain(key.value)
    except ValueError:
        return str(key.value)
    return json.dumps(value) if isinstance(value, int | float) else str(key.value)


def _child(node: _Node, step: int | str) -> tuple[Any, _Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, child in reversed(node.value):
            if _name(key) == step:
                return key.start_mark, child
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def _start(path: Path, node: _Node) -> Place:
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)
