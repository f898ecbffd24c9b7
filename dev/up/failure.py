"""The one error of the story: a sentence that says what failed and what to do, with the evidence below it."""

from collections.abc import Sequence


class StepFailed(Exception):
    """A step that cannot go on. `evidence` is what the tools said, line by line."""

    def __init__(self, what: str, *, remedy: str = "", evidence: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.evidence = tuple(evidence)
