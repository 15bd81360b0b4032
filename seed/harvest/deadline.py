"""The time that something may take as a whole, however many parts it has."""

from collections.abc import Callable
from time import monotonic


class Deadline:
    """So many seconds from now on; `clock` counts seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left_s(self) -> float:
        """The seconds that are left; none, never fewer."""
        return max(0.0, self._end - self._clock())

    def within_s(self, timeout: float | None) -> float:
        """The time for a part that may take `timeout` by itself."""
        left = self.left_s()
        return left if timeout is None else min(timeout, left)
