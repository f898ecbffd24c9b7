"""Each piece of a spec in the how-tos is one that the API takes."""

from typing import Any

import pytest

from tests.shown_yaml import HOW_TO, pieces
from tests.vectors.api_rules import DESTINATION
from xkit_operator.api.destination import Destination

PIECES = pieces(HOW_TO / "scale.md")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: " ".join(piece))
def test_a_piece_is_accepted_and_all_of_it_is_kept(piece: dict[str, Any]) -> None:
    spec = Destination.parse(DESTINATION | {"spec": DESTINATION["spec"] | piece}).spec.to_dict()
    assert contained(piece, spec)


def test_the_page_has_a_piece_for_each_of_these_fields() -> None:
    assert {field for piece in PIECES for field in piece} == {"replicas", "autoscaling", "network", "pod", "paused"}


def contained(piece: Any, whole: Any) -> bool:
    """Whether `whole` has all that `piece` says."""
    if isinstance(piece, dict):
        return isinstance(whole, dict) and all(contained(value, whole.get(key)) for key, value in piece.items())
    return bool(piece == whole)
