"""Reading: one snapshot on one connection for a whole operation, in one thread.

Statements go to the drivers as finished text; SQLAlchemy composes them and is not on the
way of a read. Readers cannot write, and cannot create an empty database by looking for one.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any, Self, TypeVar

import psycopg

from graph.domain.errors import OperationTimeout, OverLimit, ServiceUnavailable, TerrigraphError
from graph.settings import Limits
from graph.storage.brake import Brake
from graph.storage.engine import database_url
from graph.storage.statements import Statement

T = TypeVar("T")
Row = tuple[Any, ...]

_BUSY_TIMEOUT_S = 1.5
_CONNECT_TIMEOUT_S = 2
_CACHE_KIB = 32 * 1024

# A question may hold up the event loop so long; SQLite looks at the clock each so many of its
# own steps, which are some two milliseconds.
_BRIEF_S = 0.010
_STEPS = 50_000
_LOCK_TIMEOUT_MS = 1000
# Compiling a plan, or starting processes for it, takes longer than most questions do.
_POSTGRESQL_PLANS = {"jit": "off", "max_parallel_workers_per_gather": 0}
_UNAVAILABLE = "the data cannot be read at the moment; ask again in a few seconds"

_DRIVER_ERRORS = (
    sqlite3.DatabaseError,
    psycopg.OperationalError,
    psycopg.errors.IdleInTransactionSessionTimeout,
)


class _Disconnected(ServiceUnavailable):
    """The connection is of no use any more; another may be."""


class Reader:
    """One snapshot of the data. The first statement opens it, `close` ends it."""

    def __init__(self, dialect: str, connection: Any, limits: Limits, brake: Brake) -> None:
        self.dialect = dialect
        self.statements: list[str] = []
        self._cursor = connection.cursor()
        self._is_open = False
        self._limits = limits
        self._brake = brake
        self._rows_left = limits.response_max_rows

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[Row]:
        """The rows of a statement, as plain tuples.

        ServiceUnavailable when there is no answer, OperationTimeout when it takes too long,
        OverLimit when there are too many rows with those that were read before.
        """
        self._brake.start()
        try:
            if not self._is_open:
                self._begin()
            self.statements.append(statement.text)
            self._cursor.execute(statement.text, statement.bind(values))
            rows: list[Row] = self._cursor.fetchmany(self._rows_left + 1)
        except _DRIVER_ERRORS as error:
            raise self._explained(error) from error
        self._rows_left -= len(rows)
        if self._rows_left < 0:
            raise self._too_many()
        return rows

    def _too_many(self) -> OverLimit:
        most = self._limits.response_max_rows
        return OverLimit(
            f"the response takes more than {most:,} rows; ask for smaller pages, "
            "or for lists inside lists by another operation",
            self._limits.exceeded("response_max_rows", most - self._rows_left),
        )

    def _explained(self, error: Exception) -> TerrigraphError:
        """The driver's error in our words, which hold no address, statement or path."""
        if isinstance(error, psycopg.errors.QueryCanceled) or _is_interrupted(error):
            return self._brake.timeout()
        return _Disconnected(_UNAVAILABLE)

    def _begin(self) -> None:
        self._is_open = True
        if self.dialect == "sqlite":
            self._cursor.execute("BEGIN")
        else:
            self._cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def close(self) -> None:
        """End the snapshot."""
        try:
            if self._is_open:
                self._cursor.execute("COMMIT")
            self._cursor.close()
        except _DRIVER_ERRORS as error:
            raise self._explained(error) from error


