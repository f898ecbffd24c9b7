"""The rows of the fault table: what user code does, what its sender hears, and what may become of its neighbours."""

import json
from dataclasses import dataclass
from enum import Enum

Answer = tuple[int, str | None]
"""Status, and the code of the problem or of the warning."""


class Others(frozenset[tuple[int, str]], Enum):
    """The answers that may replace a result for records in flight in the same executor."""

    UNTOUCHED = frozenset[tuple[int, str]]()
    LOST = frozenset({(503, "ExecutorLost"), (504, "DeadlineExceeded")})
    """Started ones; those that never started run elsewhere, unseen by their senders."""
    EXHAUSTED = frozenset({(503, "MemoryExceeded"), (504, "DeadlineExceeded")})
    """The same, where all who ran shared the memory that is used up."""
    WITHOUT_CONTAINER = frozenset({(503, "ExecutorLost"), (503, "NoExecutor")})


@dataclass(frozen=True)
class Fault:
    """One fault."""

    name: str
    code: str
    """JavaScript, the body of an async function of `context`: {fault, socket, port}."""
    answer: Answer
    others: Others = Others.UNTOUCHED
    ends: str | None = None
    """Why its executor ends and is replaced, if it does."""
    culprits: int = 1
    timeout: float = 20.0
    or_answer: Answer | None = None
    """Where a race decides between two."""

    def __str__(self) -> str:
        return self.name


def _blocks(name: str, code: str) -> Fault:
    return Fault(name, code, (504, "DeadlineExceeded"), Others.LOST, "DeadlineExceeded", timeout=1)


def _throws(name: str, code: str) -> Fault:
    return Fault(name, code, (500, "FunctionError"))


def _succeeds(name: str, code: str, ends: str | None = None) -> Fault:
    return Fault(name, code, (200, None), ends=ends)


def _faults_late(name: str, code: str) -> Fault:
    return _succeeds(name, f"setTimeout(() => {{ {code} }}, 20)", "Drained")


def _dies(name: str, code: str, ends: str = "Exited") -> Fault:
    return Fault(name, code, (502, "ExecutorDied"), Others.LOST, ends)


def _exhausts(name: str, code: str) -> Fault:
    return Fault(name, code, (503, "MemoryExceeded"), Others.EXHAUSTED, "MemoryExceeded")


def _returns(name: str, code: str, warning: str) -> Fault:
    return Fault(name, code, (200, warning))


FAULTS = (
    _blocks("endless loop", "for (;;) ;"),
    _blocks("catastrophic regex", "/^(a+)+$/.test('a'.repeat(60) + 'b')"),
    _blocks("long native call", "crypto.pbkdf2Sync('password', 'salt', 2 ** 31 - 1, 64, 'sha512')"),
    Fault(
        "never resolves",
        "await new Promise(() => {})",
        (504, "DeadlineExceeded"),
        ends="Drained",
        culprits=10,
        timeout=3,  # which none of its neighbours may come near
    ),
    _throws("throws", "throw new Error('boom')"),
    _throws("rejects", "await Promise.reject(new Error('boom'))"),
    _throws("throw null", "throw null"),
    _throws("recursion", "const down = () => down() + 1; return down()"),
    _faults_late("throws after its answer", "throw new Error('late')"),
    _faults_late("rejects after its answer", "Promise.reject(new Error('late'))"),
    _throws("process.exit", "process.exit(3)"),
    _dies("process.abort", "process.abort()"),
    _dies("kill -9 of itself", "process.kill(process.pid, 'SIGKILL'); for (;;) ;"),
    _dies("closes all file descriptors", "for (let fd = 0; fd < 256; fd += 1) try { fs.closeSync(fd) } catch {}"),
    _dies("recursion through promises", "const down = async () => { await down() }; return down()"),
    _exhausts("heap exhausted", "const all = []; for (;;) all.push(new Array(1000).fill(all.length))"),
    _exhausts("one huge array", "return new Array(2 ** 27).fill(1.5).length"),
    _exhausts(
        "Buffers beyond limits.memory", "const all = []; for (;;) { all.push(Buffer.alloc(8 << 20, 1)); block(5) }"
    ),
    _exhausts(
        "Buffers, a few at a time", "const all = []; for (;;) { all.push(Buffer.alloc(8 << 20, 1)); await wait(5) }"
    ),
    _returns("result too large", "return 'x'.repeat(2 << 20)", "ResultTooLarge"),
    _returns("result circular", "const ring = {}; ring.ring = ring; return ring", "ResultNotSerializable"),
    _returns("result with a BigInt", "return { count: 1n }", "ResultNotSerializable"),
    _returns("result with a throwing toJSON", "return { toJSON() { throw null } }", "ResultNotSerializable"),
    _succeeds("2 million console lines", "for (let n = 0; n < 2e6; n += 1) console.log('line', n)"),
    _succeeds("unlinks the socket", "fs.unlinkSync(context.socket)"),
    _dies("unlinks the socket and dies", "fs.unlinkSync(context.socket); process.abort()"),
    _dies(
        "makes a folder of the socket", "fs.unlinkSync(context.socket); fs.mkdirSync(context.socket); process.abort()"
    ),
    _dies(
        "listens in the socket's place",
        "fs.unlinkSync(context.socket); net.createServer().listen(context.socket); process.abort()",
    ),
    _dies("writes garbage frames", "link().write(Buffer.alloc(64, 255)); block(5000)", "ConnectionLost"),
    Fault(
        "begins a frame that never ends",
        "link().write(Buffer.from([255, 255, 255, 1, 4, 0, 0, 0, 0]))",
        (504, "DeadlineExceeded"),
        Others.LOST,
        "Drained",
        timeout=1,
        # Ten neighbours can be given up, and the executor drained, before its own deadline.
        or_answer=(503, "ExecutorLost"),
    ),
    _succeeds("takes port 8080", "http.createServer().listen(context.port)", ends="Drained"),
)

FUNCTION = "\n".join(
    [
        "const [fs, net, http, crypto] = ['fs', 'net', 'http', 'crypto'].map((name) => require(name))",
        "const wait = (ms) => new Promise((done) => setTimeout(done, ms))",
        "const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)",
        "const isLink = (one) => one instanceof net.Socket && one.writable && one.fd === undefined",
        "const link = () => process._getActiveHandles().find(isLink)",
        "const faults = {",
        *(f"  {json.dumps(fault.name)}: async (context) => {{ {fault.code} }}," for fault in FAULTS),
        "}",
        "const innocent = async (id) => { await wait(15 + 10 * Math.random()); return id }",
        "module.exports = ({ inputs, context }) =>",
        "  context.fault ? faults[context.fault](context) : innocent(inputs.id)",
    ]
)
