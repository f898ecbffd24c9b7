from typing import Any

import pytest

from xkit_operator.reconcile.reporting.mounts import mount_problem

PREFIX = 'MountVolume.SetUp failed for volume "variables" : '
POD = {
    "spec": {
        "volumes": [
            {"name": "tmp", "emptyDir": {}},
            {
                "name": "variables",
                "projected": {
                    "sources": [
                        {"secret": {"name": "crm-api", "items": [{"key": "token", "path": "apiKey"}]}},
                        {"configMap": {"name": "crm", "items": [{"key": "region", "path": "region"}]}},
                    ]
                },
            },
        ]
    }
}


def event(message: str, *, time: str = "2026-01-01T00:00:00Z", reason: str = "FailedMount") -> dict[str, Any]:
    return {"reason": reason, "message": message, "lastTimestamp": time, "eventTime": None}


@pytest.mark.parametrize(
    ("message", "reason", "words"),
    [
        ('secret "crm-api" not found', "SecretNotFound", "Secret crm-api"),
        (
            'object "team-a"/"crm-api" not registered, secret "team-a/crm-api" not found',
            "SecretNotFound",
            "Secret crm-api",
        ),
        ('[secret "b" not found, secret "a" not found]', "SecretNotFound", "Secret a, Secret b"),
        ('configmap "crm" not found', "ConfigMapNotFound", "ConfigMap crm"),
        ("references non-existent secret key: token", "SecretKeyNotFound", "Secret crm-api has no key token"),
        ("references non-existent config key: region", "ConfigMapKeyNotFound", "ConfigMap crm has no key region"),
    ],
)
def test_what_is_missing_is_named(message: str, reason: str, words: str) -> None:
    problem = mount_problem(POD, [event(PREFIX + message)])
    assert problem is not None
    assert (problem.reason, words in problem.message) == (reason, True)
    assert "add what is missing" in problem.message


def test_only_the_latest_event_counts() -> None:
    missing = event(PREFIX + 'secret "crm-api" not found')
    pulling = event("Pulling image", time="2026-01-01T00:00:09Z", reason="Pulling")
    assert mount_problem(POD, [pulling, missing]) is None


def test_a_kubelet_that_says_in_between_that_it_has_waited_takes_nothing_back() -> None:
    missing = event(PREFIX + 'secret "crm-api" not found')
    waited = event("Unable to attach or mount volumes: timed out", time="2026-01-01T00:02:00Z")
    assert mount_problem(POD, [missing, waited]) == mount_problem(POD, [missing])


@pytest.mark.parametrize("events", [[], [event(PREFIX + "timed out waiting for the condition")]])
def test_other_words_are_no_verdict(events: list[dict[str, Any]]) -> None:
    assert mount_problem(POD, events) is None
