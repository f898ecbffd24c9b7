import json

import pytest

from xkit_operator.errors import (
    ApiConflict,
    ApiForbidden,
    ApiNotFound,
    ApiRefused,
    ApiUnreachable,
    InvalidAutoscalingSpec,
    InvalidNetworkSpec,
    InvalidPodSpec,
    QuotaExceeded,
    XkitError,
)
from xkit_operator.kube.refusal import refusal

TYPED = "failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.bogus: field not declared in schema"
ENDING = 'services "x" is forbidden: unable to create new content in namespace a because it is being terminated'
QUOTA = 'deployments.apps "x" is forbidden: exceeded quota: small, requested: count/deployments.apps=1'


@pytest.mark.parametrize(
    ("status", "kind", "message", "error"),
    [
        (404, "Deployment", "not found", ApiNotFound),
        (409, "Deployment", "the object has been modified", ApiConflict),
        (422, "Deployment", 'metadata.uid: Invalid value: "x": field is immutable', ApiConflict),
        (422, "Deployment", "spec.template.spec.containers[0].image: Required value", InvalidPodSpec),
        (422, "Service", "spec.ports[0].port: Invalid value", ApiRefused),
        (500, "Deployment", TYPED, InvalidPodSpec),
        (422, "NetworkPolicy", "spec.egress[0].ports[0].port: Invalid value: 70000", InvalidNetworkSpec),
        (500, "NetworkPolicy", TYPED, InvalidNetworkSpec),
        (422, "HorizontalPodAutoscaler", "spec.metrics[0].type: Required value", InvalidAutoscalingSpec),
        (500, "HorizontalPodAutoscaler", TYPED, InvalidAutoscalingSpec),
        (500, "Service", TYPED, ApiRefused),
        (500, "Deployment", "etcdserver: leader changed", ApiUnreachable),
        (500, "Deployment", "Internal error occurred: failed calling webhook", ApiRefused),
        (401, "Deployment", "Unauthorized", ApiForbidden),
        (403, "Deployment", "cannot patch resource", ApiForbidden),
        (403, "Deployment", QUOTA, QuotaExceeded),
        (403, "Service", ENDING, ApiConflict),
        (429, "Deployment", "too many requests", ApiUnreachable),
        (503, "Deployment", "apiserver not ready", ApiUnreachable),
    ],
)
def test_each_answer_becomes_the_error_that_it_means(
    status: int, kind: str, message: str, error: type[XkitError]
) -> None:
    body = json.dumps({"kind": "Status", "message": message}).encode()
    found = refusal(status=status, body=body, subject=f"{kind} a/b", kind=kind)
    assert type(found) is error
    assert message in str(found)
    assert f"{kind} a/b" in str(found)


@pytest.mark.parametrize("body", [b"404 page not found\n", b"", b"[1]", b"\xff\xfe", b'{"message": 1}'])
def test_a_body_that_is_no_status_is_quoted_as_it_is(body: bytes) -> None:
    assert isinstance(refusal(status=404, body=body, subject="/version", kind="version"), ApiNotFound)


def test_a_quote_is_bounded() -> None:
    assert len(str(refusal(status=400, body=b"x" * 10_000, subject="s", kind="k"))) < 1100
