"""What the threat model says that scanners find, and why it is so: a table for each of them."""

import re

from tests.pages import DOCS

PAGE = DOCS / "explanation" / "threat-model.md"
NAMES = {
    "operator": "xkit-operator",
    "bundled registry": "xkit-operator-registry",
    "`helm test`": "xkit-operator-test",
    "runner": "crm-contacts",
}
"""What the page calls an object, and its name."""


def explained(scanner: str) -> set[tuple[str, str]]:
    """Check and object, as the table below the heading of `scanner` has them."""
    section = PAGE.read_text("utf-8").partition(f"\n### {scanner}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \|", section, re.MULTILINE)
    return {
        (check, name)
        for check, told in rows
        for name in (NAMES.values() if told == "all" else (NAMES[one] for one in told.split(", ")))
    }
