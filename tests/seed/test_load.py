"""A load does what the files say, all of it or nothing, and tells what it did."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from graph.storage.engine import open_engine
from seed import release, write
from seed.files import FILES
from seed.load import load
from tests.seed.conftest import SmallData

_KILLED_AT = """
import os, signal, sys
from pathlib import Path
from graph.storage.engine import open_engine
from seed.load import load

def kill(label, done, total):
    if label == sys.argv[3] and done == total:
        os.kill(os.getpid(), signal.SIGKILL)

load(open_engine(sys.argv[1]), Path(sys.argv[2]), kill)
"""


def rows(engine: sa.Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def indexes(engine: sa.Engine) -> set[tuple[str, str]]:
    """Every index with the statement that makes it."""
    if engine.dialect.name == "sqlite":
        statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        statement = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return {(name, " ".join(made.split())) for name, made in rows(engine, statement)}


def changes(report: Any) -> dict[str, tuple[int, int, int]]:
    """What was created, changed and withdrawn, by type; nothing where nothing was."""
    counts = {
        name: (count.created, count.changed, count.withdrawn)
        for name, count in report.counts.items()
    }
    return {name: count for name, count in counts.items() if any(count)}


def test_an_edited_row_is_changed_and_keeps_its_id(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    before = rows(engine, "SELECT id, uid FROM initiative")
    small.set("initiatives.csv", 2, title="Carte de tous les projets")
    assert changes(load(engine, small.folder)) == {"Initiative": (0, 1, 0)}
    assert rows(engine, "SELECT id, uid FROM initiative") == before
    assert rows(engine, "SELECT title FROM initiative") == [("Carte de tous les projets",)]


def test_a_long_import_leaves_every_index_as_it_was(
    engine: sa.Engine, small: SmallData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_MANY_ROWS", 1)
    before = indexes(engine)
    load(engine, small.folder)
    assert indexes(engine) == before


def test_a_new_release_follows_each_change(engine: sa.Engine, small: SmallData) -> None:
    first = load(engine, small.folder)
    small.set("initiatives.csv", 2, summary="Une carte.")
    second = load(engine, small.folder)
    assert second.release.rpartition(".")[0] == first.release.rpartition(".")[0]
    assert [first.release[-2:], second.release[-2:]] == [".1", ".2"]
    assert rows(engine, "SELECT version, licence_url FROM release ORDER BY id") == [
        (first.release, release.LICENCE_URL),
        (second.release, release.LICENCE_URL),
    ]


def test_a_release_says_when_in_utc_and_whom_to_name(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    ((updated_at, attribution),) = rows(engine, "SELECT updated_at, attribution FROM release")
    assert updated_at[10] == "T"
    assert updated_at.endswith("Z")
    for name in ("INSEE", "DGCL", "Etalab"):
        assert name in attribution


@pytest.mark.parametrize(
    ("today", "before", "version"),
    [
        ("2026-04-30", None, "2026-04-30.1"),
        ("2026-04-30", "2026-04-29.7", "2026-04-30.1"),
        ("2026-04-30", "2026-04-30.9", "2026-04-30.10"),
        ("2026-04-30", "2026-05-01.1", "2026-05-01.2"),
    ],
)
def test_versions_count_within_a_day_and_never_go_back(
    today: str, before: str | None, version: str
) -> None:
    assert release.next_version(date.fromisoformat(today), before) == version


def test_rows_in_another_order_make_no_release(engine: sa.Engine, small: SmallData) -> None:
    first = load(engine, small.folder)
    small.reverse("awards.csv")
    report = load(engine, small.folder)
    assert report.is_unchanged
    assert report.release == first.release
    assert rows(engine, "SELECT count(*) FROM release") == [(1,)]
    seen: list[str] = []
    load(engine, small.folder, lambda label, _done, _total: seen.append(label))
    assert seen == [], "the files are read in full a second time"


def test_rows_may_refer_to_later_ones(engine: sa.Engine, small: SmallData) -> None:
    small.reverse("collectivities.csv.gz")
    small.reverse("bodies.csv")
    load(engine, small.folder)
    assert rows(
        engine,
        "SELECT b.code, d.code FROM collectivity b JOIN collectivity d "
        "ON d.id = b.departement_id WHERE b.code = 'ehpad-du-ccas'",
    ) == [("ehpad-du-ccas", "45")]


def test_a_row_that_is_gone_is_withdrawn_with_what_hangs_on_it(
    engine: sa.Engine, small: SmallData
) -> None:
    load(engine, small.folder)
    small.remove("awards.csv", 3)
    small.remove("laureates.csv", 4)
    small.remove("laureates.csv", 3)
    assert changes(load(engine, small.folder)) == {"Award": (0, 0, 1)}


def test_an_initiative_goes_with_its_links_and_figures(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    for name, row in (
        ("initiatives.csv", 2),
        ("holders.csv", 3),
        ("holders.csv", 2),
        ("metrics.csv", 3),
        ("metrics.csv", 2),
    ):
        small.remove(name, row)
    for row in (2, 4):
        small.set("awards.csv", row, initiative="")
    assert changes(load(engine, small.folder)) == {
        "Initiative": (0, 0, 1),
        "Award": (0, 2, 0),
        "Metric": (0, 0, 2),
    }


def test_collectivities_that_hang_on_each_other_go_together(
    engine: sa.Engine, small: SmallData
) -> None:
    load(engine, small.folder)
    small.remove("bodies.csv", 3)
    small.remove("bodies.csv", 2)
    small.remove("holders.csv", 3)
    assert changes(load(engine, small.folder)) == {
        "Collectivity": (0, 0, 2),
        "Initiative": (0, 1, 0),
    }


def test_winners_may_swap_places(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("laureates.csv", 3, position=1)
    small.set("laureates.csv", 4, position=0)
    assert changes(load(engine, small.folder)) == {"Award": (0, 1, 0)}


def test_a_siren_may_pass_to_another_collectivity(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("collectivities.csv.gz", 5, siren="214502346")
    small.set("collectivities.csv.gz", 6, siren="214501470")
    assert changes(load(engine, small.folder)) == {"Collectivity": (0, 2, 0)}
    assert rows(
        engine, "SELECT code, siren FROM collectivity WHERE kind = 'COMMUNE' ORDER BY code"
    ) == [("45147", "214502346"), ("45234", "214501470")]


def test_a_former_code_may_lead_elsewhere(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("former_codes.csv.gz", 2, commune="45147")
    assert changes(load(engine, small.folder)) == {"Collectivity": (0, 2, 0)}


def test_what_derives_from_awards_follows_them(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("awards.csv", 2, initiative="")
    assert changes(load(engine, small.folder)) == {
        "Award": (0, 1, 0),
        "Initiative": (0, 1, 0),
    }
    assert rows(engine, "SELECT year FROM initiative") == [(2018,)]
    for link in ("category", "source"):
        assert rows(engine, f"SELECT count(*) FROM initiative_{link}") == [(1,)]


def test_a_body_lies_where_the_body_above_it_lies(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    assert rows(
        engine,
        "SELECT p.code, d.code, r.code, e.code FROM collectivity b "
        "JOIN collectivity p ON p.id = b.parent_id JOIN collectivity d ON d.id = b.departement_id "
        "JOIN collectivity r ON r.id = b.region_id JOIN collectivity e ON e.id = b.epci_id "
        "WHERE b.code = 'ehpad-du-ccas'",
    ) == [("ccas-orleans", "45", "24", "244500468")]


def test_columns_that_came_later_are_filled_by_the_next_load(
    engine: sa.Engine, small: SmallData
) -> None:
    load(engine, small.folder)
    with engine.begin() as connection:
        for statement in (
            "UPDATE collectivity SET name_folded = ''",
            "UPDATE collectivity SET departement_id = NULL WHERE code = 'ccas-orleans'",
            "DELETE FROM postal_code",
            # As it is after a migration, and after the reading of files has changed.
            "UPDATE record_state SET digest = 0",
            "UPDATE release SET checksum = ''",
        ):
            connection.execute(sa.text(statement))
    assert changes(load(engine, small.folder)) == {}
    for column in ("departement_id IS NULL AND kind <> 'REGION'", "name_folded = ''"):
        assert rows(engine, f"SELECT count(*) FROM collectivity WHERE {column}") == [(0,)]
    assert rows(engine, "SELECT count(*) FROM postal_code") == [(3,)]
    assert rows(engine, "SELECT count(*) FROM record_state WHERE digest = 0") == [(0,)]


def test_what_lies_in_a_commune_names_it(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    assert rows(
        engine,
        "SELECT c.code FROM collectivity c JOIN collectivity m ON m.id = c.commune_id "
        "WHERE m.code = '45234' ORDER BY c.code",
    ) == [("45234",), ("45999",), ("ccas-orleans",), ("ehpad-du-ccas",)]


def test_a_postal_code_may_pass_to_another_commune(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("collectivities.csv.gz", 5, postal_codes="45400 45100")
    small.set("collectivities.csv.gz", 6, postal_codes="45000")
    assert changes(load(engine, small.folder)) == {
        "Collectivity": (0, 2, 0),
    }
    assert rows(
        engine,
        "SELECT p.code, c.code FROM postal_code p JOIN collectivity c ON c.id = p.collectivity_id "
        "ORDER BY 1, 2",
    ) == [("45000", "45234"), ("45100", "45147"), ("45400", "45147")]


def test_values_are_stored_as_the_tables_want_them(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    assert rows(
        engine, "SELECT key, value_micro, as_of, qualifier_kind FROM metric ORDER BY key"
    ) == [
        ("carte/projets/2017-11", 8_500_000, "2017-11", "NEARLY"),
        ("carte/projets/2021", 900_000_000, None, None),
    ]
    assert rows(engine, "SELECT key, level, level_rank FROM award ORDER BY key") == [
        ("prix-2017-or-loiret", "GOLD", 60),
        ("prix-2018-fleury", "UNKNOWN", 0),
        ("prix-2018-or-loiret", "GOLD", 60),
    ]


def test_new_rows_can_be_added_by_other_means_after_a_load(
    engine: sa.Engine, small: SmallData
) -> None:
    load(engine, small.folder)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO category (uid, slug, label_fr, label_en) VALUES ('c', 'c', 'c', 'c')"
            )
        )
    assert rows(engine, "SELECT id FROM category WHERE slug = 'c'") == [(3,)]


def test_the_report_reads_as_a_few_lines(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("initiatives.csv", 2, title="Carte de tous les projets")
    lines = load(engine, small.folder).summary().splitlines()
    assert "  Initiative    1 changed" in lines
    assert "  Award         3 unchanged" in lines
    assert lines[-3:] == [
        "coverage",
        "  prix 2017: 1 of 38 announced awards",
        "  prix 2018: 2 awards, announced total unknown",
    ]


def test_progress_is_told_by_stage_and_ends_with_all_done(
    engine: sa.Engine, small: SmallData
) -> None:
    told: dict[str, tuple[int, int]] = {}

    def progress(label: str, done: int, total: int) -> None:
        assert told.get(label, (0, total)) <= (done, total)
        told[label] = (done, total)

    load(engine, small.folder, progress)
    assert told["read files"] == (12, 12)
    lines = sum(small.text(file.name).count("\n") - 1 for file in FILES)
    assert told["read rows"] == (lines, lines)
    assert told["compare"] == (1, 1)
    assert told["write"] == (12, 12)
    assert told["index"] == (14, 14)


def test_a_failure_while_writing_undoes_the_load(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    small.set("initiatives.csv", 2, title="Autre titre")
    small.add("sources.csv", key="z")

    def fail(label: str, _done: int, _total: int) -> None:
        if label == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, small.folder, fail)
    assert rows(engine, "SELECT title FROM initiative") == [("Carte des projets",)]
    assert rows(engine, "SELECT count(*) FROM source") == [(3,)]
    assert changes(load(engine, small.folder)) == {
        "Source": (1, 0, 0),
        "Initiative": (0, 1, 0),
    }


def _load_until_killed(engine_url: str, folder: Any, label: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_AT, engine_url, str(folder), label],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL


def test_a_kill_in_the_first_load_leaves_nothing(
    engine: sa.Engine, engine_url: str, small: SmallData
) -> None:
    _load_until_killed(engine_url, small.folder, "index")
    for table in ("collectivity", "award", "metric", "release"):
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(0,)]
    assert not load(engine, small.folder).is_unchanged


def test_a_kill_in_a_later_load_leaves_the_old_state(
    engine: sa.Engine, engine_url: str, small: SmallData
) -> None:
    before = load(engine, small.folder).release
    small.remove("bodies.csv", 3)
    small.set("metrics.csv", 2, value="9")
    _load_until_killed(engine_url, small.folder, "index")
    assert rows(engine, "SELECT version FROM release") == [(before,)]
    assert rows(engine, "SELECT count(*) FROM collectivity WHERE code = 'ehpad-du-ccas'") == [(1,)]
    assert changes(load(engine, small.folder)) == {
        "Collectivity": (0, 0, 1),
        "Metric": (0, 1, 0),
    }


def test_of_two_processes_that_start_at_once_one_loads(
    engine: sa.Engine, engine_url: str, small: SmallData
) -> None:
    def start(_number: int) -> bool:
        own = open_engine(engine_url)
        try:
            return load(own, small.folder).is_unchanged
        finally:
            own.dispose()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(start, range(4)))
    assert outcomes == [False, True, True, True]
    assert rows(engine, "SELECT count(*) FROM release") == [(1,)]
