"""Every error that this product raises on purpose, as one tree.

XkitError
├── SpecError                   the author of the object named in the message must act
│   ├── InvalidSpec             a field that the schema let through and that cannot work
│   ├── UnknownRuntime          spec.runtime names no runtime of this release
│   ├── FunctionSyntaxError     a function that its runtime cannot parse
│   ├── ConfigMapNotFound       a referenced ConfigMap is absent
│   ├── ConfigMapKeyNotFound    a referenced key is absent from its ConfigMap
│   ├── ServiceAccountNotFound  the ServiceAccount that the Pods are to have is absent
│   ├── DestinationNotFound     a SourceMapping points at no Destination
│   ├── MappingDoesNotFit       a SourceMapping cannot fill the inputs of its Destination
│   ├── SourceConflict          an older SourceMapping already serves this source
│   ├── Conflict                an object of the wanted name belongs to somebody else
│   ├── InvalidPodSpec          the API server refuses the Pod that the spec describes
│   ├── InvalidNetworkSpec      the API server refuses the NetworkPolicy that it describes
│   └── InvalidAutoscalingSpec  the API server refuses the autoscaler that it describes
├── RegistryError               the registry's administrator must act, or nobody: it is tried again
│   ├── RegistryUnreachable     no connection, a timeout, or a 5xx answer
│   ├── RegistryUnauthorized    401 or 403
│   ├── RegistryRefused         any other answer that ends the push
│   ├── Pending                 an upload that goes on in the background; nothing has failed
│   └── InvalidCredentials      the file with the registry's logins cannot be used
├── ClusterError                the Kubernetes API did not do what was asked; it is tried again
│   ├── ApiUnreachable          no connection or a timeout
│   ├── ApiConflict             the object changed since it was read
│   ├── ApiNotFound             the object, or its kind, is absent
│   ├── ApiForbidden            the operator's role lacks a permission
│   ├── QuotaExceeded           a ResourceQuota or LimitRange refuses the object
│   └── ApiRefused              any other refusal
├── InstallationError           whoever installs must act
│   ├── InvalidSetting          an environment variable that cannot be used
│   └── BuildFailed             an image that could not be put together from its parts
├── LocalError                  the person at the command line must act
│   ├── InvalidProject          files that hold nothing to work with, or not the one thing that was asked for
│   ├── NodeNotFound            this machine has no Node.js of the runtime, and none could be fetched
│   ├── ValueNotFound           a variable or token whose Secret or ConfigMap is not among the files
│   ├── RunnerNotStarted        the runner of a project ends before it serves
│   ├── NoCluster               no kubeconfig, or none of its contexts leads to a cluster
│   └── PackagesNotFound        the runtime's default packages are not here and could not be fetched
├── LeaseLost                   another operator process may lead by now: nothing is written, and this one ends
└── RunnerError                 stays inside a runner Pod: its log tells of it
    ├── InvalidFrame            bytes on the dispatcher's socket that break the protocol
    └── InvalidVariable         a variable whose file cannot be read as text

A code is the class's own name. It is also the reason of a condition and a heading of docs/reference/conditions.md.
"""


class XkitError(Exception):
    """The root: `str(error)` is a sentence that names the field or object, what was found, and what to do."""

    @property
    def code(self) -> str:
        """The stable CamelCase code: the name of the class."""
        return type(self).__name__


class SpecError(XkitError):
    """The author of an object must act; trying again without a change is of no use."""


class InvalidSpec(SpecError):
    """A field that the schema let through and that cannot work."""


class UnknownRuntime(SpecError):
    """`spec.runtime` names no runtime of this release."""


class FunctionSyntaxError(SpecError):
    """A function that its runtime cannot parse."""


class ConfigMapNotFound(SpecError):
    """A referenced ConfigMap is absent."""


class ConfigMapKeyNotFound(SpecError):
    """A referenced key is absent from its ConfigMap."""


class ServiceAccountNotFound(SpecError):
    """The ServiceAccount that the Pods are to have is absent."""


class DestinationNotFound(SpecError):
    """A SourceMapping points at no Destination."""


class MappingDoesNotFit(SpecError):
    """A SourceMapping cannot fill the inputs of its Destination."""


class SourceConflict(SpecError):
    """An older SourceMapping already serves this source."""


class Conflict(SpecError):
    """An object of the wanted name belongs to somebody else."""


class InvalidPodSpec(SpecError):
    """The API server refuses the Pod that the spec describes."""


class InvalidNetworkSpec(SpecError):
    """The API server refuses the NetworkPolicy that the spec describes."""


class InvalidAutoscalingSpec(SpecError):
    """The API server refuses the autoscaler that the spec describes."""


class RegistryError(XkitError):
    """The registry did not take an image."""


class RegistryUnreachable(RegistryError):
    """No connection, a timeout, or a 5xx answer; `retry_after` is the pause in seconds that the registry asked for."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RegistryUnauthorized(RegistryError):
    """The registry answers 401 or 403."""


class RegistryRefused(RegistryError):
    """Any other answer that ends the push."""


class Pending(RegistryError):
    """An upload goes on in the background, and whatever waits for it is looked at again when it has ended."""


class InvalidCredentials(RegistryError):
    """The file with the registry's logins cannot be used."""


class ClusterError(XkitError):
    """The Kubernetes API did not do what was asked."""


class ApiUnreachable(ClusterError):
    """No connection to the API server, or no answer in time."""


class ApiConflict(ClusterError):
    """The object changed since it was read (HTTP 409)."""


class ApiNotFound(ClusterError):
    """The object, or its kind, is absent (HTTP 404)."""


class ApiForbidden(ClusterError):
    """The operator's role lacks a permission (HTTP 403)."""


class QuotaExceeded(ClusterError):
    """A ResourceQuota or LimitRange refuses the object (HTTP 403 with its own words)."""


class ApiRefused(ClusterError):
    """Any other refusal by the API server."""


class InstallationError(XkitError):
    """Whoever installs the operator must act."""


class InvalidSetting(InstallationError):
    """An environment variable that cannot be used."""


class BuildFailed(InstallationError):
    """An image that could not be put together from its parts."""


class LocalError(XkitError):
    """Something on this machine keeps a local command from doing its work."""


class InvalidProject(LocalError):
    """Files that hold nothing to work with, or not the one thing that was asked for."""


class NodeNotFound(LocalError):
    """This machine has no Node.js of the runtime, and none could be fetched."""


class ValueNotFound(LocalError):
    """A variable or a token whose Secret or ConfigMap is not among the files."""


class RunnerNotStarted(LocalError):
    """The runner of a project ends, or takes too long, before it serves."""


class NoCluster(LocalError):
    """No kubeconfig, or what it says leads to no cluster."""


class PackagesNotFound(LocalError):
    """The runtime's default packages are not here and could not be fetched."""


class LeaseLost(XkitError):
    """This process does not lead, or not for certain any more: nothing is written."""


class RunnerError(XkitError):
    """Something inside a runner Pod went wrong."""


class InvalidFrame(RunnerError):
    """Bytes on the dispatcher's socket that break the protocol; the connection is closed."""


class InvalidVariable(RunnerError):
    """A variable whose file cannot be read as text."""
