"""A sender for a Pod that has nothing but Python: `asking.py ask URL [RECORD]`, or `asking.py stream URL RATE RECORD`.

`ask` prints the status, or what kept it from connecting. `stream` posts over a fresh connection each, which a policy
judges anew, until its standard input ends; it prints how often it got what.
"""

import http.client
import json
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

CONNECT_SECONDS = 3.0
PATIENT_SECONDS = 20.0
ANSWER_SECONDS = 30.0


def ask(url: str, record: str | None = None, *, connect_seconds: float = CONNECT_SECONDS) -> str:
    """The status of the answer, or "timeout" or "refused" when there is no connection."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port or 80, timeout=connect_seconds)
    try:
        connection.connect()
    except TimeoutError:
        return "timeout"
    except ConnectionRefusedError:
        return "refused"
    connection.sock.settimeout(ANSWER_SECONDS)
    body = None if record is None else record.encode()
    connection.request("POST" if body else "GET", target.path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return str(answer.status)


def stream(url: str, rate: int, record: str) -> Counter[str]:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    got: Counter[str] = Counter()
    while not ended.is_set():
        got[ask(url, record, connect_seconds=PATIENT_SECONDS)] += 1
        time.sleep(1 / rate)
    return got


if __name__ == "__main__":
    task, url, *rest = sys.argv[1:]
    print(json.dumps(ask(url, *rest) if task == "ask" else stream(url, int(rest[0]), rest[1])))
