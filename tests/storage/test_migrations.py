"""Migrations make the tables that the code declares, on both engines."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from graph.storage import migrate, tables
from graph.storage.engine import open_engine

METADATA = SQLModel.metadata


@pytest.fixture
def engine(engine_url: str) -> Iterator[sa.Engine]:
    """An engine of each kind on an empty database."""
    engine = open_engine(engine_url)
    yield engine
    engine.dispose()


def structure(engine: sa.Engine) -> dict[str, Any]:
    """Everything that the database says of its tables."""
    inspector = sa.inspect(engine)

    def listed(items: Any) -> list[str]:
        return sorted(str(sorted(item.items(), key=str)) for item in items)

    return {
        name: {
            "columns": [
                (
                    column["name"],
                    repr(column["type"]),
                    column["nullable"],
                    getattr(column["type"], "collation", None),
                )
                for column in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign": listed(inspector.get_foreign_keys(name)),
            "unique": listed(inspector.get_unique_constraints(name)),
            "check": listed(inspector.get_check_constraints(name)),
            "index": listed(inspector.get_indexes(name)),
        }
        for name in METADATA.tables
    }


def step(engine: sa.Engine, revision: str) -> None:
    """Goes to a revision, forwards from an empty database and else back."""
    config = migrate._config()
    go = command.downgrade if migrate.current_revision(engine) else command.upgrade
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        go(config, revision)


def test_a_new_database_is_at_no_revision_and_then_at_the_newest(engine: sa.Engine) -> None:
    assert migrate.current_revision(engine) is None
    migrate.upgrade(engine)
    assert migrate.current_revision(engine) == migrate.head_revision()


def test_the_migrated_tables_are_those_that_the_code_declares(engine: sa.Engine) -> None:
    migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_constraints_and_indexes_are_those_that_the_code_declares(engine: sa.Engine) -> None:
    migrate.upgrade(engine)
    migrated = structure(engine)
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    assert migrated == structure(engine)
    assert migrated["award"]["index"]
    assert migrated["award"]["check"]
    assert migrated["award"]["foreign"]
    assert migrated["award"]["unique"]


def test_text_is_compared_byte_by_byte(engine: sa.Engine) -> None:
    migrate.upgrade(engine)
    category = sa.inspect(tables.Category).local_table
    slugs = ["Z", "a", "É", "b"]
    with engine.begin() as connection:
        for slug in slugs:
            connection.execute(
                sa.insert(category).values(uid=slug, slug=slug, label_fr=slug, label_en=slug)
            )
        ordered = connection.scalars(sa.select(category.c.slug).order_by(category.c.slug)).all()
    assert ordered == ["Z", "a", "b", "É"]


def test_a_second_upgrade_changes_nothing(engine: sa.Engine) -> None:
    migrate.upgrade(engine)
    before = structure(engine)
    migrate.upgrade(engine)
    assert structure(engine) == before


def test_processes_that_start_at_once_wait_for_each_other(
    engine: sa.Engine, engine_url: str
) -> None:
    def start(_number: int) -> None:
        own = open_engine(engine_url)
        try:
            migrate.upgrade(own)
        finally:
            own.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert migrate.current_revision(engine) == migrate.head_revision()


def test_a_failed_upgrade_leaves_nothing(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE release (id integer)"))
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(engine)
    assert sa.inspect(engine).get_table_names() == ["release"]
    assert migrate.current_revision(engine) is None


def test_columns_that_come_later_are_empty_in_the_rows_that_are_there(engine: sa.Engine) -> None:
    step(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO collectivity (uid, kind, code, name, postal_codes, is_current) "
                "VALUES ('d', 'COMMUNE', '01001', 'Été', '01400', TRUE)"
            )
        )
    migrate.upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT name_folded, commune_id FROM collectivity"))
        assert rows.all() == [("", None)]


def test_the_log_begins_with_the_records_that_are_there(engine: sa.Engine) -> None:
    step(engine, "0004")
    with engine.begin() as connection:
        for uid in ("cat_b", "cat_a"):
            connection.execute(
                sa.text(
                    "INSERT INTO category (uid, slug, label_fr, label_en, label_folded) "
                    "VALUES (:uid, :uid, '', '', '')"
                ),
                {"uid": uid},
            )
        connection.execute(sa.text("INSERT INTO source (uid, key) VALUES ('src_a', 'a')"))
        connection.execute(
            sa.text(
                "INSERT INTO release (version, updated_at, checksum, licence_name, licence_url, "
                "attribution) VALUES ('2026-01-31.1', '', '', '', '', '')"
            )
        )
    migrate.upgrade(engine)
    with engine.connect() as connection:
        log = connection.execute(
            sa.text("SELECT type_name, uid, action, release_id FROM change ORDER BY id")
        ).all()
        created = connection.scalar(sa.text("SELECT created FROM release"))
        states = connection.execute(sa.text("SELECT uid FROM record_state ORDER BY uid")).all()
    uids = [uid for _, uid, _, _ in log]
    assert log[:2] == [("Category", "cat_a", "CREATED", 1), ("Category", "cat_b", "CREATED", 1)]
    # With the list itself, which is a source from now on.
    assert created == len(log) == 4
    assert sorted(uids) == [uid for (uid,) in states]


def test_the_way_back_leads_to_an_empty_database(engine: sa.Engine) -> None:
    migrate.upgrade(engine)
    step(engine, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
