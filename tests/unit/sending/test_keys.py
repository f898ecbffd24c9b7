"""Of the records of one key, one is on its way; the others follow in their order."""

from hypothesis import given
from hypothesis import strategies as st

from xkit_operator.sending.keys import Keys
from xkit_operator.sending.record import Record, read_record


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=20), st.randoms())
def test_one_at_a_time_and_in_order(keys: list[str | None], random: object) -> None:
    waiting = Keys()
    underway: list[Record] = []
    ended: list[Record] = []
    for line, key in enumerate(keys):
        text = b"{}" if key is None else b'{"key":"%b"}' % key.encode()
        record = read_record(text, line=line, end=line)
        if waiting.enter(record):
            underway.append(record)
    while underway:
        of_key = [record.key for record in underway if record.key]
        assert len(of_key) == len(set(of_key))
        record = underway.pop(random.randrange(len(underway)))  # type: ignore[attr-defined]
        ended.append(record)
        if (following := waiting.leave(record)) is not None:
            underway.append(following)
    for key in ("a", "b"):
        assert [one.line for one in ended if one.key == key] == [line for line, one in enumerate(keys) if one == key]
