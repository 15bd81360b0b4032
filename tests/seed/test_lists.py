"""Lists beside each other: one is shown, the others are claims; some rows of one may be refused."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from graph.domain.uid import make_uid
from seed import files, plan, quarantine
from seed.faults import BrokenData, Fault
from seed.feed import Feed
from seed.files import File
from seed.load import List, Way, import_list, load
from seed.records import Part, Record, parts_of
from seed.report import Report
from seed.verify import verify
from tests.seed.conftest import SmallData

OTHERS = Feed("others", "Palmarès des autres", "Les autres")
FIRST = Feed("first", "Palmarès de référence", rank=1)
_AWARD = {
    "key": "prix-2017-or-loiret",
    "prize": "prix",
    "year": 2017,
    "level": "SILVER",
    "source": "article",
}
_LAUREATE = {
    "award": "prix-2017-or-loiret",
    "position": 0,
    "kind": "DEPARTEMENT",
    "code": "45",
    "name_as_printed": "CD du Loiret",
}
UID = make_uid("Award", _AWARD["key"])
_NEW = _AWARD | {"key": "prix-2017-argent-fleury"}
_NEW_LAUREATE = _LAUREATE | {"award": _NEW["key"]}
_ITSELF = make_uid("Source", OTHERS.key)


class Rows:
    """Rows of one native table, as an import reads them."""

    def __init__(self, file: File, *rows: dict[str, Any]) -> None:
        self.name = file.name
        self.table = file.target
        self.files: tuple[File, ...] = (file,)
        self._rows = rows

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        (file,) = self.files
        for line, row in enumerate(self._rows, 2):
            record = Record({**dict.fromkeys(file.columns), **row})
            record.line = line
            yield file, record

    def parts(self) -> Iterator[Part]:
        return parts_of(self.records())

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        for line, row in enumerate(self._rows, 2):
            if line in lines:
                yield line, {name: str(value) for name, value in row.items()}


def bring(
    engine: sa.Engine, feed: Feed, *inputs: Rows, way: Way | None = None, checksum: str = ""
) -> Report:
    content = checksum or json.dumps([each._rows for each in inputs])
    return import_list(engine, List(feed, inputs, content), way=way or Way())


def retrieved(engine: sa.Engine, day: str, *inputs: Rows, checksum: str = "") -> Report:
    """Imports what was fetched on a day."""
    content = checksum or json.dumps([each._rows for each in inputs])
    return import_list(engine, List(OTHERS, inputs, content, day))


def awards(*rows: dict[str, Any]) -> Rows:
    return Rows(files.AWARDS, *rows)


def laureates(*rows: dict[str, Any]) -> Rows:
    return Rows(files.LAUREATES, *rows)


def rows(engine: sa.Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def shown(engine: sa.Engine) -> tuple[Any, ...]:
    """Level, printed winner and list of the disputed award."""
    (found,) = rows(
        engine,
        "SELECT a.level, l.name_as_printed, s.key FROM award a "
        "JOIN laureate l ON l.award_id = a.id JOIN record_state r ON r.uid = a.uid "
        "JOIN source s ON s.id = r.feed_id WHERE a.key = 'prix-2017-or-loiret'",
    )
    return found


def claims(engine: sa.Engine) -> list[tuple[Any, ...]]:
    found = rows(
        engine,
        "SELECT s.key, c.row FROM claim c JOIN source s ON s.id = c.feed_id ORDER BY s.key",
    )
    return [(key, json.loads(row)["row"]["level"]) for key, row in found]


def log(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """What happened to the disputed award, with the fields that changed."""
    return [
        (action, fields and sorted(json.loads(fields)))
        for action, fields in rows(
            engine, f"SELECT action, fields FROM change WHERE uid = '{UID}' ORDER BY id"
        )
    ]


@pytest.fixture
def loaded(engine: sa.Engine, small: SmallData) -> sa.Engine:
    load(engine, small.folder)
    return engine


def test_a_list_of_a_higher_rank_is_a_claim(loaded: sa.Engine) -> None:
    report = bring(loaded, OTHERS, awards(_AWARD), laureates(_LAUREATE))
    assert report.counts["Award"].claimed == 1
    assert shown(loaded) == ("GOLD", "Loiret", "terrigraph")
    assert claims(loaded) == [("others", "SILVER")]
    assert log(loaded) == [("CREATED", None)]


def test_the_same_claim_again_makes_no_release(loaded: sa.Engine) -> None:
    first = bring(loaded, OTHERS, awards(_AWARD), laureates(_LAUREATE))
    again = bring(loaded, OTHERS, awards(_AWARD), laureates(_LAUREATE), checksum="another")
    assert again.is_unchanged
    assert again.release == first.release


def test_content_that_says_the_same_keeps_the_day_when_it_came(loaded: sa.Engine) -> None:
    days = "SELECT retrieved_on FROM source WHERE key = 'others'"
    given, same = awards(_NEW), laureates(_NEW_LAUREATE)
    first = retrieved(loaded, "2026-01-31", given, same)
    again = retrieved(loaded, "2026-02-01", given, same, checksum="in another order")
    assert (again.is_unchanged, again.release) == (True, first.release)
    assert rows(loaded, days) == [("2026-01-31",)]
    retrieved(loaded, "2026-02-02", awards(_NEW | {"note": "corrigé"}), same)
    assert rows(loaded, days) == [("2026-02-02",)]
    assert rows(loaded, f"SELECT fields FROM change WHERE uid = '{_ITSELF}' ORDER BY id") == [
        (None,),
        ('{"retrievedOn": ["2026-01-31", "2026-02-02"]}',),
    ]


def test_a_day_that_is_told_replaces_the_other(loaded: sa.Engine) -> None:
    retrieved(loaded, "2026-01-31", awards(_NEW), laureates(_NEW_LAUREATE))
    told = replace(OTHERS, retrieved_on="2025-12-24")
    report = bring(loaded, told, awards(_NEW), laureates(_NEW_LAUREATE), checksum="told")
    assert report.counts["Source"].changed == 1
    with loaded.connect() as connection:
        assert plan.feed_of(connection, "others") == told


def test_any_list_makes_anew_what_derives_once_the_newest_checksum_is_emptied(
    loaded: sa.Engine, small: SmallData
) -> None:
    newest = retrieved(loaded, "2026-01-31", awards(_NEW), laureates(_NEW_LAUREATE)).release
    with loaded.begin() as connection:
        connection.execute(sa.text("DELETE FROM search_entry"))
        emptied = "UPDATE release SET checksum = '' WHERE version = :newest"
        connection.execute(sa.text(emptied), {"newest": newest})
    assert not verify(loaded).is_sound
    # The committed list, which is as it was.
    report = load(loaded, small.folder)
    assert report.release != newest
    assert verify(loaded).is_sound
    assert load(loaded, small.folder).release == report.release


def test_a_list_of_a_lower_rank_is_shown_and_the_other_claims(loaded: sa.Engine) -> None:
    bring(loaded, FIRST, awards(_AWARD), laureates(_LAUREATE))
    assert shown(loaded) == ("SILVER", "CD du Loiret", "first")
    assert claims(loaded) == [("terrigraph", "GOLD")]
    changed = ["category", "initiative", "laureates", "level", "source"]
    assert log(loaded) == [("CREATED", None), ("CHANGED", changed)]


def test_what_a_list_brought_counts_when_another_shows_it(loaded: sa.Engine) -> None:
    many = [_NEW | {"key": f"prix-2017-argent-{number:02}"} for number in range(60)]
    won = [_NEW_LAUREATE | {"award": each["key"]} for each in many]
    bring(loaded, OTHERS, awards(*many), laureates(*won))
    bring(loaded, FIRST, awards(*many[:40]), laureates(*won[:40]))
    # 11 of the 20 that are its own to the public, but of 60 that it brought.
    report = bring(loaded, OTHERS, awards(*many[:49]), laureates(*won[:49]))
    assert report.counts["Award"].withdrawn == 11


def test_what_the_shown_list_gives_up_passes_to_the_best_claim(loaded: sa.Engine) -> None:
    bring(loaded, FIRST, awards(_AWARD), laureates(_LAUREATE))
    bring(loaded, OTHERS, awards(_AWARD | {"level": "BRONZE"}), laureates(_LAUREATE))
    assert claims(loaded) == [("others", "BRONZE"), ("terrigraph", "GOLD")]
    bring(loaded, FIRST, awards(), laureates())
    assert shown(loaded) == ("GOLD", "Loiret", "terrigraph")
    assert claims(loaded) == [("others", "BRONZE")]
    assert [action for action, _ in log(loaded)] == ["CREATED", "CHANGED", "CHANGED"]


def test_a_claim_that_is_no_longer_made_is_forgotten(loaded: sa.Engine) -> None:
    bring(loaded, OTHERS, awards(_AWARD), laureates(_LAUREATE))
    bring(loaded, OTHERS, awards(), laureates())
    assert claims(loaded) == []
    assert shown(loaded) == ("GOLD", "Loiret", "terrigraph")


def test_the_order_of_imports_does_not_matter(loaded: sa.Engine, small: SmallData) -> None:
    bring(loaded, FIRST, awards(_AWARD), laureates(_LAUREATE))
    small.set("awards.csv", 2, level="MENTION")
    load(loaded, small.folder)
    assert shown(loaded) == ("SILVER", "CD du Loiret", "first")
    assert claims(loaded) == [("terrigraph", "MENTION")]


def test_a_withdrawn_record_leaves_its_label_and_may_come_back(loaded: sa.Engine) -> None:
    own = _AWARD | {"key": "prix-2018-autre", "year": 2018}
    winner = _LAUREATE | {"award": "prix-2018-autre"}
    bring(loaded, OTHERS, awards(own), laureates(winner))
    bring(loaded, OTHERS, awards(), laureates())
    uid = make_uid("Award", "prix-2018-autre")
    state = f"SELECT label, withdrawn_id IS NULL FROM record_state WHERE uid = '{uid}'"
    assert [(label, bool(there)) for label, there in rows(loaded, state)] == [
        ("prix-2018-autre", False)
    ]
    bring(loaded, OTHERS, awards(own), laureates(winner))
    assert [(label, bool(there)) for label, there in rows(loaded, state)] == [(None, True)]
    actions = rows(loaded, f"SELECT action FROM change WHERE uid = '{uid}' ORDER BY id")
    assert actions == [("CREATED",), ("WITHDRAWN",), ("RESTORED",)]


def test_what_other_lists_refer_to_is_not_withdrawn(loaded: sa.Engine, small: SmallData) -> None:
    own = _AWARD | {"key": "prix-2018-autre", "year": 2018}
    bring(loaded, OTHERS, awards(own), laureates(_LAUREATE | {"award": "prix-2018-autre"}))
    for name, row in (("editions.csv", 3), ("awards.csv", 4), ("awards.csv", 3)):
        small.remove(name, row)
    for row in (5, 4, 3):
        small.remove("laureates.csv", row)
    with pytest.raises(BrokenData, match=r"1 rows of award refer to it"):
        load(loaded, small.folder)
    assert rows(loaded, "SELECT count(*) FROM edition") == [(2,)]


def test_a_dry_import_tells_the_plan_and_changes_nothing(loaded: sa.Engine) -> None:
    before = rows(loaded, "SELECT count(*) FROM release")
    report = bring(loaded, FIRST, awards(_AWARD), laureates(_LAUREATE), way=Way(is_dry=True))
    (step,) = (step for step in report.steps if step.type_name == "Award")
    assert (step.uid, step.action) == (UID, "CHANGED")
    assert step.fields is not None
    assert step.fields["level"] == ["GOLD", "SILVER"]
    assert not report.is_unchanged
    assert shown(loaded) == ("GOLD", "Loiret", "terrigraph")
    assert rows(loaded, "SELECT count(*) FROM release") == before


_GOOD = _AWARD | {"key": "prix-2018-bon", "year": 2018}
_BAD = _AWARD | {"key": "prix-1999-mauvais", "year": 1999}


def of(award: dict[str, Any], **others: Any) -> dict[str, Any]:
    return _LAUREATE | {"award": award["key"]} | others


def test_a_row_at_fault_refuses_the_list(loaded: sa.Engine) -> None:
    with pytest.raises(BrokenData) as refused:
        bring(loaded, OTHERS, awards(_GOOD, _BAD), laureates(of(_GOOD), of(_BAD)))
    assert [str(error) for error in refused.value.errors] == [
        "awards.csv, row 3, year: 'prix 1999' is not known; write the key of a edition that exists"
    ]
    assert rows(loaded, "SELECT count(*) FROM award") == [(3,)]


def test_quarantine_keeps_rows_at_fault_and_what_hangs_on_them(loaded: sa.Engine) -> None:
    way = Way(has_quarantine=True)
    report = bring(loaded, OTHERS, awards(_GOOD, _BAD), laureates(of(_GOOD), of(_BAD)), way=way)
    assert report.counts["Award"].created == 1
    assert rows(loaded, "SELECT count(*) FROM award WHERE key = 'prix-1999-mauvais'") == [(0,)]
    with loaded.connect() as connection:
        kept = list(quarantine.listed(connection))
    assert [
        (row.file, row.line, row.cells["award" if "award" in row.cells else "key"]) for row in kept
    ] == [
        ("awards.csv", 3, "prix-1999-mauvais"),
        ("laureates.csv", 3, "prix-1999-mauvais"),
    ]
    assert "is not known" in kept[0].faults[0].reason


def test_an_award_does_not_go_in_without_one_of_its_winners(loaded: sa.Engine) -> None:
    way = Way(has_quarantine=True)
    joint = of(_GOOD, position=1, kind="COMMUNE", code="99999")
    report = bring(loaded, OTHERS, awards(_GOOD), laureates(of(_GOOD), joint), way=way)
    assert report.counts["Award"].created == 0
    with loaded.connect() as connection:
        kept = {(row.file, row.line) for row in quarantine.listed(connection)}
    assert kept == {("awards.csv", 2), ("laureates.csv", 2), ("laureates.csv", 3)}


def test_a_sound_list_empties_its_quarantine(loaded: sa.Engine) -> None:
    way = Way(has_quarantine=True)
    bring(loaded, OTHERS, awards(_GOOD, _BAD), laureates(of(_GOOD), of(_BAD)), way=way)
    bring(loaded, OTHERS, awards(_GOOD), laureates(of(_GOOD)), way=way)
    with loaded.connect() as connection:
        assert list(quarantine.listed(connection)) == []


def test_a_part_of_a_list_withdraws_nothing(loaded: sa.Engine) -> None:
    bring(loaded, OTHERS, awards(_GOOD), laureates(of(_GOOD)))
    more = _GOOD | {"key": "prix-2018-encore"}
    way = Way(is_partial=True)
    report = bring(loaded, OTHERS, awards(more), laureates(of(more)), way=way)
    assert (report.counts["Award"].created, report.counts["Award"].withdrawn) == (1, 0)
    assert rows(loaded, "SELECT count(*) FROM award") == [(5,)]


def test_a_table_that_is_not_given_is_left_as_it_is(loaded: sa.Engine) -> None:
    page = {"key": "page", "title": "Une page"}
    own = _GOOD | {"source": "page"}
    bring(loaded, OTHERS, Rows(files.SOURCES, page), awards(own), laureates(of(own)))
    report = bring(loaded, OTHERS, awards(own | {"level": "BRONZE"}), laureates(of(own)))
    assert (report.counts["Award"].changed, report.counts["Source"].withdrawn) == (1, 0)
    assert rows(loaded, "SELECT title FROM source WHERE key = 'page'") == [("Une page",)]
