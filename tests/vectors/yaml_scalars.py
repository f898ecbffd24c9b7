"""Plain scalars of YAML and what kubectl sends to the API server for them; a real kubectl is asked in tests/api."""

import json
from typing import Any

SCALARS: dict[str, Any] = {
    "y": True, "N": False, "yes": True, "Off": False, "TRUE": True, "~": None, "null": None, "nUll": "nUll",
    "1e3": 1000, "1.0": 1, "1.": 1, "-0": 0, "+1": 1, ".5": 0.5, "+.5": 0.5, "1.5e-7": 1.5e-7, "1e": "1e",
    "1e400": "1e400", "1_000": 1000, "1__0": 10, "_1": "_1", "017": 15, "-017": -15, "0o17": 15, "0x1f": 31,
    "0b11": 3, "09": 9, "0xfffffffffffffffff": "0xfffffffffffffffff", "1" + "0" * 400: "1" + "0" * 400,
    "1" + "0" * 5000: "1" + "0" * 5000, "12:30": "12:30", "2021-04-05": "2021-04-05",
    "2001-12-14t21:59:43.10-05:00": "2001-12-14t21:59:43.10-05:00", "9223372036854775807": 9223372036854775807,
    "9223372036854775808": 9.223372036854775808e18, "12345678901234567890123": 1.2345678901234568e22,
    "=": "=", "a b": "a b", '"5"': "5", "'y'": "y", "!!str 5": "5", '!!int "3"': 3, "!!float 3": 3, "!mine x": "x",
}  # fmt: skip


def same(found: Any, expected: Any) -> bool:
    """Equal as JSON values: 1 is not true, and not 1.0 either."""
    return json.dumps(found) == json.dumps(expected)
