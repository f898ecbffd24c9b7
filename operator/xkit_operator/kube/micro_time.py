"""Times as Kubernetes' MicroTime fields take them. Used for Events and for the Lease."""

from datetime import datetime


def micro_time(time: datetime) -> str:
    """An aware UTC time with microseconds, as in 2030-01-31T12:00:00.000000Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
