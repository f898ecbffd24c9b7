"""The supervisor's pure parts: restarts, the identity of a process, logs, which Pod's DNS counts."""

from datetime import UTC, datetime
from pathlib import Path

from dev.cluster.components import components
from dev.cluster.identity import Cluster
from dev.cluster.instance import Stat
from dev.cluster.logs import bound, open_log
from dev.cluster.readiness import _started_after
from dev.cluster.supervisor import restart_delay


def test_a_component_that_keeps_ending_is_tried_ever_more_rarely_but_at_least_every_ten_seconds() -> None:
    delays = [restart_delay(failures) for failures in range(40)]
    assert delays == sorted(delays)
    assert (delays[0], delays[-1]) == (0.5, 10.0)


def test_a_program_name_with_parentheses_does_not_shift_the_fields_of_stat() -> None:
    numbers = " ".join(str(number) for number in [4, 5, 6, 7, 8, 0, *range(10, 53)])
    assert Stat.parse(f"77 (a) b (c)) S {numbers}") == Stat(ended=False, exiting=False, started="22")


def test_a_dying_process_is_told_from_one_that_runs_and_one_that_has_ended() -> None:
    def stat(state: str, flags: int) -> Stat:
        return Stat.parse(f"77 (init) {state} 4 5 6 7 8 {flags} {' '.join(['0'] * 40)}")

    assert [stat("S", 0x400100).exiting, stat("D", 0x400104).exiting] == [False, True]
    assert [stat("S", 0).ended, stat("Z", 0x4).ended] == [False, True]


def test_a_log_that_grew_too_long_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "component.log"
    with open_log(path, fresh=True) as log:
        log.write(b"x" * 100)
        log.flush()
        bound(path, limit=99)
        log.write(b"after")
    assert path.read_bytes() == b"after"
    assert path.with_name("component.log.1").read_bytes() == b"x" * 100


def test_a_fresh_log_is_empty_and_a_restart_appends(tmp_path: Path) -> None:
    path = tmp_path / "component.log"
    path.write_text("the last run")
    for fresh, text in ((True, b"one"), (False, b"two")):
        with open_log(path, fresh=fresh) as log:
            log.write(text)
    assert path.read_text() == "onetwo"


def test_a_ready_pod_of_the_last_run_does_not_count() -> None:
    running = {"running": {"startedAt": "2024-05-01T10:00:00Z"}}
    pod = {"status": {"containerStatuses": [{"ready": True, "state": running}]}}
    started = datetime(2024, 5, 1, 10, 0, 0, tzinfo=UTC).timestamp()
    assert _started_after(pod, started + 0.9)
    assert not _started_after(pod, started + 5)
    assert not _started_after({"status": {}}, started)


def test_the_api_server_hands_out_exactly_the_forwarded_node_ports(tmp_path: Path) -> None:
    cluster = Cluster("t1", tmp_path, 2, tmp_path)
    apiserver = next(c for c in components(cluster) if c.name == "apiserver")
    assert "--service-node-port-range=30064-30095" in apiserver.command
    assert "--secure-port=16445" in apiserver.command
