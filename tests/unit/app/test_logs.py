import json
import logging
import subprocess
import sys

from kopf._cogs.clients.errors import APINotFoundError

from xkit_operator.app.logs import JsonFormatter


def line(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "xkit", "levelname": "WARNING", "msg": "%s!", "args": ("oh",)} | extra)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_a_line_is_one_json_object_with_what_the_caller_added() -> None:
    found = line(key="Destination a/b", retryInSeconds=1.5)
    del found["time"]
    assert found == {
        "level": "warning",
        "logger": "xkit",
        "message": "oh!",
        "key": "Destination a/b",
        "retryInSeconds": 1.5,
    }


def test_an_exception_stays_on_the_line() -> None:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        found = line(exc_info=(type(error), error, error.__traceback__))
    assert "ZeroDivisionError: by zero" in str(found["exception"])


def test_a_kind_that_is_gone_leaves_no_stack_in_the_log() -> None:
    error = APINotFoundError(None, status=404, headers={})
    assert "exception" not in line(exc_info=(type(error), error, None))


def test_what_kopf_leaves_behind_at_the_end_is_not_told_and_all_else_is() -> None:
    program = """
import asyncio, logging
from xkit_operator.app.logs import configure_logs

async def watch():
    try:
        yield
    finally:
        raise RuntimeError("cut in the middle")

async def main():
    global left
    left = watch()
    await anext(left)
    logging.getLogger("asyncio").error("something else")

configure_logs("INFO")
asyncio.run(main())
"""
    said = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, check=True).stderr
    assert [json.loads(one)["message"] for one in said.splitlines()] == ["something else"]
