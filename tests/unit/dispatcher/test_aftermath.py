"""Who is to blame for the end of an executor, and who may run elsewhere."""

import os
from pathlib import Path

import pytest

from xkit_operator.dispatcher.executors.aftermath import Fate, fates
from xkit_operator.dispatcher.executors.progress import Progress, read_progress

NOT_STARTED, CULPRIT, INNOCENT = Fate.NOT_STARTED, Fate.CULPRIT, Fate.INNOCENT


@pytest.mark.parametrize(
    ("live", "abandoned", "progress", "expected"),
    [
        ([], (), Progress(0, 0), {}),
        ([1, 2], (), Progress(0, 0), {1: NOT_STARTED, 2: NOT_STARTED}),
        ([1, 2, 3], (), Progress(2, 2), {1: INNOCENT, 2: CULPRIT, 3: NOT_STARTED}),
        ([1, 3], (), Progress(2, 2), {1: CULPRIT, 3: NOT_STARTED}),  # 2 was answered: the only one that was running
        ([1, 2], (), Progress(3, 3), {1: INNOCENT, 2: INNOCENT}),  # nobody can be named
        ([1, 3], (2,), Progress(2, 2), {1: INNOCENT, 3: NOT_STARTED}),  # the one given up at its deadline did it
        ([1], (), None, {1: CULPRIT}),
        ([1, 2], (), None, {1: INNOCENT, 2: INNOCENT}),  # nothing is known: none may run twice
    ],
)
def test_the_record_that_was_running_is_the_culprit(
    live: list[int], abandoned: tuple[int, ...], progress: Progress | None, expected: dict[int, Fate]
) -> None:
    assert fates(live, abandoned=abandoned, progress=progress) == expected


def test_ids_are_compared_across_the_turn_of_the_counter() -> None:
    progress = Progress(last=2**32 - 1, count=2**32 - 1)
    assert progress.has_started(2**32 - 1)
    assert not progress.has_started(0)
    assert Progress(last=3, count=3).has_started(2**32 - 2)


def test_the_progress_file_holds_two_words(tmp_path: Path) -> None:
    path = tmp_path / "progress-e1"
    path.write_bytes((7).to_bytes(4, "little") + (12).to_bytes(4, "little"))
    assert read_progress(path) == Progress(last=7, count=12)


def test_what_user_code_puts_in_place_of_the_file_holds_nobody_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"12345678")
    (tmp_path / "link").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "short").write_bytes(b"1")
    for name in ("link", "pipe", "short", "absent"):
        assert read_progress(tmp_path / name) is None
