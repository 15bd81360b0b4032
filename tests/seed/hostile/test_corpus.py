"""Each hostile list is read right, or refused with its line, column and remedy."""

from pathlib import Path

import pytest

from seed.faults import BrokenData, Fault
from seed.files import TABLES
from seed.read import open_sheets
from seed.records import Record
from seed.typed import records
from tests.seed.hostile.corpus import CONTRADICTORY, CORPUS, Case, Contradiction


def read_list(path: Path, table: str) -> tuple[list[Record], list[Fault]]:
    try:
        found = [each for sheet in open_sheets(path) for each in records(TABLES[table], sheet)]
    except BrokenData as refused:
        return [], list(refused.errors)
    return (
        [each for each in found if isinstance(each, Record)],
        [each for each in found if isinstance(each, Fault)],
    )


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_a_hostile_list_is_read_right_or_refused_with_its_place(case: Case, tmp_path: Path) -> None:
    read, faults = read_list(case.make(tmp_path), case.table)
    assert [(each.row, each.column) for each in sorted(faults)] == [
        (number, column) for number, column, _ in case.faults
    ]
    for each, (_, _, reason) in zip(sorted(faults), case.faults, strict=True):
        assert reason in each.reason
        assert str(each).isprintable()
    by_line = {record.line: record for record in read}
    for line, column, value in case.values:
        assert by_line[line][column] == value
    assert case.faults or case.values


@pytest.mark.parametrize("case", CONTRADICTORY, ids=str)
def test_rows_that_contradict_each_other_are_sound_one_by_one(
    case: Contradiction, tmp_path: Path
) -> None:
    """Only the checks between rows can refuse them, and they are given all of them."""
    (tmp_path / "liste.csv").write_text(case.text, encoding="utf-8")
    read, faults = read_list(tmp_path / "liste.csv", case.table)
    assert faults == []
    assert {line for line, _ in case.faults} <= {record.line for record in read}
