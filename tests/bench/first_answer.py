"""Run in the cluster's network: asks two servers without a pause, and says when each begins to give another answer.

`first_answer.py NAME=URL=BODY …`: prints "NAME TIME ANSWER" for each new answer, TIME in seconds of the machine's
monotonic clock, which every process of it shares.
"""

import sys
import threading
import time

import requests

PAUSE = 0.005


def watch(name: str, url: str, body: str) -> None:
    """Ask until the process is ended, on a connection of its own each time: a Service chooses a Pod for each."""
    last = ""
    while True:
        try:
            said = requests.post(url, data=body, headers={"content-type": "application/json"}, timeout=5).text
        except requests.RequestException:
            said = last
        if said != last:
            last = said
            print(name, time.monotonic(), said, flush=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        threading.Thread(target=watch, args=argument.split("=", 2), daemon=True).start()
    sys.stdin.read()
