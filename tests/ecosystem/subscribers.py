"""The Destination of examples/gitops, as its user sees it."""

from typing import Any

from tests.e2e.product import Crm

KINDS = "destinations,sourcemappings,deployments,services,configmaps,serviceaccounts,poddisruptionbudgets"
OF_EVERY_NAMESPACE = {"default", "kube-root-ca.crt"}
RECORD = {
    "id": "1",
    "operation": "upsert",
    "source": {"slug": "shopify", "object": "customer"},
    "record": {"email": "eve@example.com", "first_name": "Eve", "accepts_marketing": False},
}


class Subscribers(Crm):
    """The Destination of the example."""

    def address(self) -> str:
        return str(self.get("service", "subscribers")["spec"]["clusterIP"])

    def serves(self) -> dict[str, Any]:
        """What its function answers, once a Pod of its own takes the record."""
        answer = self.send(RECORD)
        assert answer.status == 200, answer
        result: dict[str, Any] = answer.body["result"]
        return result

    def is_ready(self) -> bool:
        return self.condition("destination", "subscribers").get("status") == "True"

    def versions(self) -> dict[str, str]:
        """Of all that the tool and the operator have made: another one after each write, whatever it changed."""
        found = [one["metadata"] for one in self.get(KINDS)["items"]]
        return {one["uid"]: one["resourceVersion"] for one in found if one["name"] not in OF_EVERY_NAMESPACE}

    def wanted(self) -> int:
        return int(self.get("deployment", "subscribers")["spec"]["replicas"])
