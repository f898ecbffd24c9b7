"""The one error that the commands print as a sentence instead of a traceback."""


class ClusterProblem(Exception):
    """Something outside this program must change; the message says what was found and what to do."""
