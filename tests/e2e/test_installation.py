"""What the chart brings beside the operator, on a cluster: its own test, and roles for the users of namespaces."""

from typing import Any

from tests.e2e.product import SYSTEM
from tests.waiting import until


def test_helm_test_says_that_the_operator_works(story: str, cluster: Any) -> None:
    said = cluster.run("helm", "test", "xkit-operator", "--namespace", SYSTEM, "--logs").stdout
    assert "Phase:          Succeeded" in said
    assert "leading" in said
    assert "xkit_operator_info" in said


def test_who_may_view_or_edit_a_namespace_may_do_so_with_its_destinations(
    story: str, cluster: Any, namespace: str
) -> None:
    def may(user: str, verb: str) -> bool:
        question = ("auth", "can-i", verb, "destinations.xkit.dev", "--namespace", namespace, f"--as={user}")
        return cluster.kubectl(*question, check=False).stdout.strip() == "yes"

    for role in ("view", "edit"):
        name = f"{role}er"
        cluster.kubectl(
            "--namespace", namespace, "create", "rolebinding", name, f"--clusterrole={role}", f"--user={name}"
        )
    until("the roles are known", lambda: may("viewer", "get") and may("editer", "create"))
    assert [may("nobody", verb) for verb in ("get", "create")] == [False, False]
    assert [may("viewer", verb) for verb in ("get", "create")] == [True, False]
    assert [may("editer", verb) for verb in ("get", "create")] == [True, True]
