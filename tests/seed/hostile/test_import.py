"""Each hostile list goes through the real command: stored right, or refused and nothing changes."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel
from typer.testing import CliRunner

from graph.cli import cli
from graph.storage.engine import open_engine
from tests.conftest import ENGINES, NewDatabase, drop
from tests.seed.hostile.corpus import CONTRADICTORY, CORPUS, Case, Contradiction
from tests.seed.hostile.test_corpus import read_list

KEY = "hostile"
# What is wrong with them as files; the others have rows at fault.
_WHOLE = {
    "UTF-8 with a line of Windows-1252",
    "UTF-16 without its mark",
    "columns that are mistyped, missing and repeated",
    "a zip bomb",
    "a document type in a workbook",
    "a gzip bomb",
}
# What the rows of the corpus refer to, beside the committed data.
_GROUND = {
    "sources.csv": "key,title\narticle,Un article\ns,Un autre\n",
    "prizes.csv": "slug,name,organiser,source\nprix,Prix,Observatoire,article\n",
    "initiatives.csv": "slug,title\n" + "".join(f"{slug},{slug}\n" for slug in ("carte", *"abcde")),
}
# Where a row of a table is found, and what its columns are called there.
_FOUND = {
    "category": "SELECT * FROM category WHERE slug = :slug",
    "edition": "SELECT e.* FROM edition e JOIN prize p ON p.id = e.prize_id "
    "WHERE p.slug = :prize AND e.year = :year",
    "metric": "SELECT m.*, m.value_micro AS value FROM metric m "
    "JOIN initiative i ON i.id = m.initiative_id WHERE i.slug = :initiative",
}


@dataclass(frozen=True)
class Held:
    """A database that takes lists by the command."""

    url: str

    def run(self, *words: str | Path) -> tuple[int, Any]:
        """The exit code of a command, and its JSON."""
        done = CliRunner().invoke(cli, [*map(str, words), "--json", "--database", self.url])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)

    def bring(self, path: Path, *words: str) -> tuple[int, Any]:
        return self.run("import", path, "--list", KEY, *words)

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                found = connection.execute(sa.text(statement), values)
                return [dict(row) for row in found.mappings()]
        finally:
            engine.dispose()

    def quarantined(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run("quarantine", "list")[1]
        return found

    def retry(self) -> None:
        """Tries the rows again of which some can be sound by themselves."""
        words = ["quarantine", "retry", KEY, "--database", self.url]
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0 or "can be sound by itself" in str(done.exception), (
            done.exception
        )

    def content(self, table: str) -> list[dict[str, Any]]:
        return self.rows(f"SELECT * FROM {table} ORDER BY id")

    def counts(self) -> dict[str, int]:
        """How many rows each table has; the release is one of them."""
        names = ", ".join(
            f'(SELECT count(*) FROM "{name}") AS "{name}"' for name in SQLModel.metadata.tables
        )
        (counts,) = self.rows(f"SELECT {names}")
        return counts


@pytest.fixture(scope="module")
def grounds(
    request: pytest.FixtureRequest,
    committed: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], str]:
    """Makes a copy of the committed data with what the corpus refers to; gives its address."""
    made: dict[str, str] = {}

    def copy(engine: str) -> str:
        if engine not in made:
            made[engine] = committed(engine)
            folder = tmp_path_factory.mktemp("ground")
            for name, text in _GROUND.items():
                (folder / name).write_text(text, encoding="utf-8")
            code, told = Held(made[engine]).run("import", folder, "--list", "ground")
            assert code == 0, told
        name = sa.make_url(made[engine]).database or ""
        if engine == "postgresql":
            new: NewDatabase = request.getfixturevalue("new_postgresql")
            return new(name)
        return f"sqlite:///{shutil.copyfile(name, tmp_path_factory.mktemp(engine) / 'copy.db')}"

    return copy


@pytest.fixture(scope="module")
def unchanged() -> Iterator[dict[str, Held]]:
    """By engine a database that was left as it was given; copies are dear."""
    kept: dict[str, Held] = {}
    yield kept
    for each in kept.values():
        drop(each.url)


@pytest.fixture(params=ENGINES)
def held(
    request: pytest.FixtureRequest, grounds: Callable[[str], str], unchanged: dict[str, Held]
) -> Iterator[Held]:
    given = unchanged.pop(request.param, None) or Held(grounds(request.param))
    before = given.counts()
    yield given
    if given.counts() == before:
        unchanged[request.param] = given
    else:
        drop(given.url)


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_a_hostile_list_is_stored_right_or_refused_and_nothing_changes(
    case: Case, held: Held, tmp_path: Path
) -> None:
    path = case.make(tmp_path)
    before = held.counts()
    code, told = held.bring(path, "--table", case.table)
    if case.faults:
        assert code == 3
        assert_told(told, case)
        assert held.counts() == before
    else:
        assert code == 0, told
        assert_stored(held, case, path)
        assert held.counts()["release"] == before["release"] + 1


@pytest.mark.parametrize("case", [each for each in CORPUS if each.faults], ids=str)
def test_sound_rows_go_in_and_the_others_wait_with_their_reasons(
    case: Case, held: Held, tmp_path: Path
) -> None:
    """A fault of the whole file is none of its rows: then nothing changes."""
    path = case.make(tmp_path)
    before = held.counts()
    code, told = held.bring(path, "--table", case.table, "--quarantine")
    if code == 3:
        assert case.name in _WHOLE
        assert_told(told, case)
        assert held.counts() == before
        return
    assert code == 0, told
    assert case.name not in _WHOLE
    assert_stored(held, case, path)
    assert held.counts()[case.table] == before[case.table] + len(
        {line for line, _, _ in case.values}
    )
    kept = held.quarantined()
    assert_told([fault for each in kept for fault in each["faults"]], case)
    # None of them is sound by now, and none is taken in another form than it had.
    records = held.counts()
    held.retry()
    assert held.counts() == records
    assert [each["line"] for each in held.quarantined()] == [each["line"] for each in kept]


@pytest.mark.parametrize("case", CONTRADICTORY, ids=str)
def test_a_contradictory_list_is_refused_or_its_first_row_stands(
    case: Contradiction, held: Held, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(case.text, encoding="utf-8")
    before = held.counts()
    code, told = held.bring(path, "--table", case.table)
    assert code == 3
    assert places(told) == list(case.faults)
    assert held.counts() == before
    code, told = held.bring(path, "--table", case.table, "--quarantine")
    assert code == 0, told
    kept = held.quarantined()
    assert places(fault for each in kept for fault in each["faults"]) == list(case.faults)
    stands = held.content(case.table)
    held.retry()
    assert held.content(case.table) == stands
    assert [each["line"] for each in held.quarantined()] == [each["line"] for each in kept]


def places(told: Iterable[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(each["row"], each["column"]) for each in told]


def assert_told(told: list[dict[str, Any]], case: Case) -> None:
    assert places(told) == [(line, column) for line, column, _ in case.faults]
    for each, (_, _, reason) in zip(told, case.faults, strict=True):
        assert reason in each["reason"]


def assert_stored(held: Held, case: Case, path: Path) -> None:
    """What the case says of its rows is what the tables hold."""
    statement = _FOUND[case.table]
    by_line = {record.line: record for record in read_list(path, case.table)[0]}
    for line, column, value in case.values:
        record = by_line[line]
        key = {name: record[name] for name in record if f":{name}" in statement}
        (row,) = held.rows(statement, **key)
        assert row[column] == value
