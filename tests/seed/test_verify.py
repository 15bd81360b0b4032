"""`terrigraph check` finds whatever does not agree in a database, and nothing in a sound one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from graph.cli import cli
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.load import load
from seed.verify import verify
from tests.seed.conftest import SmallData
from tests.seed.test_lists import FIRST, OTHERS, awards, bring, laureates

_AWARD = {"key": "prix-2017-or-loiret", "prize": "prix", "year": 2017, "level": "SILVER"}
_SOURCED = _AWARD | {"source": "article"}
_LAUREATE = {
    "award": "prix-2017-or-loiret",
    "position": 0,
    "kind": "DEPARTEMENT",
    "code": "45",
    "name_as_printed": "CD du Loiret",
}

# What is done to sound data, in which table it shows, and what is said of it.
_DAMAGES = {
    "a winner that is nowhere": (
        "UPDATE laureate SET collectivity_id = 999999 WHERE position = 1",
        "laureate",
        "collectivity_id that is no collectivity",
    ),
    "a record that no list brought": (
        "DELETE FROM record_state WHERE type_name = 'Metric'",
        "metric",
        "not in record_state",
    ),
    "a record that is said to be gone": (
        "UPDATE record_state SET withdrawn_id = 1 WHERE type_name = 'Edition'",
        "edition",
        "withdrawn there",
    ),
    "a registered record that is not there": (
        "DELETE FROM metric",
        "record_state",
        "of a metric that is not there",
    ),
    "a list that is not there": (
        "UPDATE record_state SET feed_id = 999999 WHERE type_name = 'Prize'",
        "record_state",
        "feed_id that is no source",
    ),
    "a release that is not there": (
        "UPDATE record_state SET created_id = 77 WHERE type_name = 'Prize'",
        "record_state",
        "created_id that is no release",
    ),
    "a claim of what the list itself shows": (
        (
            "INSERT INTO claim (uid, feed_id, type_name, digest, row) "
            "SELECT uid, feed_id, type_name, 1, '{}' FROM record_state WHERE type_name = 'Prize'"
        ),
        "claim",
        "dispute nothing",
    ),
    "a log that ends with a withdrawal": (
        (
            "INSERT INTO change (id, release_id, type_name, uid, action) "
            "SELECT 999, 1, 'Prize', uid, 'WITHDRAWN' FROM prize"
        ),
        "change",
        "end otherwise than record_state",
    ),
    "a touch that the log does not know": (
        "UPDATE record_state SET touched_id = 2 WHERE type_name = 'Prize'",
        "record_state",
        "without a change",
    ),
    "a release that counts wrongly": (
        "UPDATE release SET created = created + 1",
        "release",
        "another number of created records",
    ),
    "a year of no award": ("UPDATE initiative SET year = 1990", "initiative", "another year"),
    "a theme that is missing": (
        "DELETE FROM initiative_category",
        "initiative_category",
        "missing",
    ),
    "a source too many": (
        (
            "INSERT INTO initiative_source (id, initiative_id, source_id) "
            "SELECT 99, max(i.id), max(s.id) FROM initiative i, source s"
        ),
        "initiative_source",
        "do not follow",
    ),
    "awards in no territory": ("DELETE FROM award_place", "award_place", "missing"),
    "an initiative in another place": (
        "UPDATE initiative_place SET position = 7",
        "initiative_place",
        "do not follow",
    ),
    "a name that the search does not know yet": (
        "UPDATE initiative SET title = 'Plan des projets'",
        "search_entry",
        "missing or differ",
    ),
    "an entry of nothing": (
        "UPDATE search_entry SET record_id = 4444 WHERE label = 'Gouvernance'",
        "search_entry",
        "of no record",
    ),
    "a posting that is missing": (
        "DELETE FROM search_posting WHERE term_id = 1",
        "search_posting",
        "missing or have another weight",
    ),
    "a posting that weighs more": (
        "UPDATE search_posting SET weight = weight + 1 WHERE term_id = 1",
        "search_posting",
        "missing or have another weight",
    ),
    "a posting of nothing": (
        "INSERT INTO search_posting (term_id, entry_id, weight) VALUES (987654, 1, 1)",
        "search_posting",
        "of no entry or term",
    ),
    "a term of no posting": (
        "INSERT INTO search_term (id, term, rarity, entries) VALUES (987654, 'zzz', 1, 0)",
        "search_term",
        "another number of entries or rarity",
    ),
    "a word that is counted wrongly": (
        "UPDATE search_term SET entries = entries + 1 WHERE id = 1",
        "search_term",
        "another number of entries or rarity",
    ),
    "suggestions that are missing": ("DELETE FROM suggestion_key", "suggestion_key", "missing"),
    "a word that no title has": (
        "UPDATE initiative_word SET shown = 'autre'",
        "initiative_word",
        "do not follow",
    ),
}


@pytest.fixture
def loaded(engine: sa.Engine, small: SmallData) -> sa.Engine:
    """Two lists that dispute a record, one that was withdrawn, and two releases at least."""
    load(engine, small.folder)
    bring(engine, FIRST, awards(_SOURCED), laureates(_LAUREATE))
    bring(engine, OTHERS, awards(_SOURCED | {"level": "BRONZE"}), laureates(_LAUREATE))
    return engine


@pytest.fixture(scope="module")
def copied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Gives the address of a new copy of small data, which are loaded once on each engine."""
    originals: dict[str, str] = {}

    def copy(name: str) -> str:
        folder = tmp_path_factory.mktemp(name)
        of_postgresql = name == "postgresql" and request.getfixturevalue("new_postgresql")
        if name not in originals:
            url = of_postgresql("template0") if of_postgresql else f"sqlite:///{folder}/first.db"
            first = open_engine(url)
            upgrade(first)
            load(first, SmallData(folder).folder)
            first.dispose()
            originals[name] = sa.make_url(url).database or ""
        if of_postgresql:
            return str(of_postgresql(originals[name]))
        return f"sqlite:///{shutil.copyfile(originals[name], folder / 'copy.db')}"

    return copy


