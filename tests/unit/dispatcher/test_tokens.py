"""Bearer tokens: who is let in, and how one replaces another."""

from pathlib import Path

import pytest

from xkit_operator.dispatcher.tokens import Tokens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0").write_text("old-token\n")
    (tmp_path / "1").write_text("new-token")
    return tmp_path


def test_without_tokens_everybody_is_let_in(tmp_path: Path) -> None:
    assert Tokens(0, tmp_path).accept(b"")


@pytest.mark.parametrize(
    "header", [b"Bearer old-token", b"Bearer new-token", b"bearer  new-token ", b"BEARER old-token"]
)
def test_each_of_several_tokens_is_accepted(folder: Path, header: bytes) -> None:
    assert Tokens(2, folder).accept(header)


@pytest.mark.parametrize(
    "header",
    [b"", b"Bearer", b"Bearer ", b"old-token", b"Basic old-token", b"Bearer old", b"Bearer old-token new-token"],
)
def test_anything_else_is_refused(folder: Path, header: bytes) -> None:
    assert not Tokens(2, folder).accept(header)


def test_a_token_that_cannot_be_read_accepts_nobody(tmp_path: Path) -> None:
    assert not Tokens(1, tmp_path).accept(b"Bearer ")


def test_an_empty_token_accepts_nobody(tmp_path: Path) -> None:
    (tmp_path / "0").write_text("\n")
    assert not Tokens(1, tmp_path).accept(b"Bearer ")


def test_a_replaced_token_counts_from_the_next_reading_on(folder: Path) -> None:
    tokens = Tokens(1, folder)
    (folder / "0").write_text("third-token")
    assert tokens.accept(b"Bearer old-token")
    tokens.refresh()
    assert not tokens.accept(b"Bearer old-token")
    assert tokens.accept(b"Bearer third-token")
