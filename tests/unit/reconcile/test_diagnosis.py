import pytest

from xkit_operator.reconcile.reporting.diagnosis import deployment_problem

LIMIT_RANGE = 'pods "crm-1-a" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi'
NO_ACCOUNT = 'pods "crm-1-" is forbidden: error looking up service account a/runner: serviceaccount "runner" not found'
POD_SECURITY = 'pods "crm-1-a" is forbidden: violates PodSecurity "restricted:latest": privileged'


@pytest.mark.parametrize(
    ("kind", "status", "message", "reason"),
    [
        ("ReplicaFailure", "True", 'pods "crm-1-a" is forbidden: exceeded quota: small', "QuotaExceeded"),
        ("ReplicaFailure", "True", POD_SECURITY, "InvalidPodSpec"),
        ("ReplicaFailure", "True", LIMIT_RANGE, "QuotaExceeded"),
        ("ReplicaFailure", "True", 'pods "a" is forbidden: failed quota: small: must specify cpu', "QuotaExceeded"),
        ("ReplicaFailure", "True", NO_ACCOUNT, "ServiceAccountNotFound"),
        ("ReplicaFailure", "True", "admission webhook denied the request", "ApiRefused"),
        ("Progressing", "False", "has timed out progressing", "DeadlineExceeded"),
        ("Progressing", "True", "is progressing", None),
        ("ReplicaFailure", "False", "", None),
    ],
)
def test_the_deployment_says_what_keeps_pods_from_existing(
    kind: str, status: str, message: str, reason: str | None
) -> None:
    condition = {"type": kind, "status": status, "message": message, "reason": "ProgressDeadlineExceeded"}
    problem = deployment_problem({"status": {"conditions": [condition]}})
    assert (problem.reason if problem else None) == reason


def test_the_generated_name_of_a_refused_pod_is_left_out() -> None:
    def failure(name: str) -> dict[str, str]:
        return {
            "type": "ReplicaFailure",
            "status": "True",
            "message": f'pods "{name}" is forbidden: exceeded quota: small',
        }

    first, second = (
        deployment_problem({"status": {"conditions": [failure(name)]}}) for name in ("crm-1-abcde", "crm-1-fghij")
    )
    assert first == second
