"""kopf's way to the API server: the same Pod files or KUBECONFIG that `kube/connect.py` uses.

kopf calls it at start and whenever the server answers 401, so a rotated token is read again.
"""

from typing import Any

import kopf


def login(**arguments: Any) -> kopf.ConnectionInfo | None:
    """Credentials of the Pod, else of the kubeconfig."""
    return kopf.login_with_service_account(**arguments) or kopf.login_with_kubeconfig(**arguments)
