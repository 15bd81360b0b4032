"""JSON of portals: the one list in it is read, what is broken is refused with its place."""

import codecs
import gzip
import tracemalloc
from pathlib import Path

import orjson
import pytest

from seed import files
from seed.faults import BrokenData, Fault
from seed.typed import records
from tests.seed.hostile.opened import Open, opener, refused

_LIST = [{"nom": "L’Haÿ", "valeur": 14.9}, {"nom": "Étampes", "note": None, "valeur": 2730}]
_HEADER = ("nom", "valeur", "note")
_ROWS = [(1, ["L’Haÿ", "14.9", ""]), (2, ["Étampes", "2730", ""])]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return opener(tmp_path, "liste.json")


@pytest.mark.parametrize(
    "content",
    [
        orjson.dumps(_LIST),
        orjson.dumps(_LIST, option=orjson.OPT_INDENT_2),
        codecs.BOM_UTF8 + orjson.dumps(_LIST),
        codecs.BOM_UTF16_LE + orjson.dumps(_LIST).decode().encode("utf-16-le"),
        gzip.compress(orjson.dumps(_LIST)),
        orjson.dumps({"total": 2, "results": _LIST, "links": ["a", "b"], "meta": {"x": [1]}}),
        orjson.dumps({"results": _LIST}),
    ],
)
def test_the_list_is_read_wherever_it_stands(opened: Open, content: bytes) -> None:
    sheet = opened(content)
    assert (sheet.dialect, sheet.header, sheet.header_row) == ("JSON", _HEADER, 0)
    assert list(sheet.rows()) == _ROWS


def test_an_object_on_each_line_is_read_with_its_lines(opened: Open) -> None:
    first, second = map(orjson.dumps, _LIST)
    sheet = opened(first + b"\n\n" + second + b"\n", name="liste")
    assert (sheet.dialect, sheet.header) == ("NDJSON", _HEADER)
    assert list(sheet.rows()) == [_ROWS[0], (3, _ROWS[1][1])]


def test_values_become_cells_as_they_are_written(opened: Open) -> None:
    sheet = opened(
        '[{"a": 8.50, "b": 1.5e3, "c": true, "d": ["x", 2, null], "e": {"f": {"g": "h"}}, '
        '"i": [{"j": 1}], "k": 123456789012345678901234567890, "l": 1e999999, "m": NaN}]'
    )
    assert dict(zip(sheet.header, next(sheet.rows())[1], strict=True)) == {  # type: ignore[index]  # no fault
        "a": "8.50",
        "b": "1500",
        "c": "1",
        "d": "x ; 2 ; ",
        "e.f.g": "h",
        "i": '[{"j": "1"}]',
        "k": "123456789012345678901234567890",
        "l": "1e999999",
        "m": "NaN",
    }


def test_one_of_several_lists_is_named(opened: Open) -> None:
    two = orjson.dumps({"autres": [{"x": 1}], "results": _LIST})
    assert "holds several lists (autres, results)" in refused(opened, two).reason
    assert list(opened(two, items="results").rows()) == _ROWS
    assert "no list 'rien'" in refused(opened, two, items="rien").reason


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ('[{"a": 1},\n{"a": 2,}]', (2, "line 2"), "is no JSON"),
        ('[{"a": 1}\n{"a": 2}]', (1, "line 2"), "expecting ']'"),
        ('[{"a": 1}', (1, "line 1"), "expecting ']'"),
        ('[{"a": "x', (1, "line 1"), "is no JSON"),
        ('[{"a": 1}] x', (1, "line 1"), "goes on behind its end"),
        ('{"a": 1}', (0, ""), "holds no list of objects"),
        ("[]", (0, ""), "has no header"),
        ("[[1, 2]]", (0, ""), "has no header"),
        ('[{"a": "x\x00"}]', (1, "line 1"), "is no JSON"),
        ("[" * 100_000, (1, "line 1"), "is nested too deeply"),
        ('[{"a":' + "[" * 100_000, (1, "line 1"), "is nested too deeply"),
    ],
)
def test_broken_json_is_refused_with_object_and_line(
    opened: Open, content: str, place: tuple[int, str], said: str
) -> None:
    found = refused(opened, content)
    assert (found.row, found.column) == place
    assert said in found.reason


@pytest.mark.parametrize(("name", "rows"), [("liste.json", (1, 2, 3)), ("liste.ndjson", (1, 2, 3))])
def test_a_bad_object_hides_no_other(opened: Open, name: str, rows: tuple[int, ...]) -> None:
    objects = ['{"a": 1, "b": 2, "a": 3}', '{"a": 4}', '"x"']
    text = "\n".join(objects) if name == "liste.ndjson" else f"[{','.join(objects)}]"
    twice, sound, no_object = opened(text, name=name).rows()
    assert isinstance(twice, Fault)
    assert isinstance(no_object, Fault)
    assert (twice.row, twice.value) == (rows[0], "a")
    assert "stands twice in one object" in twice.reason
    assert sound == (rows[1], ["4"])
    assert (no_object.row, no_object.reason) == (rows[2], 'is no object; write {"column": value}')


def test_a_broken_line_is_refused_alone(opened: Open) -> None:
    found, last = opened('{"a": 1,}\n{"a": 2}\n', name="liste.jsonl").rows()
    assert isinstance(found, Fault)
    assert (found.row, found.value) == (1, '{"a": 1,}')
    assert "write one object on a line" in found.reason
    assert last == (2, ["2"])


def test_half_a_letter_is_refused_with_its_column(opened: Open) -> None:
    sheet = opened('[{"slug": "eau", "label_fr": "E\\ud800au", "label_en": "\\u0000"}]')
    found = [str(each) for each in records(files.CATEGORIES, sheet)]
    assert found == [
        f"liste.json, row 1, {place}; remove it"
        for place in (
            "label_fr: 'E\\\\ud800au' has an invisible character, U+D800, at place 2",
            "label_en: '\\\\x00' has an invisible character, U+0000, at place 1",
        )
    ]


@pytest.mark.parametrize("name", ["liste.json", "liste.ndjson"])
def test_a_cell_of_10_mb_is_refused_in_flat_memory(opened: Open, name: str) -> None:
    objects = ['{"a": 1}', '{"a": "' + "y" * 10_000_000 + '"}', '{"a": 2}']
    text = "\n".join(objects) if name == "liste.ndjson" else f"[{','.join(objects)}]"
    tracemalloc.start()
    try:
        found = next(each for each in opened(text, name=name).rows() if isinstance(each, Fault))
    except BrokenData as error:
        (found,) = error.errors
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.row == 2
    assert "is too long; write at most 1,048,576 characters" in found.reason
    assert peak < 40_000_000


def test_a_long_cell_is_refused_with_its_column(opened: Open) -> None:
    (found,) = opened('[{"a": 1, "b": "' + "y" * 100_001 + '"}]').rows()
    assert isinstance(found, Fault)
    assert (found.column, found.reason) == ("b", "is too long; write at most 100,000 characters")


def test_too_many_columns_are_refused(opened: Open) -> None:
    wide = orjson.dumps([{f"c{number}": 1} for number in range(501)])
    assert refused(opened, wide).reason == "has 501 columns; keep at most 500"


def test_twenty_thousand_objects_are_read_in_flat_memory(opened: Open) -> None:
    text = orjson.dumps([{"nom": f"commune {n}", "valeur": n} for n in range(20_000)])
    tracemalloc.start()
    sheet = opened(text)
    assert sum(1 for _ in sheet.rows()) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15_000_000
