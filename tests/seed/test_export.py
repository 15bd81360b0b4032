"""What is exported is imported as it was, on both engines, byte for byte."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from graph.storage.engine import open_engine
from seed.export import export
from seed.files import FILES
from seed.load import load
from seed.sources import DATA
from tests.conftest import ENGINES
from tests.seed.conftest import SmallData

# The list itself is a source, which no committed file has.
_LIST = b"terrigraph,,"


def exported(engine: sa.Engine, folder: Path) -> dict[str, bytes]:
    with engine.connect() as connection:
        written = export(connection, folder)
    assert set(written) == {file.name for file in FILES}
    return {file.name: (folder / file.name).read_bytes() for file in FILES}


def test_an_export_is_loaded_and_exported_again_as_the_same_bytes(
    engine: sa.Engine, small: SmallData, tmp_path: Path
) -> None:
    load(engine, small.folder)
    first = exported(engine, tmp_path / "first")
    report = load(engine, tmp_path / "first")
    assert all(not count.changed and not count.created for count in report.counts.values())
    _empty(engine)
    assert not load(engine, tmp_path / "first").is_unchanged
    assert exported(engine, tmp_path / "second") == first


def _empty(engine: sa.Engine) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        if is_sqlite:
            connection.exec_driver_sql("BEGIN")  # or the pragma ends before it matters
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in sa.inspect(connection).get_table_names():
            if table != "alembic_version":
                gone = f"DELETE FROM {table}" if is_sqlite else f"TRUNCATE {table} CASCADE"
                connection.exec_driver_sql(gone)


@pytest.mark.parametrize("name", ENGINES)
def test_the_committed_list_is_exported_as_it_is_committed(
    committed: Callable[[str], str], tmp_path: Path, name: str
) -> None:
    engine = open_engine(committed(name))
    try:
        found = exported(engine, tmp_path)
    finally:
        engine.dispose()
    for file in ("awards.csv", "categories.csv", "editions.csv", "initiatives.csv", "prizes.csv"):
        assert found[file] == (DATA / file).read_bytes()
    sources = [line for line in found["sources.csv"].splitlines() if not line.startswith(_LIST)]
    assert sources == (DATA / "sources.csv").read_bytes().splitlines()


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(
    engine: sa.Engine, small: SmallData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, small.folder)
    before = exported(engine, tmp_path)

    def fail(_value: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("seed.export._text", fail)
    with engine.connect() as connection, pytest.raises(KeyboardInterrupt):
        export(connection, tmp_path)
    assert {file.name: (tmp_path / file.name).read_bytes() for file in FILES} == before
    assert not list(tmp_path.glob(".*partial"))
