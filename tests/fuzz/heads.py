"""Request lines and headers that break HTTP, stretch it, or try to smuggle a second request past somebody."""

import json
from random import Random

from tests.fuzz.case import Case, in_parts, whole
from tests.fuzz.wire import JSON, head, post, record, valid

_METHODS = (*b"GET HEAD PUT OPTIONS CONNECT TRACE post BREW M-SEARCH P\x00ST".split(b" "), b"A" * 300)
_ORIGIN_TARGETS = (
    rb"/ /v1/records/ /v1/records?dryRun=maybe /v1/../v1/records /v1/records%00 //v1/records /v1/records#x"
)
_OTHER_TARGETS = (
    b"*",
    b"http://fuzz/v1/records",
    b"http://[::1",
    b"fuzz:443",
    b"http://",
    b"/\xff\xfe",
    b"",
    b"/" + b"a" * 9000,
)
_TARGETS = (*_ORIGIN_TARGETS.split(), *_OTHER_TARGETS)
_VERSIONS = b"HTTP/1.0,HTTP/1.1,HTTP/0.9,HTTP/2.0,HTTP/1.10,http/1.1,HTTP/1.1 ,,RTSP/1.0".split(b",")
_FOREIGN = (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\x00" * 200, b"EHLO fuzz\r\n\r\n")
_EXTRA_LINES = (
    *(b"content-type: text/plain", b"content-type: application/json; charset=latin-1", b"content-type: \xff\x00"),
    *(b"content-encoding: gzip", b"upgrade: websocket", b"connection: upgrade", b"connection: close, keep-alive"),
    *(b"expect: 100-continue", b"expect: a miracle", b"authorization: Bearer \xff", b"te: trailers"),
    *(b"trailer: content-length", b"host: another", b"x: \xc3\x28\x80"),
)
_EXTRA = [(name, value) for name, _, value in (line.partition(b": ") for line in _EXTRA_LINES)]


def request_line(random: Random) -> Case:
    """Another method, target or version than the one that is served."""
    method = random.choice((b"POST", *_METHODS))
    line = b" ".join((method, random.choice((b"/v1/records", *_TARGETS)), random.choice(_VERSIONS)))
    text = head((JSON, (b"content-length", b"2")), line=line) + b"{}"
    return whole(random, text, method="HEAD" if method == b"HEAD" else "POST")


def extra_headers(random: Random) -> Case:
    """A valid request with headers that change what it asks for."""
    extra = random.sample(_EXTRA, random.randint(1, 3))
    body = json.dumps(record(random)).encode()
    return whole(random, post(body, JSON, *extra))


def smuggled(random: Random) -> Case:
    """Two lengths for one body: the request hidden in it must never be answered."""
    hidden = b"GET /hidden HTTP/1.1\r\nhost: fuzz\r\n\r\n"
    size = b"%d" % len(hidden)
    lengths = random.choice(
        (
            b"content-length: %b\r\ntransfer-encoding: chunked\r\n" % size,
            b"transfer-encoding: chunked\r\ncontent-length: %b\r\n" % size,
            b"content-length: %b\r\ncontent-length: 0\r\n" % size,
            b"content-length: %b, 0\r\n" % size,
            b"content-length: +%b\r\n" % size,
            b"content-length: -1\r\n",
            b"content-length: 0x10\r\n",
            b"content-length: 99999999999999999999999\r\n",
            b"content-length : %b\r\n" % size,
            b"content-length: %b\r\n folded: 0\r\n" % size,
            b"transfer-encoding: xchunked\r\n",
            b"transfer-encoding: chunked, identity\r\n",
            b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
            b"transfer-encoding:\x0bchunked\r\n",
            b"transfer-encoding\x00: chunked\r\ncontent-length: 0\r\n",
            b"content-length: 0\n\rtransfer-encoding: chunked\r\n",
        )
    )
    line = b"POST /v1/records HTTP/1.1\r\nhost: fuzz\r\ncontent-type: application/json\r\n"
    return Case(in_parts(random, line + lengths + b"\r\n0\r\n\r\n" + hidden), least=1, most=1)


def line_ends(random: Random) -> Case:
    """Bare line feeds, bare carriage returns, NULs and spaces where they do not belong."""
    end = random.choice((b"\n", b"\r", b"\r\r\n", b"\x00\r\n", b" \r\n", b"\n\r", b"\x0b\r\n"))
    return Case(in_parts(random, head((JSON, (b"content-length", b"2")), end=end) + b"{}"), most=2)


def too_much(random: Random) -> Case:
    """More head than is taken: many headers, long ones, a long target, or no end at all."""
    count = random.randint(101, 4000)
    size = random.randint(17_000, 200_000)
    text = random.choice(
        (
            head([(b"x%d" % number, b"1") for number in range(count)]),
            head([(b"x", b"a" * size)]),
            head([(b"n" * size, b"1")]),
            head((), line=b"POST /" + b"a" * size + b" HTTP/1.1"),
            b"POST /v1/records HTTP/1.1\r\n" + b"x: " + b" " * size,
            b"A" * size,
        )
    )
    return Case(in_parts(random, text), least=1)


def noise(random: Random) -> Case:
    """Not HTTP at all."""
    return Case((random.choice((*_FOREIGN, random.randbytes(random.randint(1, 400)))),), most=2)


def pipelined(random: Random) -> Case:
    """Valid requests, one behind the other, that do not wait for each other's answers."""
    count = random.choice((2, 5, 20, 300))
    requests = [post(b"{}") if count > 20 else valid(random) for _ in range(count)]
    return Case(in_parts(random, b"".join(requests)), least=count, most=count)
