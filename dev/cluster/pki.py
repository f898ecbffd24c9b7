"""Keys and certificates of a cluster, made once by openssl when its state is new, and the kubeconfigs that hold them.

Elliptic curve keys, because 15 RSA keys would take as long as the rest of the start.
"""

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.identity import API_SERVICE_ADDRESS, NODE, NODE_ADDRESS, Cluster

METRICS_USER = "xkit:metrics-server"
POLICIES_USER = "xkit:network-policies"
_DAYS = "3650"
_API_NAMES = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")


@dataclass(frozen=True)
class Certificate:
    """One key pair: what it is called in the pki directory, whom it proves, and the names it serves under."""

    name: str
    subject: str
    serves: str = "DNS:localhost"
    authority: str = "ca"
    kubeconfig: bool = False


CERTIFICATES = (
    Certificate(
        "apiserver",
        "/CN=kube-apiserver",
        ",".join([*(f"DNS:{n}" for n in _API_NAMES), "DNS:localhost", "IP:127.0.0.1", f"IP:{API_SERVICE_ADDRESS}"])
        + f",IP:{NODE_ADDRESS}",
    ),
    Certificate("front-proxy", "/CN=front-proxy", authority="front-ca"),
    Certificate("metrics-serving", "/CN=metrics-server", "DNS:metrics-server.kube-system.svc"),
    Certificate("kubelet-client", "/O=system:masters/CN=apiserver-kubelet-client"),
    Certificate("admin", "/O=system:masters/CN=admin", kubeconfig=True),
    Certificate("controller-manager", "/CN=system:kube-controller-manager", kubeconfig=True),
    Certificate("scheduler", "/CN=system:kube-scheduler", kubeconfig=True),
    Certificate("proxy", "/CN=system:kube-proxy", kubeconfig=True),
    Certificate("metrics-server", f"/CN={METRICS_USER}", kubeconfig=True),
    Certificate("network-policies", f"/CN={POLICIES_USER}", kubeconfig=True),
    Certificate(
        "kubelet",
        f"/O=system:nodes/CN=system:node:{NODE}",
        f"DNS:{NODE},IP:{NODE_ADDRESS},IP:127.0.0.1",
        kubeconfig=True,
    ),
)


def make_certificates(cluster: Cluster) -> None:
    """Make every key and certificate unless they are there. A half-made set of authorities is made anew."""
    done = cluster.pki / "done"
    if not done.exists():
        _make_authorities(cluster)
        done.touch()
    for certificate in CERTIFICATES:
        # a state of an earlier version lacks the newest
        if not (cluster.pki / f"{certificate.name}.crt").exists():
            _sign(cluster.pki, certificate)


def _make_authorities(cluster: Cluster) -> None:
    shutil.rmtree(cluster.pki, ignore_errors=True)
    cluster.pki.mkdir(mode=0o700)
    for authority in ("ca", "front-ca"):
        _key(cluster.pki, authority)
        request = ["-new", "-key", f"{authority}.key", "-subj", f"/CN={cluster.title}-{authority}"]
        _openssl(cluster.pki, "req", "-x509", *request, "-out", f"{authority}.crt", "-days", _DAYS)
    _key(cluster.pki, "service-accounts")
    _openssl(cluster.pki, "ec", "-in", "service-accounts.key", "-pubout", "-out", "service-accounts.pub")


def write_kubeconfigs(cluster: Cluster) -> None:
    """Write a kubeconfig for each component, and the administrator's; at each start, since the port may have moved."""
    for certificate in CERTIFICATES:
        if certificate.kubeconfig:
            path = cluster.pki / f"{certificate.name}.kubeconfig"
            path.write_text(json.dumps(_kubeconfig(cluster, certificate.name), indent=1))
    cluster.kubeconfig.touch(mode=0o600)
    cluster.kubeconfig.write_bytes((cluster.pki / "admin.kubeconfig").read_bytes())


def _kubeconfig(cluster: Cluster, user: str) -> dict[str, object]:
    # the administrator's is used on the host too, where the forwarder answers on 127.0.0.1
    address = "127.0.0.1" if user == "admin" else NODE_ADDRESS
    server = {
        "server": f"https://{address}:{cluster.ports.api}",
        "certificate-authority-data": _base64(cluster.pki / "ca.crt"),
    }
    credentials = {
        "client-certificate-data": _base64(cluster.pki / f"{user}.crt"),
        "client-key-data": _base64(cluster.pki / f"{user}.key"),
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": cluster.title,
        "clusters": [{"name": cluster.title, "cluster": server}],
        "users": [{"name": user, "user": credentials}],
        "contexts": [{"name": cluster.title, "context": {"cluster": cluster.title, "user": user}}],
    }


def _sign(directory: Path, certificate: Certificate) -> None:
    name, authority = certificate.name, certificate.authority
    _key(directory, name)
    _openssl(directory, "req", "-new", "-key", f"{name}.key", "-out", f"{name}.csr", "-subj", certificate.subject)
    extensions = f"subjectAltName={certificate.serves}\nextendedKeyUsage=serverAuth,clientAuth\n"
    (directory / f"{name}.ext").write_text(extensions)
    signer = ["-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-CAcreateserial", "-days", _DAYS]
    paths = ["-in", f"{name}.csr", "-out", f"{name}.crt", "-extfile", f"{name}.ext"]
    _openssl(directory, "x509", "-req", *paths, *signer)


def _key(directory: Path, name: str) -> None:
    _openssl(directory, "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key")


def _openssl(directory: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
