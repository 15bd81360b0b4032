"""Stopping what is read: when its time is over, and when nobody waits for it any more."""

from contextlib import suppress
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any

import psycopg

from graph.domain.errors import OperationTimeout
from graph.settings import Limits

_REMEDY = "ask for fewer rows, lists inside lists, groups or searches at a time"
# A cancellation that arrives between two statements stops neither; it is sent until one is.
_CANCEL_EVERY_S = 0.05
_CANCEL_TIMEOUT_S = 1.0


class Brake:
    """The time of one operation, from `began` on by the performance counter.

    SQLite asks it now and then whether to go on. PostgreSQL is told, by a thread of its own:
    sending a cancellation takes a connection, for which the event loop must not wait.
    """

    def __init__(self, limits: Limits, began: float) -> None:
        self._limits = limits
        self._began = began
        self._end = began + limits.operation_timeout_s
        self._due = self._end
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = Lock()
        self.is_pulled = False

    def left_s(self) -> float:
        """The seconds that are left; negative when there are none."""
        return self._end - perf_counter()

    def is_due(self) -> bool:
        """Whether the statement that runs is to be stopped."""
        return self.is_pulled or perf_counter() > self._due

    def start(self) -> None:
        """Called before each statement. OperationTimeout when there is no time for it."""
        now = perf_counter()
        if self.is_pulled or now > self._end:
            raise self.timeout()
        self._due = min(self._end, now + self._limits.statement_timeout_s)

    def timeout(self) -> OperationTimeout:
        """What the caller is told."""
        elapsed = perf_counter() - self._began
        if elapsed < self._limits.operation_timeout_s:
            most = self._limits.statement_timeout_s
            return OperationTimeout(
                f"a part of the operation took the database longer than {most:g} s, and it was "
                f"stopped; {_REMEDY}",
                self._limits.exceeded("statement_timeout_s", round(most, 1)),
            )
        return OperationTimeout(
            f"the operation took longer than {self._limits.operation_timeout_s:g} s, and was "
            f"stopped; {_REMEDY}",
            self._limits.exceeded("operation_timeout_s", round(elapsed, 1)),
        )

    def hold(self, connection: Any) -> None:
        """The connection that reads from now on, if it is one that has to be told."""
        if isinstance(connection, psycopg.Connection):
            with self._lock:
                self._connection = connection

    def release(self) -> None:
        """Nothing is read any more."""
        with self._lock:
            self._connection = None

    def pull(self) -> None:
        """Stop what runs, from another thread; nothing is started any more."""
        self.is_pulled = True
        if self._connection is not None:
            Thread(target=self._cancel, name="terrigraph-cancel", daemon=True).start()

    def _cancel(self) -> None:
        while True:
            with self._lock:
                if self._connection is None:
                    return
                with suppress(psycopg.Error):
                    self._connection.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
            sleep(_CANCEL_EVERY_S)
