"""One harvest of a database at a time: two would ask the same servers for the same lists."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

# Any number will do, as long as every harvest asks for the same one.
_HARVESTS = 0x7E44A64B


class AlreadyHarvesting(ValueError):  # the operator started it twice
    """Another harvest of this database is under way."""

    def __init__(self) -> None:
        super().__init__("another harvest is under way; wait for its end")


@contextmanager
def alone(engine: sa.Engine) -> Iterator[None]:
    """Keeps other harvests out; both locks end with the process, however it ends."""
    hold = _on_postgresql if engine.dialect.name == "postgresql" else _on_sqlite
    with hold(engine):
        yield


@contextmanager
def _on_postgresql(engine: sa.Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_HARVESTS))):
            raise AlreadyHarvesting
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_HARVESTS)))


@contextmanager
def _on_sqlite(engine: sa.Engine) -> Iterator[None]:
    # A file of its own beside the database, in which nothing is ever written.
    path = f"{engine.url.database}-harvest"
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise AlreadyHarvesting from None
        yield
