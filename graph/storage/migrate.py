"""Brings a database to the newest tables; knows Alembic, so that nobody else must."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_MIGRATIONS = Path(__file__).parent / "migrations"

# Any number will do, as long as every writer of this project asks for the same one.
_WRITERS = 0x7E44A64A

# A first load takes seconds on a slow disk; who comes second waits for it.
_WAIT_S = 120


def upgrade(engine: sa.Engine) -> None:
    """Applies the missing revisions in one transaction; several processes may ask at once.

    A database that is up to date is only read, and nobody waits.
    """
    if current_revision(engine) == head_revision():
        return
    with engine.begin() as connection:
        exclude_writers(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(engine: sa.Engine) -> str | None:
    """The revision that the database is at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The newest revision that this package knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("the package holds no migration; install it again")
    return head


def exclude_writers(connection: sa.Connection) -> None:
    """Waits until no other process migrates or loads, then keeps them out.

    It is the first thing to do in a transaction, and ends with it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
    else:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_WAIT_S * 1000}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Config:
    config = Config()
    # Alembic reads the option through configparser, which takes % for a placeholder.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
