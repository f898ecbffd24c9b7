"""The limits of a Destination."""

from tests.vectors.api_rules.rule import DESTINATION, rules

LIMIT_RULES = rules(
    DESTINATION,
    (
        "timeout is a duration",
        {"spec.limits.timeout": "1m30.5s"},
        {"spec.limits.timeout": "30"},
        "spec.limits.timeout",
    ),
    (
        "timeout is more than nothing",
        {"spec.limits.timeout": "1ms"},
        {"spec.limits.timeout": "0s"},
        "more than 0s and at most 1h",
    ),
    (
        "timeout is at most an hour",
        {"spec.limits.timeout": "60m"},
        {"spec.limits.timeout": "60m1ms"},
        "more than 0s and at most 1h",
    ),
    (
        "timeout is no number without end",
        {"spec.limits.timeout": "0.000001h"},
        {"spec.limits.timeout": "9999999999999999999999999999h"},
        "spec.limits.timeout",
    ),
    (
        "concurrency is at least 1",
        {"spec.limits.concurrency": 1},
        {"spec.limits.concurrency": 0},
        "spec.limits.concurrency",
    ),
    (
        "concurrency is at most 1000",
        {"spec.limits.concurrency": 1000},
        {"spec.limits.concurrency": 1001},
        "spec.limits.concurrency",
    ),
    ("memory is a size", {"spec.limits.memory": "0.5Gi"}, {"spec.limits.memory": "256 MB"}, "spec.limits.memory"),
    ("memory is at least 64Mi", {"spec.limits.memory": "64Mi"}, {"spec.limits.memory": "64M"}, "at least 64Mi"),
    ("cpu is a quantity", {"spec.limits.cpu": "0.5"}, {"spec.limits.cpu": "half"}, "spec.limits.cpu"),
    ("cpu is a text", {"spec.limits.cpu": "2"}, {"spec.limits.cpu": 2}, "spec.limits.cpu"),
    (
        "cpu has at most three places",
        {"spec.limits.cpu": "1.125"},
        {"spec.limits.cpu": "1.1255"},
        "spec.limits.cpu",
    ),
    (
        "cpu is at least 100m",
        {"spec.limits.cpu": "100m"},
        {"spec.limits.cpu": "99m"},
        "at least 100m and at most 64",
    ),
    ("cpu is at most 64", {"spec.limits.cpu": "64"}, {"spec.limits.cpu": "64001m"}, "at least 100m and at most 64"),
    (
        "timeout counts to the nanosecond",
        {"spec.limits.timeout": "3600.0000000001s"},
        {"spec.limits.timeout": "0.0000000001s"},
        "more than 0s and at most 1h",
    ),
    (
        "timeout has at most 32 characters",
        {"spec.limits.timeout": "0" * 30 + "1s"},
        {"spec.limits.timeout": "0" * 31 + "1s"},
        "spec.limits.timeout: Too long",
    ),
    (
        "memory counts to the billionth of a byte",
        {"spec.limits.memory": "67108863.9999999999"},
        {"spec.limits.memory": "67108863.5"},
        "at least 64Mi",
    ),
    (
        "memory has at most 20 characters",
        {"spec.limits.memory": "0" * 16 + "64Mi"},
        {"spec.limits.memory": "0" * 17 + "64Mi"},
        "spec.limits.memory: Too long",
    ),
    (
        "cpu has at most 12 characters",
        {"spec.limits.cpu": "000000000001"},
        {"spec.limits.cpu": "0000000000001"},
        "spec.limits.cpu: Too long",
    ),
)
