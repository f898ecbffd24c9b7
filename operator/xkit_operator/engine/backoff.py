"""How long to wait before a key that failed is tried again: exponential, capped, with jitter.

Pure: the queue counts the failures and throws the dice. The cap is part of a promise to users:
what they or their registry mend heals within it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Delays in seconds: `base` after the first failure, `factor` times as long after each further one, at most `cap`.

    `jitter` is the share of a delay that is drawn at random and taken off, so that many keys which failed
    together (a registry went away) do not come back together, and no delay is ever longer than `cap`.
    """

    base: float = 0.5
    factor: float = 2.0
    cap: float = 30.0
    jitter: float = 0.3

    def delay(self, failures: int, *, chance: float) -> float:
        """Seconds to wait after the `failures`-th failure in a row, counted from 1; `chance` is from 0 to 1."""
        # The exponent is bounded because a float overflows long before a registry's outage ends.
        longest = min(self.cap, self.base * self.factor ** min(failures - 1, 64))
        return longest * (1 - self.jitter * chance)