def _is_interrupted(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code == sqlite3.SQLITE_INTERRUPT


class Database:
    """A database to read from, its idle connections, and the threads that read."""

    def __init__(self, url: str, *, workers: int = 2, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.url = database_url(url)
        self.dialect = self.url.get_backend_name()
        self._idle: list[Any] = []
        self._brief: list[Any] = []
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="terrigraph-read")

    async def run(self, work: Callable[[Reader], T], began: float | None = None) -> T:
        """The result of `work` over one snapshot, in a worker thread unless it is short.

        SQLite answers most questions in less time than it takes two threads to hand the
        interpreter to and fro for each row. So a question starts where it arrives; one that
        takes long there is stopped, and asked again in a worker.

        The time of the operation is counted from `began`, by the performance counter. When it is
        over, or whoever waits is cancelled, so is what the database does. OperationTimeout.
        """
        brake = Brake(self.limits, perf_counter() if began is None else began)
        if self.dialect == "sqlite":
            try:
                return self._run_briefly(work, brake)
            except (ServiceUnavailable, OperationTimeout):
                pass  # the worker finds out whether it is so
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(brake.left_s()):
                return await loop.run_in_executor(
                    self._workers, copy_context().run, self.run_here, work, brake
                )
        except TimeoutError:
            brake.pull()
            raise brake.timeout() from None
        except asyncio.CancelledError:
            brake.pull()
            raise

    def _run_briefly(self, work: Callable[[Reader], T], brake: Brake) -> T:
        connection = self._brief.pop() if self._brief else self._connect(busy_timeout_s=0)
        end = perf_counter() + _BRIEF_S
        connection.set_progress_handler(lambda: perf_counter() > end, _STEPS)
        with self._reading(connection, self._brief, brake) as reader:
            return work(reader)

    def run_here(self, work: Callable[[Reader], T], brake: Brake | None = None) -> T:
        """The result of `work` in this thread; tried twice when a connection was lost.

        ServiceUnavailable when the database does not answer.
        """
        try:
            with self.reader(brake) as reader:
                return work(reader)
        except _Disconnected:
            # A restarted server or a replaced file leaves every idle connection stale.
            self._discard_idle()
        with self.reader(brake) as reader:
            return work(reader)

    @contextmanager
    def reader(self, brake: Brake | None = None) -> Iterator[Reader]:
        """A snapshot on a connection of its own."""
        brake = brake or Brake(self.limits, inf)
        # list.pop and append are atomic: threads share the idle connections without a lock.
        connection = self._idle.pop() if self._idle else self._connect()
        if self.dialect == "sqlite":
            connection.set_progress_handler(brake.is_due, _STEPS)
        with self._reading(connection, self._idle, brake) as reader:
            yield reader

    @contextmanager
    def _reading(self, connection: Any, idle: list[Any], brake: Brake) -> Iterator[Reader]:
        brake.hold(connection)
        try:
            reader = Reader(self.dialect, connection, self.limits, brake)
            yield reader
            reader.close()
        except BaseException:
            brake.release()
            connection.close()
            raise
        brake.release()
        if brake.is_pulled:  # a cancellation may be on its way
            connection.close()
        else:
            idle.append(connection)

    def _connect(self, busy_timeout_s: float = _BUSY_TIMEOUT_S) -> Any:
        try:
            if self.dialect == "sqlite":
                return _connect_sqlite(self.url.database or "", busy_timeout_s)
            return _connect_postgresql(self.url.set(drivername="postgresql"), self.limits)
        except (sqlite3.Error, psycopg.Error) as error:
            raise _Disconnected(_UNAVAILABLE) from error

    def _discard_idle(self) -> None:
        for idle in (self._idle, self._brief):
            while idle:
                idle.pop().close()

    def close(self) -> None:
        """End the threads and the connections."""
        self._workers.shutdown()
        self._discard_idle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _connect_sqlite(path: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,  # a connection is used by one thread at a time
    )
    connection.execute("PRAGMA query_only = ON")
    # The default of 2 MB is less than one nested question reads, so each would start cold. Not
    # mmap, which is as fast: a file cut short under it ends the process.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


def _connect_postgresql(url: Any, limits: Limits) -> psycopg.Connection[Row]:
    settings = {
        "statement_timeout": int(limits.statement_timeout_s * 1000),
        "lock_timeout": _LOCK_TIMEOUT_MS,
        # Between two statements of one snapshot there is at most the rest of an operation, which
        # on a busy machine is all of its time.
        "idle_in_transaction_session_timeout": int(limits.operation_timeout_s * 1000),
        **_POSTGRESQL_PLANS,
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return psycopg.connect(
        url.render_as_string(hide_password=False),
        autocommit=True,  # snapshots are opened by hand
        connect_timeout=_CONNECT_TIMEOUT_S,
        options=options,
    )
