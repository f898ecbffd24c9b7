"""What a run of any length may cost the dispatcher, derived from the limits that the reference names."""

from xkit_operator.dispatcher.http.request_reader import MOST_BODY, MOST_HEAD
from xkit_operator.dispatcher.http.server import MOST_BODY_BYTES, MOST_CONNECTIONS

_MEBIBYTE = 2**20
_AT_REST = 64
_HEADS = 3 * MOST_CONNECTIONS * MOST_HEAD // _MEBIBYTE  # each as it came, taken apart, and the connection around it
_BODIES = 4 * MOST_BODY_BYTES // _MEBIBYTE  # as they came, and as the calls that they became
_ONE_PARSED = 8 * MOST_BODY // _MEBIBYTE  # one at a time, with what the allocator keeps of it

MOST_MEBIBYTES = _AT_REST + _HEADS + _BODIES + _ONE_PARSED
"""Far below the container's limit of 512 MiB."""

MOST_PROBE_MILLISECONDS = 500
"""For /livez, without the time in which the kernel let both wait for a core. The run prints what it took."""
