"""The reference of both kinds, docs/reference/api.md: `python -m xkit_operator.api.reference DIRECTORY`.

Made from the CRDs, so that it says what the API server enforces and what `kubectl explain` tells; a test proves the
committed page fresh.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from xkit_operator.api.crd import destination_crd, sourcemapping_crd
from xkit_operator.api.group import API_VERSION
from xkit_operator.api.wording import Schema, bounds_of, code, codes, escaped, has_fields, rules_of, type_of

PAGE = "api.md"

_INTRODUCTION = f"""\
<!-- Generated from the models in xkit_operator.api by `make crds`; do not edit. -->
# Destination and SourceMapping

Every field of the two kinds of `{API_VERSION}`, with all that the API server demands of it. `kubectl explain` tells
the same, field by field. What fields mean for records is in [mapping](mapping.md) and [functions](function.md); a
complete example is [examples/crm-contacts](../../examples/crm-contacts/).

- A field without a default may be left out, unless it is required. `null` is as good as leaving it out: a default takes
  its place.
- `kubectl` has unknown fields refused; other clients ask for that with `fieldValidation=Strict`. Of a key that stands
  twice in YAML `kubectl` takes the last, without a word.
- Where any JSON may stand (variables, `static`, `default`, `equals`) nulls may be inside. Client-side `kubectl apply`
  drops them without a word; `kubectl apply --server-side` and `kubectl create` keep them.
- What no API server can see (whether functions parse, mappings fit, Secrets exist) the operator looks at, and says it
  in [conditions](conditions.md). So it does for what goes into other objects as it is, such as `spec.pod.affinity`.
- Releases add to `{API_VERSION}`. Should one have to take something away as long as it is an alpha version, the
  [changelog](../../CHANGELOG.md) says what to do before the upgrade.
- What stands below a table holds for its fields together, in the words of the API server.
"""


class Section(NamedTuple):
    """An object that has fields of its own, and where it stands."""

    kind: str
    path: str
    schema: Schema

    @property
    def title(self) -> str:
        """Its heading on the page."""
        return f"{self.kind} `{self.path}`"

    @property
    def link(self) -> str:
        """What GitHub makes of the heading to link to."""
        return "#" + re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


Alike = Mapping[str, list[Section]]
"""By their shape the objects that have the same fields: they are described once, where the first of them stands."""


def page() -> str:
    """The whole page."""
    crds = (destination_crd(), sourcemapping_crd())
    alike: dict[str, list[Section]] = {}
    for section in (one for crd in crds for one in _sections(crd)):
        alike.setdefault(_shape(section.schema), []).append(section)
    return "\n".join([_INTRODUCTION, *(line for crd in crds for line in _kind(crd, alike))]).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page into the directory that is named."""
    if len(arguments) != 1:
        print("usage: python -m xkit_operator.api.reference DIRECTORY", file=sys.stderr)
        return 2
    path = Path(arguments[0], PAGE)
    path.write_text(page(), encoding="utf-8")
    print(path)
    return 0


def _kind(crd: Schema, alike: Alike) -> Iterator[str]:
    (version,) = crd["spec"]["versions"]
    yield from _heading(crd["spec"]["names"], version)
    yield "| column of `kubectl get` | shows |\n|---|---|"
    for one in version["additionalPrinterColumns"]:
        yield f"| {one['name']}{', with `-o wide`' if one.get('priority') else ''} | {code(one['jsonPath'])} |"
    for section in _sections(crd):
        if alike[_shape(section.schema)][0] == section:
            yield from _described(section, alike)
    yield ""


def _heading(names: Schema, version: Schema) -> Iterator[str]:
    root, short = version["schema"]["openAPIV3Schema"], names["shortNames"][0]
    yield f"## {names['kind']}\n\n{root['description']}\n"
    yield f"- Names for kubectl: {codes([names['plural'], short])}; both kinds at once: {codes(names['categories'])}."
    if name := root["properties"]["metadata"].get("properties", {}).get("name"):
        yield f"- `metadata.name`: {' '.join(bounds_of(name))}"
    selected = [f"kubectl get {short} --field-selector {one['jsonPath'][1:]}=…" for one in version["selectableFields"]]
    yield f"- Selected by field: {codes(selected)}."
    if "scale" in version["subresources"]:
        yield f"- Scaled by {code(f'kubectl scale {short}/NAME --replicas=2')}."
    yield ""


def _sections(crd: Schema) -> Iterator[Section]:
    (version,) = crd["spec"]["versions"]
    for part in ("spec", "status"):
        schema = version["schema"]["openAPIV3Schema"]["properties"][part]
        yield from _below(Section(crd["spec"]["names"]["kind"], part, schema))


def _below(section: Section) -> Iterator[Section]:
    yield section
    for name, field in section.schema["properties"].items():
        if has_fields(field):
            path = f"{section.path}.{name}" + ("[]" if "items" in field else "")
            yield from _below(Section(section.kind, path, field.get("items", field)))


def _described(section: Section, alike: Alike) -> Iterator[str]:
    yield f"\n### {section.title}\n\n{section.schema['description']}\n"
    if others := [one.path for one in alike[_shape(section.schema)][1:] if one.kind == section.kind]:
        yield f"The same fields: {codes(others)}.\n"
    yield "| field | type | default | description |\n|---|---|---|---|"
    for name, field in section.schema["properties"].items():
        kind = type_of(field)
        if has_fields(field):
            kind = f"[{kind}]({alike[_shape(field.get('items', field))][0].link})"
        default = code(json.dumps(field["default"])) if "default" in field else ""
        default = "**required**" if name in section.schema.get("required", ()) else default
        text = " ".join([escaped(field["description"]), *bounds_of(field)])
        yield f"| {code(f'{section.path}.{name}')} | {kind} | {default} | {text} |"
    if rules := list(rules_of(section.schema)):
        yield "\n" + "\n".join(f"- {rule}." for rule in rules)


def _shape(schema: Schema) -> str:
    """Equal for objects with the same fields, whatever is said about each object as a whole."""
    return json.dumps({key: value for key, value in schema.items() if key != "description"}, sort_keys=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
