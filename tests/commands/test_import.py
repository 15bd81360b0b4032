"""`terrigraph import` brings a list in whole, tells what it would do, and keeps what it refuses."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from graph.cli import cli
from graph.storage.engine import open_engine
from seed.faults import BrokenData
from seed.load import load
from seed.withdrawals import HeldBack
from tests.seed.conftest import SmallData, engine, small  # noqa: F401  # fixtures

_HEADER = "key,prize,year,level,laureates,laureates_departement\n"
_GOOD = "prix-2018-bon,prix,2018,Or,Fleury,45\n".replace("Or", "GOLD")
_UNSURE = "prix-2018-flou,prix,2018,SILVER,Comité des fêtes,45\n"
_OPTIONS = ("--list", "autres", "--title", "Palmarès des autres")


@pytest.fixture
def run(engine: sa.Engine, engine_url: str, small: SmallData) -> Any:  # noqa: F811  # a fixture
    """Runs a command on a small database of each kind."""
    load(engine, small.folder)

    def command(*words: str | Path) -> Result:
        return CliRunner().invoke(cli, [*map(str, words), "--database", engine_url])

    return command


@pytest.fixture
def awards(tmp_path: Path) -> Path:
    file = tmp_path / "award.csv"
    file.write_text(_HEADER + _GOOD)
    return file


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = open_engine(url)  # noqa: F811  # not the fixture
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]
    finally:
        engine.dispose()


def test_a_list_of_names_becomes_awards_with_codes(run: Any, awards: Path, engine_url: str) -> None:
    done = run("import", awards, *_OPTIONS)
    assert done.exit_code == 0, done.output
    assert "  Award         1 created" in done.stdout
    assert rows(
        engine_url,
        "SELECT c.code, l.name_as_printed, s.title FROM award a "
        "JOIN laureate l ON l.award_id = a.id JOIN collectivity c ON c.id = l.collectivity_id "
        "JOIN source s ON s.id = a.source_id WHERE a.key = 'prix-2018-bon'",
    ) == [("45147", "Fleury", "Palmarès des autres")]


def test_the_same_list_again_changes_nothing(run: Any, awards: Path) -> None:
    run("import", awards, *_OPTIONS)
    done = run("import", awards, *_OPTIONS)
    assert done.exit_code == 0
    assert "nothing changed" in done.stdout


def test_what_a_list_no_longer_holds_is_withdrawn(run: Any, awards: Path) -> None:
    run("import", awards, *_OPTIONS)
    awards.write_text(_HEADER + _GOOD.replace("bon", "autre"))
    done = run("import", awards, *_OPTIONS)
    assert "  Award         1 created, 1 withdrawn" in done.stdout


_RETRIEVED = "SELECT retrieved_on FROM source WHERE key = 'autres'"


def test_a_list_was_retrieved_when_it_is_told_or_else_today(
    run: Any, awards: Path, engine_url: str
) -> None:
    before = datetime.now(UTC).date().isoformat()
    run("import", awards, *_OPTIONS)
    after = datetime.now(UTC).date().isoformat()
    ((found,),) = rows(engine_url, _RETRIEVED)
    assert before <= found <= after
    done = run("import", awards, *_OPTIONS, "--retrieved-on", "2026-01-31")
    assert "  Source        1 changed" in done.stdout
    assert rows(engine_url, _RETRIEVED) == [("2026-01-31",)]


def test_a_retry_keeps_the_day_when_the_list_was_retrieved(
    run: Any, awards: Path, engine_url: str
) -> None:
    awards.write_text(_HEADER + _GOOD + _UNSURE)
    run("import", awards, *_OPTIONS, "--quarantine", "--retrieved-on", "2026-01-31")
    (asked,) = json.loads(run("review", "list", "--json").stdout)
    run("review", "correct", str(asked["number"]), "COMMUNE:45234")
    assert run("quarantine", "retry", "autres").exit_code == 0
    assert rows(engine_url, _RETRIEVED) == [("2026-01-31",)]


def test_a_day_that_is_none_is_told(run: Any, awards: Path) -> None:
    done = run("import", awards, *_OPTIONS, "--retrieved-on", "2026-02-31")
    assert isinstance(done.exception, ValueError)
    assert str(done.exception) == ("--retrieved-on 2026-02-31 is not a day; write it as 2017-11-14")


def test_a_dry_run_prints_the_plan_and_changes_nothing(
    run: Any, awards: Path, engine_url: str
) -> None:
    run("import", awards, *_OPTIONS)
    awards.write_text(_HEADER + _GOOD.replace("GOLD", "BRONZE"))
    done = run("import", awards, *_OPTIONS, "--dry-run")
    assert done.exit_code == 0
    assert "changed Award prix-2018-bon\n    level: 'GOLD' → 'BRONZE'" in done.stdout
    found = "SELECT level FROM award WHERE key = 'prix-2018-bon'"
    assert rows(engine_url, found) == [("GOLD",)]


_MANY = [_GOOD.replace("bon", f"bon-{number}") for number in range(30)]
_KEPT = "SELECT count(*) FROM award WHERE key LIKE 'prix-2018-bon-%'"


def _lose(run: Any, awards: Path, kept: int, *options: Any, of: int = 30) -> Any:
    """Imports a list, then what is left of it."""
    awards.write_text(_HEADER + "".join(_MANY[:of]))
    run("import", awards, *_OPTIONS)
    awards.write_text(_HEADER + "".join(_MANY[:kept]))
    return run("import", awards, *_OPTIONS, *options)


def test_a_list_that_lost_much_is_held_back_until_it_is_allowed(
    run: Any, awards: Path, engine_url: str
) -> None:
    held = _lose(run, awards, 19)
    assert isinstance(held.exception, HeldBack)
    assert str(held.exception) == (
        "held back, nothing is changed: Award: 11 of 30 records would be withdrawn (37 %); look "
        "at the list; if they should go, write --allow-withdrawals 37"
    )
    told = run("import", awards, *_OPTIONS, "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (
        7,
        {"held_back": [{"type_name": "Award", "withdrawn": 11, "held": 30}]},
    )
    assert run("import", awards, *_OPTIONS, "--allow-withdrawals", 36).exit_code == 1
    assert rows(engine_url, _KEPT) == [(30,)]
    allowed = run("import", awards, *_OPTIONS, "--allow-withdrawals", 37)
    assert "11 withdrawn" in allowed.stdout
    assert rows(engine_url, _KEPT) == [(19,)]


def test_a_dry_run_tells_that_the_import_would_be_held_back(
    run: Any, awards: Path, engine_url: str
) -> None:
    told = _lose(run, awards, 18, "--dry-run")
    assert told.exit_code == 7
    assert "withdrawn Award prix-2018-bon-29" in told.stdout
    assert "12 of 30 records would be withdrawn (40 %)" in told.stderr
    assert run("import", awards, *_OPTIONS, "--dry-run", "--allow-withdrawals", 40).exit_code == 0


def test_a_few_records_or_a_small_part_go_without_a_question(
    run: Any, awards: Path, engine_url: str
) -> None:
    assert "10 withdrawn" in _lose(run, awards, 2, of=12).stdout


def test_why_records_go_and_what_to_note_is_told(run: Any, awards: Path, engine_url: str) -> None:
    run("import", awards, *_OPTIONS)
    awards.write_text(_HEADER + _GOOD.replace("bon", "autre"))
    done = run("import", awards, *_OPTIONS, "--reason", "doublon", "--note", "mise au point")
    assert done.exit_code == 0, done.output
    found = "SELECT reason FROM change WHERE action = 'WITHDRAWN'"
    assert rows(engine_url, found) == [("BY_OPERATOR doublon",)]
    newest = "SELECT note FROM release ORDER BY id DESC LIMIT 1"
    assert rows(engine_url, newest) == [("mise au point",)]


def test_a_list_has_a_key(run: Any, awards: Path) -> None:
    done = run("import", awards)
    assert isinstance(done.exception, ValueError)
    assert "write --list KEY" in str(done.exception)


def test_faults_are_told_at_once_as_text_json_and_beside_their_rows(
    run: Any, awards: Path, tmp_path: Path, engine_url: str
) -> None:
    awards.write_text(_HEADER + _GOOD + _UNSURE + _GOOD.replace("bon,prix,2018", "mal,prix,31"))
    done = run("import", awards, *_OPTIONS)
    assert isinstance(done.exception, BrokenData)
    assert [(each.row, each.column) for each in done.exception.errors] == [
        (3, "laureates"),
        (4, "year"),
    ]
    told = run("import", awards, *_OPTIONS, "--json", "--annotate", tmp_path / "told.csv")
    assert told.exit_code == 3
    assert [each["row"] for each in json.loads(told.stdout)] == [3, 4]
    lines = (tmp_path / "told.csv").read_text().splitlines()
    assert lines[0] == _HEADER.strip() + ",row,faults"
    assert "terrigraph review list" in lines[2]
    assert rows(engine_url, "SELECT count(*) FROM award") == [(3,)]


def test_a_name_that_is_not_certain_waits_for_a_person(
    run: Any, awards: Path, engine_url: str
) -> None:
    awards.write_text(_HEADER + _GOOD + _UNSURE)
    done = run("import", awards, *_OPTIONS, "--quarantine")
    assert done.exit_code == 0, done.output
    assert "  Award         1 created" in done.stdout
    (kept,) = json.loads(run("quarantine", "list", "--json").stdout)
    assert (kept["feed"], kept["line"], kept["cells"]["laureates"]) == (
        "autres",
        3,
        "Comité des fêtes",
    )
    (asked,) = json.loads(run("review", "list", "--json").stdout)
    assert run("review", "correct", str(asked["number"]), "COMMUNE:45234").exit_code == 0
    retried = run("quarantine", "retry", "autres")
    assert retried.exit_code == 0, retried.output
    assert json.loads(run("quarantine", "list", "--json").stdout) == []
    assert rows(
        engine_url,
        "SELECT a.key, c.code FROM award a JOIN laureate l ON l.award_id = a.id "
        "JOIN collectivity c ON c.id = l.collectivity_id WHERE a.key LIKE 'prix-2018-%o%' "
        "AND a.key NOT LIKE '%loiret' ORDER BY a.key",
    ) == [("prix-2018-bon", "45147"), ("prix-2018-flou", "45234")]


def test_rows_in_quarantine_may_be_dropped(run: Any, awards: Path) -> None:
    awards.write_text(_HEADER + _GOOD + _UNSURE)
    run("import", awards, *_OPTIONS, "--quarantine")
    done = run("quarantine", "drop", "autres")
    assert done.stdout == "dropped 1 row\n"
    assert isinstance(run("quarantine", "drop", "autres").exception, ValueError)


def test_the_worked_mappings_go_in(committed: Callable[[str], str], tmp_path: Path) -> None:
    held = committed("sqlite").removeprefix("sqlite:///")
    with sqlite3.connect(held) as source, sqlite3.connect(tmp_path / "copy.db") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    folder = Path(__file__).parents[2] / "docs" / "mappings"
    for name, awards_created in (("trophees.csv", 4), ("communes-etoilees.json", None)):
        mapping = folder / f"{name.partition('.')[0]}.toml"
        words = ("import", folder / name, "--mapping", mapping, "--json", "--database", url)
        done = CliRunner().invoke(cli, [*map(str, words)])
        assert done.exit_code == 0, done.output
        counts = json.loads(done.stdout)["counts"]
        if awards_created:
            assert counts["Award"]["created"] == awards_created
        assert sum(count["created"] for count in counts.values()) > 0