def damage(engine: sa.Engine, statement: str) -> None:
    """Does what the database itself would not let through."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        assert connection.exec_driver_sql(statement).rowcount > 0
        connection.commit()
        connection.invalidate()


def test_what_imports_leave_agrees(loaded: sa.Engine, small: SmallData) -> None:
    small.remove("metrics.csv", 3)
    small.set("initiatives.csv", 2, title="Carte de tous les projets")
    report = load(loaded, small.folder)
    verdict = verify(loaded)
    assert [str(each) for each in verdict.disagreements] == []
    assert (verdict.release, verdict.is_sound) == (report.release, True)
    assert verdict.records > 20


def test_awards_of_a_list_of_its_own_touch_the_initiatives_of_others(loaded: sa.Engine) -> None:
    earlier = {"key": "prix-2017-avant", "year": 2017, "initiative": "carte"}
    given = awards(_SOURCED, _SOURCED | earlier)
    bring(loaded, FIRST, given, laureates(_LAUREATE, _LAUREATE | {"award": "prix-2017-avant"}))
    bring(loaded, FIRST, awards(_SOURCED), laureates(_LAUREATE))
    assert [str(each) for each in verify(loaded).disagreements] == []


def test_an_empty_database_agrees(engine: sa.Engine) -> None:
    verdict = verify(engine)
    assert (verdict.release, verdict.records, verdict.disagreements) == (None, 0, ())


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", _DAMAGES)
def test_damage_is_found(name: str, engine_name: str, copied: Callable[[str], str]) -> None:
    statement, table, reason = _DAMAGES[name]
    engine = open_engine(copied(engine_name))
    damage(engine, statement)
    found = verify(engine).disagreements
    engine.dispose()
    assert any(each.table == table and reason in each.reason for each in found), found
    assert all(each.rows >= len(each.examples) > 0 for each in found)


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_the_committed_data_agree(engine_name: str, committed: Callable[[str], str]) -> None:
    engine = open_engine(committed(engine_name))
    verdict = verify(engine)
    engine.dispose()
    assert [str(each) for each in verdict.disagreements] == []
    assert verdict.records > 35_000


def test_the_command_tells_what_disagrees(loaded: sa.Engine, engine_url: str) -> None:
    command = ["check", "--database", engine_url]
    sound = CliRunner().invoke(cli, command)
    assert sound.exit_code == 0, sound.output
    assert "the database agrees with itself: release " in sound.stdout
    damage(loaded, "DELETE FROM award_place")
    found = CliRunner().invoke(cli, command)
    assert found.exit_code == 3
    assert "award_place: " in found.stdout
    assert "the database is damaged" in found.stdout
    told = json.loads(CliRunner().invoke(cli, [*command, "--json"]).stdout)
    assert not told["is_sound"]
    assert told["disagreements"][0]["table"] == "award_place"


def test_the_command_makes_no_database(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    done = CliRunner().invoke(cli, ["check", "--database", f"sqlite:///{file}"])
    assert done.exit_code == 1
    assert "name the database to check" in str(done.exception)
    assert not file.exists()
