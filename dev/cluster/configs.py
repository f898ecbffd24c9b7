"""The configuration files of containerd, kubelet, kube-proxy and the registry, written at each start.

Paths such as /var/lib/kubelet are the standard ones: inside the cluster's mount namespace `mounts` has put the
cluster's own directories there.
"""

from pathlib import Path

from dev.cluster.cni import network_directory, plugin_links, write_cni
from dev.cluster.identity import DNS_ADDRESS, NODE_ADDRESS, POD_NETWORK, Cluster
from dev.cluster.images import PAUSE_IMAGE


def write_configs(cluster: Cluster, *, runc: str, plugins: Path) -> None:
    """Write every configuration file; `runc` is its path, `plugins` the directory of the CNI plugins."""
    write_cni(cluster, plugins)
    registry = f"certs.d/localhost:{cluster.ports.registry}/hosts.toml"
    files = {
        "containerd.toml": _containerd(cluster, runc=runc),
        registry: _registry_host(cluster.ports.registry),
        "kubelet.yaml": _kubelet(cluster),
        "resolv.conf": "",  # Pods ask the cluster's DNS, which knows nothing of the world outside
        "proxy.yaml": _proxy(cluster),
        "registry.yaml": _registry(cluster),
    }
    for name, text in files.items():
        path = cluster.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _containerd(cluster: Cluster, *, runc: str) -> str:
    # restrict_oom_score_adj: root without CAP_SYS_RESOURCE may not lower a score
    # enable_unprivileged_ports: CoreDNS listens on port 53 without being root
    # config_path is read at every pull: a registry can be added without a restart
    return f"""\
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/run/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "{PAUSE_IMAGE}"
  max_concurrent_downloads = 5
  enable_unprivileged_ports = true
  enable_unprivileged_icmp = true
  tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    discard_unpacked_layers = false
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "{runc}"
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{plugin_links(cluster)}"
    conf_dir = "{network_directory(cluster)}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "{cluster.config}/certs.d"
"""


def _registry_host(port: int) -> str:
    return f"""\
server = "http://{NODE_ADDRESS}:{port}"
[host."http://{NODE_ADDRESS}:{port}"]
  capabilities = ["pull", "resolve"]
"""


def _proxy(cluster: Cluster) -> str:
    # without the conntrack zeros it writes machine-wide sysctls; localhostNodePorts lets containerd pull from a
    # registry Pod at localhost:<nodePort>; 100 ms keeps a rolling update from losing requests
    return f"""\
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {{kubeconfig: {cluster.pki}/proxy.kubeconfig, qps: 100, burst: 200}}
mode: iptables
clusterCIDR: {POD_NETWORK}
conntrack: {{maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}}
oomScoreAdj: 0
iptables: {{minSyncPeriod: 100ms, localhostNodePorts: true}}
"""


def _registry(cluster: Cluster) -> str:
    return f"""\
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {cluster.state}/registry}}, delete: {{enabled: true}}}}
http: {{addr: '0.0.0.0:{cluster.ports.registry}'}}
"""


def _kubelet(cluster: Cluster) -> str:
    # failCgroupV1: Kubernetes 1.35 refuses version 1 otherwise
    # Watch and the short periods: a changed Secret reaches a running Pod in seconds
    return f"""\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {{enabled: false}}
  webhook: {{enabled: true, cacheTTL: 5s}}
  x509: {{clientCAFile: {cluster.pki}/ca.crt}}
authorization: {{mode: Webhook, webhook: {{cacheAuthorizedTTL: 30s, cacheUnauthorizedTTL: 1s}}}}
tlsCertFile: {cluster.pki}/kubelet.crt
tlsPrivateKeyFile: {cluster.pki}/kubelet.key
clusterDNS: [{DNS_ADDRESS}]
clusterDomain: cluster.local
resolvConf: {cluster.config}/resolv.conf
cgroupDriver: cgroupfs
cgroupsPerQOS: true
enforceNodeAllocatable: [pods]
failSwapOn: false
failCgroupV1: false
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
runtimeRequestTimeout: 2m
evictionHard:
  memory.available: 100Mi
  nodefs.available: 1%
  imagefs.available: 1%
  nodefs.inodesFree: 1%
  imagefs.inodesFree: 1%
evictionPressureTransitionPeriod: 5s
imageGCHighThresholdPercent: 100
podLogsDir: /var/log/pods
volumePluginDir: /var/lib/kubelet/volumeplugins
oomScoreAdj: 0
maxPods: 200
syncFrequency: 5s
nodeStatusUpdateFrequency: 2s
nodeStatusReportFrequency: 30s
nodeLeaseDurationSeconds: 20
serializeImagePulls: false
maxParallelImagePulls: 4
registryPullQPS: 0
eventRecordQPS: 0
kubeAPIQPS: 200
kubeAPIBurst: 400
configMapAndSecretChangeDetectionStrategy: Watch
volumeStatsAggPeriod: 10s
"""
