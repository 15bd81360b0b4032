"""Engines for writing and for maintenance. Knows the two dialects; reads go by `read.py`."""

import sqlite3
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

_BUSY_TIMEOUT_S = 5.0
_RETRY_S = 0.01
# Keys come in no order, so an import touches pages all over the file; the usual 2 MiB would
# read and write most of them again and again.
_CACHE_KIB = 32_768
_FORMS = "write sqlite:///file.db or postgresql://user:password@host/database"


def database_url(text: str) -> URL:
    """The SQLAlchemy address for `text`; `postgres://` and bare `postgresql://` are accepted."""
    try:
        url = make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError(f"DATABASE_URL cannot be read; {_FORMS}") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"DATABASE_URL names {url.get_backend_name()!r}; {_FORMS}")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError(f"DATABASE_URL names no file; {_FORMS}")
    return url


def open_engine(text: str) -> sa.Engine:
    """An engine that writes, with foreign keys enforced and full durability on SQLite."""
    url = database_url(text)
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, connect_args={"connect_timeout": 2})
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # WAL lets readers go on while a writer works; FULL survives a power cut.
    _keep_trying(connection, "PRAGMA journal_mode = WAL")
    cache = f"cache_size = -{_CACHE_KIB}"
    for pragma in ("synchronous = FULL", "foreign_keys = ON", cache, f"temp.{cache}"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_trying(connection: sqlite3.Connection, statement: str) -> None:
    """For what SQLite refuses at once, timeout or not, while another process does the same."""
    until = monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_RETRY_S)
        else:
            return
