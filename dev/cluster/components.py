"""The command line of every process that the supervisor keeps running, in the order in which they start."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.identity import NODE, NODE_ADDRESS, SERVICE_NETWORK, Cluster
from dev.cluster.network import POLICY_QUEUE

_ETCD = "http://127.0.0.1:2379"
_ETCD_PEER = "http://127.0.0.1:2380"


@dataclass(frozen=True)
class Component:
    """One process. Those that `needs_api` start when the API server is ready; a refused first try costs seconds."""

    name: str
    command: tuple[str, ...]
    needs_api: bool = False
    inherits: tuple[int, ...] = ()


def components(cluster: Cluster) -> list[Component]:
    """Every component of the single node."""
    kube = str(cluster.binaries / "kube")
    pki = cluster.pki
    return [
        Component("containerd", ("containerd", "--config", f"{cluster.config}/containerd.toml")),
        Component("etcd", (kube, "etcd", *_etcd(cluster.state / "etcd"))),
        Component("apiserver", (kube, "kube-apiserver", *_apiserver(cluster))),
        Component("registry", ("docker-registry", "serve", f"{cluster.config}/registry.yaml")),
        Component("controller-manager", (kube, "kube-controller-manager", *_controller_manager(pki)), needs_api=True),
        Component("scheduler", (kube, "kube-scheduler", *_scheduler(pki)), needs_api=True),
        Component("network-policies", _network_policies(cluster), needs_api=True),
        Component("kubelet", (kube, "kubelet", *_kubelet(cluster)), needs_api=True),
        Component("proxy", (kube, "kube-proxy", *_proxy(cluster.config)), needs_api=True),
        Component("metrics-server", (f"{cluster.binaries}/metrics-server", *_metrics_server(pki)), needs_api=True),
    ]


def _flags(**values: object) -> Sequence[str]:
    return [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]


def _etcd(data: Path) -> Sequence[str]:
    # no fsync: the data survives a killed process, though maybe not a power cut
    return [
        *_flags(data_dir=data, listen_client_urls=_ETCD, advertise_client_urls=_ETCD, listen_peer_urls=_ETCD_PEER),
        *_flags(initial_advertise_peer_urls=_ETCD_PEER, initial_cluster=f"default={_ETCD_PEER}"),
        *_flags(log_level="warn", heartbeat_interval=100, election_timeout=1000),
        "--unsafe-no-fsync",
    ]


def _apiserver(cluster: Cluster) -> Sequence[str]:
    pki, node_ports = cluster.pki, cluster.ports.node_ports
    return [
        *_flags(etcd_servers=_ETCD, advertise_address=NODE_ADDRESS, bind_address="0.0.0.0"),  # noqa: S104 - own netns
        *_flags(secure_port=cluster.ports.api, service_cluster_ip_range=SERVICE_NETWORK),
        # exactly the ports that the forwarder serves on the host
        *_flags(service_node_port_range=f"{node_ports.start}-{node_ports.stop - 1}"),
        *_flags(client_ca_file=pki / "ca.crt"),
        *_flags(tls_cert_file=pki / "apiserver.crt", tls_private_key_file=pki / "apiserver.key"),
        *_flags(service_account_key_file=pki / "service-accounts.pub"),
        *_flags(service_account_signing_key_file=pki / "service-accounts.key"),
        *_flags(service_account_issuer="https://kubernetes.default.svc.cluster.local"),
        *_flags(kubelet_client_certificate=pki / "kubelet-client.crt", kubelet_client_key=pki / "kubelet-client.key"),
        *_flags(kubelet_certificate_authority=pki / "ca.crt", kubelet_preferred_address_types="InternalIP"),
        # aggregation, for metrics-server
        *_flags(requestheader_client_ca_file=pki / "front-ca.crt", requestheader_allowed_names="front-proxy"),
        *_flags(requestheader_username_headers="X-Remote-User", requestheader_group_headers="X-Remote-Group"),
        *_flags(requestheader_extra_headers_prefix="X-Remote-Extra-"),
        *_flags(proxy_client_cert_file=pki / "front-proxy.crt", proxy_client_key_file=pki / "front-proxy.key"),
        *_flags(authorization_mode="Node,RBAC", enable_admission_plugins="NodeRestriction", allow_privileged="true"),
        *_flags(endpoint_reconciler_type="lease", enable_priority_and_fairness="false", max_requests_inflight=1000),
        *_flags(profiling="false", event_ttl="1h", shutdown_delay_duration="0s"),
    ]


def _controller_manager(pki: Path) -> Sequence[str]:
    return [
        *_flags(kubeconfig=pki / "controller-manager.kubeconfig", root_ca_file=pki / "ca.crt"),
        *_flags(service_account_private_key_file=pki / "service-accounts.key"),
        *_flags(cluster_signing_cert_file=pki / "ca.crt", cluster_signing_key_file=pki / "ca.key"),
        *_flags(use_service_account_credentials="true", allocate_node_cidrs="false", leader_elect="false"),
        *_flags(kube_api_qps=200, kube_api_burst=400, enable_hostpath_provisioner="true"),
        *_flags(node_monitor_period="2s", node_monitor_grace_period="20s", pvclaimbinder_sync_period="2s"),
        # an autoscaler reacts within a test's patience
        *_flags(horizontal_pod_autoscaler_sync_period="3s", horizontal_pod_autoscaler_downscale_stabilization="10s"),
        *_flags(horizontal_pod_autoscaler_cpu_initialization_period="10s"),
        *_flags(horizontal_pod_autoscaler_initial_readiness_delay="5s"),
        *_flags(controllers="*,-nodeipam,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle"),
    ]


def _scheduler(pki: Path) -> Sequence[str]:
    config = pki / "scheduler.kubeconfig"
    return _flags(kubeconfig=config, leader_elect="false", kube_api_qps=200, kube_api_burst=400)


def _kubelet(cluster: Cluster) -> Sequence[str]:
    return [
        *_flags(config=cluster.config / "kubelet.yaml", kubeconfig=cluster.pki / "kubelet.kubeconfig"),
        *_flags(hostname_override=NODE, node_ip=NODE_ADDRESS, root_dir="/var/lib/kubelet"),
        *_flags(housekeeping_interval="5s", v=2),
    ]


def _proxy(config: Path) -> Sequence[str]:
    return _flags(config=config / "proxy.yaml", hostname_override=NODE)


def _network_policies(cluster: Cluster) -> tuple[str, ...]:
    config = cluster.pki / "network-policies.kubeconfig"
    return (f"{cluster.binaries}/network-policies", *_flags(kubeconfig=config, node=NODE, queue=POLICY_QUEUE))


def _metrics_server(pki: Path) -> Sequence[str]:
    config = pki / "metrics-server.kubeconfig"
    return [
        *_flags(kubeconfig=config, authentication_kubeconfig=config, authorization_kubeconfig=config),
        *_flags(tls_cert_file=pki / "metrics-serving.crt", tls_private_key_file=pki / "metrics-serving.key"),
        *_flags(secure_port=10443, kubelet_preferred_address_types="InternalIP"),
        # 10 s is the shortest that it accepts
        *_flags(kubelet_certificate_authority=pki / "ca.crt", metric_resolution="10s", kubelet_request_timeout="5s"),
    ]
