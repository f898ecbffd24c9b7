"""Which images may go: a rule over digests, and what is ours at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.api.destination import IMAGE_HISTORY, DestinationSpec
from xkit_operator.image.retention import identifier, is_our_tag, members, remember, superseded, tag_for

digests = st.sampled_from([f"sha256:{number}" for number in range(9)])
histories = st.lists(digests, max_size=12)


@pytest.mark.parametrize(
    ("history", "keep", "in_use", "old"),
    [
        ("dcba", 3, "", ""),
        ("edcba", 3, "", "a"),
        ("edcba", 0, "", "dcba"),
        ("edcba", 0, "ca", "db"),
        ("edcba", 3, "a", ""),
        ("e", 0, "", ""),
        ("", 0, "", ""),
        ("abaca", 0, "", "bc"),
    ],
)
def test_the_current_image_the_last_few_and_all_in_use_are_kept(history: str, keep: int, in_use: str, old: str) -> None:
    assert superseded(history, keep=keep, in_use=set(in_use)) == list(old)


@given(histories, st.integers(0, 20), st.sets(digests))
def test_nothing_that_is_kept_ever_goes(history: list[str], keep: int, in_use: set[str]) -> None:
    old = superseded(history, keep=keep, in_use=in_use)
    assert not set(old) & in_use
    assert not set(old) & set(list(dict.fromkeys(history))[: keep + 1])
    assert set(old) <= set(history)
    assert old == superseded(tuple(history), keep=keep, in_use=frozenset(in_use))


@given(histories, st.integers(0, 20), st.sets(digests))
def test_once_the_old_ones_are_gone_there_is_nothing_left_to_do(
    history: list[str], keep: int, in_use: set[str]
) -> None:
    gone = superseded(history, keep=keep, in_use=in_use)
    left = [digest for digest in history if digest not in gone]
    assert not set(superseded(left, keep=keep, in_use=in_use)) - in_use


@given(st.lists(digests), digests)
def test_what_was_used_last_is_never_superseded(used: list[str], last: str) -> None:
    history: tuple[str, ...] = ()
    for digest in [*used, last]:
        history = remember(history, digest)
    assert history[0] == last
    assert len(set(history)) == len(history)
    assert last not in superseded(history, keep=0, in_use=set())


def test_a_status_remembers_more_images_than_a_spec_can_keep() -> None:
    history: tuple[str, ...] = ()
    for number in range(99):
        history = remember(history, f"sha256:{number}")
    assert len(history) == IMAGE_HISTORY
    most = DestinationSpec.model_json_schema(by_alias=True)["properties"]["revisionHistoryLimit"]["maximum"]
    assert most + 1 < IMAGE_HISTORY


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("localhost:30005/xkit/team-a/crm@sha256:1f", "sha256:1f"),
        ("localhost:30005/xkit/team-a/crm:src-0123456789ab", "src-0123456789ab"),
        ("localhost:30005/xkit/team-a/crm:src-0123456789ab@sha256:1f", "sha256:1f"),
    ],
)
def test_an_image_is_known_by_its_digest_or_else_by_its_tag(reference: str, expected: str) -> None:
    assert identifier(reference) == expected


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("src-0123456789ab", True),
        ("src-0123456789AB", False),
        ("src-0123456789abc", False),
        ("my-src-0123456789ab", False),
        ("latest", False),
        ("sha256-0f.sig", False),
    ],
)
def test_a_tag_is_ours_by_its_form(tag: str, *, ours: bool) -> None:
    assert is_our_tag(tag) is ours


def manifest(**changes: str | None) -> bytes:
    annotations = {
        "dev.xkit.namespace": "team-a",
        "dev.xkit.name": "crm",
        "org.opencontainers.image.version": "src-0123456789ab",
    }
    return json.dumps({"annotations": annotations | changes}).encode()


@pytest.mark.parametrize(
    "foreign",
    [
        manifest(**{"dev.xkit.namespace": "team-b"}),
        manifest(**{"dev.xkit.name": None}),
        manifest(**{"org.opencontainers.image.version": "1.2.3"}),
        b'{"annotations": null}',
        b"{}",
        b"[]",
        b"<html>",
    ],
)
def test_only_an_image_that_says_it_was_built_for_this_destination_is_its_own(foreign: bytes) -> None:
    assert tag_for(manifest(), namespace="team-a", name="crm") == "src-0123456789ab"
    assert tag_for(foreign, namespace="team-a", name="crm") is None


def test_an_index_names_its_members_and_an_image_has_none() -> None:
    assert members(b'{"manifests": [{"digest": "sha256:1"}, {"digest": "sha256:2"}]}') == {"sha256:1", "sha256:2"}
    assert members(manifest()) == members(b"") == set()
