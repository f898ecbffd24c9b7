"""Records of one request that were accepted together: what their answers are made of, and where they go.

The queue tells of many answers at once. Those that tell of a success and nothing else, as nearly all do, are counted
together; each other one has a log line of its own.
"""

from collections.abc import Mapping

from xkit_operator.dispatcher.dispatching.account import Account
from xkit_operator.dispatcher.dispatching.replies import Replies
from xkit_operator.dispatcher.intake.records import Record
from xkit_operator.dispatcher.outcomes.outcome import Code, Failure, Outcome
from xkit_operator.dispatcher.outcomes.reply import Reply, from_executor, problem
from xkit_operator.dispatcher.queueing.job import Answer
from xkit_operator.dispatcher.telemetry.log import Log
from xkit_operator.errors import InvalidFrame


class Group:
    """Waits for the answers to its records; see Asker."""

    __slots__ = ("_account", "_log", "_records", "_replies", "since")

    def __init__(self, replies: Replies, account: Account, log: Log, *, since: float) -> None:
        """`since`: when they were accepted, in the event loop's time."""
        self.since = since
        self._replies = replies
        self._account = account
        self._log = log
        self._records: dict[int, Record] = {}

    def add(self, index: int, record: Record) -> None:
        """A record whose answer will be told by this index. Of it, only what an answer needs is kept."""
        record.let_go()
        self._records[index] = record

    def answered(self, answers: Mapping[int, Answer], now: float) -> None:
        """See Asker."""
        successes: list[tuple[Record, Reply]] = []
        for index, answer in answers.items():
            record = self._records.pop(index)
            reply = self._reply(answer, record)
            if reply.outcome is Outcome.SUCCEEDED and reply.warning is None:
                successes.append((record, reply))
            else:
                self._account.ended(record, reply, self.since, now)
            self._replies.take(index, reply)
        if successes:
            self._account.succeeded(successes, self.since, now)

    def _reply(self, answer: Answer, record: Record) -> Reply:
        if isinstance(answer, Failure):
            return problem(answer, record_id=record.id)
        try:
            return from_executor(answer, record_id=record.id)
        except InvalidFrame as error:
            self._log.error("the function container broke the protocol", detail=str(error))
            failure = Failure(Code.EXECUTOR_DIED, "the executor's answer broke the protocol")
            return problem(failure, record_id=record.id)
