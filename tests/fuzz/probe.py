"""`python -m tests.fuzz.probe PORT`: asks /livez as the kubelet does, in a process of its own, until its input ends.

Prints how often it asked, and the longest answers in milliseconds.
"""

import heapq
import http.client
import json
import select
import sys
import time

EVERY_SECONDS = 0.02


def main() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
    asked = []
    while not select.select([sys.stdin], [], [], EVERY_SECONDS)[0]:
        since = time.perf_counter()
        connection.request("GET", "/livez")
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        asked.append(1000 * (time.perf_counter() - since))
    over = sum(one > 100 for one in asked)
    print(
        json.dumps({"asked": len(asked), "over100": over, "longest": [round(one) for one in heapq.nlargest(5, asked)]})
    )


if __name__ == "__main__":
    main()
