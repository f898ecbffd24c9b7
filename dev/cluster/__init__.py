"""A real single-node Kubernetes for development and tests, without Docker: `python3 -m dev.cluster up`.

The whole cluster is one process tree. Its root, the supervisor, is PID 1 of a PID namespace and owns the mount,
network, cgroup, UTS and IPC namespaces too: when it dies, for whatever reason, the kernel ends every component and
container and drops every mount, bridge and network namespace. Only empty cgroup directories can remain; `up` and
`down` remove those.
Uses the standard library alone, since it runs before anything is installed.
"""
