"""Where the API server is and how to prove who we are: in a cluster from the Pod's files, outside from KUBECONFIG.

Called once by the wiring. The client follows a rotated service-account token by itself.
"""

from typing import Any

from kubernetes.aio import client, config

from xkit_operator.errors import InvalidSetting


async def connect() -> Any:
    """An ApiClient of the running loop; whoever calls must `await close()` it. Raises InvalidSetting."""
    # With the library's default of True, each request looks up proxy variables and ~/.netrc: 40 % of its CPU time,
    # and a proxy meant for other traffic would stand between us and the API server.
    configuration = client.Configuration(client_session_kwargs={"trust_env": False})
    try:
        config.load_incluster_config(configuration)  # type: ignore[no-untyped-call] # the library ships no types
    except config.ConfigException:
        try:
            await config.load_kube_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
        except (config.ConfigException, OSError) as error:
            raise InvalidSetting(
                f"KUBECONFIG: there is no usable cluster in it, and this is no Pod: {error}"
            ) from error
    return client.ApiClient(configuration)
