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

    def writes(self) -> dict[str, list[str]]:
        """Of all that the tool and the operator have made: who last wrote anything but a status, and when."""
        found = self.get(KINDS, "--show-managed-fields")["items"]
        return {
            f"{one['kind']}/{one['metadata']['name']}": sorted(
                f"{written['manager']} {written['time']}"
                for written in one["metadata"]["managedFields"]
                if written.get("subresource") != "status"
            )
            for one in found
            if one["metadata"]["name"] not in OF_EVERY_NAMESPACE
        }

    def wanted(self) -> int:
        return int(self.get("deployment", "subscribers")["spec"]["replicas"])
