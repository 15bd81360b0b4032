"""What is exported is imported as it was, on both engines, byte for byte."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from graph.cli import cli
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


def test_a_list_that_needs_no_other_is_imported_from_its_export_as_the_same_bytes(
    engine: sa.Engine, engine_url: str, small: SmallData, tmp_path: Path
) -> None:
    load(engine, small.folder)
    whole = exported(engine, tmp_path / "whole")
    _empty(engine)
    _run("import", small.folder, "--list", "liste", "--title", "Une liste", url=engine_url)
    first = _exported_list("liste", tmp_path / "first", engine_url)
    assert {**first, "sources.csv": b""} == {**whole, "sources.csv": b""}
    _empty(engine)
    _run("import", tmp_path / "first", "--list", "liste", url=engine_url)
    assert _exported_list("liste", tmp_path / "second", engine_url) == first


def test_what_others_brought_is_not_in_the_export_of_a_list(
    engine: sa.Engine, engine_url: str, small: SmallData, tmp_path: Path
) -> None:
    load(engine, small.folder)
    award = tmp_path / "award.csv"
    award.write_text(_ADDED + _SHARED, encoding="utf-8")
    _run("import", award, "--list", "autres", "--retrieved-on", "2026-01-31", url=engine_url)
    first = _exported_list("autres", tmp_path / "first", engine_url)
    told = json.loads(_run("export", tmp_path, "--list", "autres", "--json", url=engine_url))
    assert {name: number for name, number in told.items() if number} == {
        "sources.csv": 1,
        "awards.csv": 1,
        "laureates.csv": 1,
    }
    assert first["sources.csv"].endswith(b"\nautres,,autres,,,,2026-01-31\n")
    _empty(engine)
    load(engine, small.folder)
    _run("import", tmp_path / "first", "--list", "autres", url=engine_url)
    assert _exported_list("autres", tmp_path / "second", engine_url) == first


def test_a_list_that_there_is_not_is_told(
    engine: sa.Engine, engine_url: str, small: SmallData, tmp_path: Path
) -> None:
    load(engine, small.folder)
    words = ["export", str(tmp_path), "--list", "terigraph", "--database", engine_url]
    done = CliRunner().invoke(cli, words)
    assert str(done.exception) == "no list has the key 'terigraph'; did you mean terrigraph?"


_ADDED = (
    "key,prize,year,level,laureates,laureates_departement\n"
    "prix-2018-autre,prix,2018,GOLD,Fleury,45\n"
)
# The committed list shows it, and this one claims it.
_SHARED = "prix-2017-or-loiret,prix,2017,SILVER,DEPARTEMENT:45,\n"


def _run(*words: str | Path, url: str) -> str:
    done = CliRunner().invoke(cli, [*map(str, words), "--database", url])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def _exported_list(key: str, folder: Path, url: str) -> dict[str, bytes]:
    told = json.loads(_run("export", folder, "--list", key, "--json", url=url))
    found = {file.name: (folder / file.name).read_bytes() for file in FILES}
    assert set(told) == set(found)
    return found


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
