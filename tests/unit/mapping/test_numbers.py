"""Numbers as JavaScript writes and reads them, judged by a real engine."""

import math
import random
import struct
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.mapping.conftest import Node
from xkit_operator.mapping.numbers import (
    MAX_SAFE_INTEGER,
    double_of_text,
    integer_of_text,
    is_double,
    javascript_text,
)


def doubles(count: int) -> list[float]:
    """Finite doubles: all powers of ten and their neighbours, the edges, and many of random bits, always the same."""
    source = random.Random(14)  # noqa: S311 - test data, not a secret
    edges = [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**53, 2.0**53 - 1, 0.1 + 0.2]
    powers = [float(f"1e{exponent}") for exponent in range(-323, 309)]
    near = [math.nextafter(power, way) for power in powers for way in (-math.inf, math.inf)]
    bits = (struct.unpack("<d", source.randbytes(8))[0] for _ in range(count))
    short = (source.randint(-(10**8), 10**8) / 10 ** source.randint(0, 12) for _ in range(count))
    return [*edges, *powers, *near, *(one for one in bits if math.isfinite(one)), *short]


def test_a_double_is_written_as_javascript_writes_it(node: Node) -> None:
    numbers = doubles(20_000)
    written = node(
        "bits => String(Buffer.from(bits, 'hex').readDoubleBE())", [struct.pack(">d", n).hex() for n in numbers]
    )
    assert [javascript_text(number) for number in numbers] == written


def test_a_number_text_is_read_as_javascript_reads_it(node: Node) -> None:
    texts = [repr(number) for number in doubles(5_000)] + [
        "1e400",
        "-1e400",
        "1e-400",
        "9007199254740993",
        "1E+5",
        "-0",
    ]
    read = node("text => { const n = JSON.parse(text); return isFinite(n) ? String(n) : 'infinite' }", texts)
    ours = [double_of_text(text) for text in texts]
    assert [javascript_text(float(n)) if n is not None and is_double(n) else "infinite" for n in ours] == read


@given(st.text(alphabet="0123456789+-.eE x_", max_size=12))
def test_only_json_numbers_are_read(text: str) -> None:
    number = double_of_text(text)
    plain = text.lstrip("-").split("e")[0].split("E")[0].split(".")[0]
    if number is not None:
        assert float(text) == number
        assert plain == "0" or not plain.startswith("0")


@given(
    st.integers(-(10**20), 10**20),
    st.integers(0, 20),
    st.integers(-30, 30),
)
def test_an_integer_text_is_judged_by_its_digits(digits: int, places: int, exponent: int) -> None:
    text = f"{Decimal(digits).scaleb(-places):f}e{exponent}"
    exact = Fraction(digits) / 10**places * Fraction(10) ** exponent
    number = integer_of_text(text)
    if exact.denominator != 1:
        assert number is None
    elif abs(exact) > MAX_SAFE_INTEGER:
        assert number == math.inf
    else:
        assert number == exact


def test_the_largest_double_is_one_and_what_rounds_beyond_it_is_none() -> None:
    halfway = 2**1024 - 2**970
    assert is_double(halfway - 1)
    assert not is_double(halfway)
    assert float(halfway - 1) == 1.7976931348623157e308


def test_a_text_of_a_million_digits_is_judged_in_a_moment() -> None:
    assert integer_of_text("1" * 1_000_000) == math.inf
    assert integer_of_text("1" + "0" * 1_000_000 + "e-1000000") == 1
    assert double_of_text("9" * 1_000_000) == math.inf
