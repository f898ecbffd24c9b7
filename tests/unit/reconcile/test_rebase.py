"""Who may be put on a new runtime, and when."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.api.conditions import ConditionType, Reason, condition
from xkit_operator.api.destination import DestinationStatus
from xkit_operator.reconcile.key import Key
from xkit_operator.reconcile.provisioning.rebase import RebaseGate

OLD, NEW = "nodejs14@sha256:old", "nodejs14@sha256:new"
A, B, C, D = (Key("Destination", "team-a", name) for name in "abcd")


def status(built: Reason, runtime: str = NEW) -> DestinationStatus:
    return DestinationStatus(conditions=(condition(ConditionType.BUILT, "True", built),), runtime=runtime)


def gate(limit: int = 1) -> RebaseGate:
    opened = RebaseGate(limit, {NEW})
    opened.open()
    return opened


def go(gate: RebaseGate, key: Key) -> None:
    assert gate.may_go(key)
    gate.saw(key, status(Reason.REBASING))


def wait(gate: RebaseGate, key: Key) -> None:
    assert not gate.may_go(key)
    reason = Reason.REBASE_STOPPED if gate.stopped_at else Reason.REBASE_WAITING
    gate.saw(key, status(reason, OLD))


def test_the_next_goes_when_the_one_before_is_up() -> None:
    one = gate()
    go(one, A)
    wait(one, B)
    wait(one, C)
    assert one.saw(A, status(Reason.REBASING)) == []
    assert one.saw(A, status(Reason.BUILT)) == [B]
    go(one, B)


def test_as_many_go_at_once_as_the_limit_says() -> None:
    two = gate(2)
    go(two, A)
    go(two, B)
    wait(two, C)
    wait(two, D)
    assert two.saw(B, status(Reason.BUILT)) == [C]


def test_nobody_goes_after_one_that_does_not_come_up() -> None:
    one = gate()
    go(one, A)
    wait(one, B)
    assert one.saw(A, status(Reason.REBASE_FAILED)) == [B]  # to say so
    wait(one, B)
    wait(one, C)
    assert one.stopped_at == A


def test_with_two_under_way_the_failure_of_one_stops_the_place_of_the_other() -> None:
    two = gate(2)
    go(two, A)
    go(two, B)
    wait(two, C)
    two.saw(A, status(Reason.REBASE_FAILED))
    two.saw(B, status(Reason.BUILT))
    wait(two, C)


def test_those_that_wait_hear_of_a_stop_one_after_the_other() -> None:
    one = gate()
    go(one, A)
    for key in (B, C, D):
        wait(one, key)
    woken = one.saw(A, status(Reason.REBASE_FAILED))
    told = []
    while woken:
        (key,) = woken
        told.append(key)
        assert not one.may_go(key)
        woken = one.saw(key, status(Reason.REBASE_STOPPED, OLD))
    assert told == [B, C, D]


def test_the_rest_goes_on_when_the_one_that_failed_comes_up_after_all() -> None:
    one = gate()
    go(one, A)
    one.saw(A, status(Reason.REBASE_FAILED))
    wait(one, B)
    assert B in one.saw(A, status(Reason.BUILT))
    go(one, B)


def test_the_rest_goes_on_when_the_one_that_failed_is_deleted() -> None:
    one = gate()
    go(one, A)
    one.saw(A, status(Reason.REBASE_FAILED))
    wait(one, B)
    assert B in one.gone(A)
    assert one.stopped_at is None


def test_one_that_the_registry_keeps_waiting_keeps_its_place() -> None:
    one = gate()
    wait_for_the_registry = status(Reason.REBASE_WAITING, OLD)
    assert one.may_go(A)
    assert one.saw(A, wait_for_the_registry) == []
    wait(one, B)
    assert one.may_go(A)


def test_a_place_that_was_given_and_not_used_is_free_again() -> None:
    one = gate()
    assert one.may_go(A)
    wait(one, B)
    one.withdraw(A)
    assert one.saw(A, status(Reason.REBASE_WAITING, OLD)) == [B]


def test_a_place_that_a_status_tells_of_cannot_be_withdrawn() -> None:
    one = gate()
    go(one, A)
    one.withdraw(A)
    wait(one, B)


def test_one_that_breaks_off_keeps_its_place() -> None:
    one = gate()
    assert one.may_go(A)
    wait(one, B)
    assert one.may_go(A)


def test_what_was_under_way_when_a_process_ended_counts_for_the_next_one() -> None:
    one = RebaseGate(1, {NEW})
    one.recall(A, status(Reason.REBASING))
    one.recall(B, status(Reason.BUILT))
    one.open()
    wait(one, C)
    assert one.saw(A, status(Reason.BUILT)) == [C]


def test_a_failure_counts_for_the_next_process_too() -> None:
    one = RebaseGate(1, {NEW})
    one.recall(A, status(Reason.REBASE_FAILED))
    one.open()
    wait(one, B)
    assert one.stopped_at == A


def test_a_failure_on_a_runtime_that_this_release_has_no_longer_stops_nobody() -> None:
    one = RebaseGate(1, {NEW})
    one.recall(A, status(Reason.REBASE_FAILED, "nodejs14@sha256:broken"))
    one.open()
    go(one, B)


def test_a_later_list_recalls_nothing() -> None:
    one = gate()
    one.recall(A, status(Reason.REBASING))
    go(one, B)


@dataclass
class Fleet:
    """Destinations and the process in charge of them: what the cluster keeps, and a gate that a restart forgets."""

    limit: int
    statuses: dict[Key, DestinationStatus]
    gate: RebaseGate = field(init=False)
    queue: list[Key] = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.gate = RebaseGate(self.limit, {NEW})
        for key, said in self.statuses.items():
            self.gate.recall(key, said)
        self.gate.open()
        self.queue = sorted(self.statuses)

    def under_way(self, *reasons: Reason) -> set[Key]:
        return {key for key, said in self.statuses.items() if said.conditions[0].reason in reasons}

    def reconcile(self, key: Key, outcome: Reason) -> None:
        """`outcome` is what the Pods do if `key` is on the new runtime already."""
        if key not in self.statuses:
            return
        if self.statuses[key].runtime == OLD:
            failed = self.under_way(Reason.REBASE_FAILED)
            may_go = self.gate.may_go(key)
            assert not (may_go and failed)
            waiting = Reason.REBASE_STOPPED if failed else Reason.REBASE_WAITING
            after = status(Reason.REBASING) if may_go else status(waiting, OLD)
        elif key in self.under_way(Reason.REBASING, Reason.REBASE_FAILED):
            after = status(outcome)
        else:
            after = self.statuses[key]
        self.statuses[key] = after
        self.queue += self.gate.saw(key, after)
        self.queue += [key] if self.under_way(Reason.REBASING) >= {key} else []
        self._check()

    def delete(self, key: Key) -> None:
        if self.statuses.pop(key, None):
            self.queue += self.gate.gone(key)

    def _check(self) -> None:
        assert len(self.under_way(Reason.REBASING, Reason.REBASE_FAILED)) <= self.limit


OUTCOMES = st.sampled_from([Reason.REBASING, Reason.BUILT, Reason.BUILT, Reason.REBASE_FAILED])
EVENTS = st.lists(
    st.tuples(st.sampled_from(["work", "work", "work", "any", "restart", "delete"]), st.integers(0, 99), OUTCOMES)
)


@given(limit=st.integers(1, 3), count=st.integers(1, 8), events=EVENTS)
def test_whatever_happens_in_whatever_order(limit: int, count: int, events: list[tuple[str, int, Reason]]) -> None:
    """Never more than the limit, nobody after a failure, and once all is well everybody is done without a resync."""
    keys = [Key("Destination", "team-a", f"d{number}") for number in range(count)]
    fleet = Fleet(limit, {key: status(Reason.BUILT, OLD) for key in keys})
    for what, number, outcome in events:
        if what == "restart":
            fleet.restart()
        elif what == "delete":
            fleet.delete(keys[number % count])
        elif what == "any":
            fleet.reconcile(keys[number % count], outcome)
        elif fleet.queue:
            fleet.reconcile(fleet.queue.pop(number % len(fleet.queue)), outcome)
    fleet.queue += sorted(fleet.under_way(Reason.REBASE_FAILED))  # somebody mends those
    while fleet.queue:
        fleet.reconcile(fleet.queue.pop(0), Reason.BUILT)
    assert all(said.runtime == NEW for said in fleet.statuses.values())
