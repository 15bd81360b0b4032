"""One request at a time for each host, whatever brings the requests there."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Lanes:
    """A lock for each host."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lanes: dict[str, Lock] = {}

    @contextmanager
    def of(self, host: str, timeout_s: float) -> Iterator[None]:
        """Keeps others from asking the host. TimeoutError when they do for too long."""
        with self._lock:
            lane = self._lanes.setdefault(host.lower(), Lock())
        if not lane.acquire(timeout=timeout_s):
            raise TimeoutError
        try:
            yield
        finally:
            lane.release()
