from xkit_operator.kube.kinds import path


def test_paths_are_those_of_the_api() -> None:
    assert path("ConfigMap", namespace="a", name="b") == "/api/v1/namespaces/a/configmaps/b"
    assert path("Deployment", namespace="a") == "/apis/apps/v1/namespaces/a/deployments"
    assert path("Destination") == "/apis/xkit.dev/v1alpha1/destinations"
    assert (
        path("SourceMapping", namespace="a", name="b", subresource="status")
        == "/apis/xkit.dev/v1alpha1/namespaces/a/sourcemappings/b/status"
    )
