"""Whatever a file holds, it gives rows and faults: no other error leaves the reader."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seed import files
from seed.faults import BrokenData, Fault, annotated, as_json, as_text
from seed.read import BOUNDS, Bounds, How, delimited, open_sheets
from seed.typed import records
from tests.seed.hostile import workbooks
from tests.seed.hostile.workbooks import row, sheet_xml

_SMALL = Bounds(row_characters=200, row_lines=5, columns=20, rows=50, unclosed_quotes=5)
_DRAWN = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What means something to one of the readers.
_SIGNS = st.text(
    st.sampled_from("\";,\t|\n\r\0 \u00a0\ufeff\u2028éÃ©\ud800='@+-%.0123aslug{}[]:_x<>&/\\"),
    max_size=300,
)
_CELLS = st.text(st.sampled_from("\";,|\t\r\n 'aé\0\u2028\x0b"), max_size=6)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def everything(path: Path, how: How | None = None, bounds: Bounds = BOUNDS) -> Iterator[object]:
    """All that the reader, the typing and the renderings of faults say of a file."""
    try:
        for sheet in open_sheets(path, how, bounds):
            rows = list(sheet.rows())
            assert [*sheet.rows()] == rows
            yield from rows
            found = list(records(files.CATEGORIES, sheet))
            faults = [each for each in found if isinstance(each, Fault)]
            yield as_text(faults).encode(), as_json(faults).encode()
            yield "".join(annotated(sheet, faults)).encode()
    except BrokenData as refused:
        yield str(refused).encode()


@_DRAWN
@given(
    cells=st.lists(st.lists(_CELLS, min_size=1, max_size=4), max_size=12),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    page=st.integers(1, 60),
)
def test_rows_are_the_same_by_the_page_and_one_by_one(
    folder: Path, cells: list[list[str]], ending: str, page: int
) -> None:
    """A cell of two lines makes the page that it is on be read row by row."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator=ending)
    rows.writerows([["a", "b", "c"], *cells])
    plain = text.getvalue()
    rows.writerow(["x", f"y{ending}z", ""])
    path, how = folder / "liste.csv", How(encoding="utf-8", delimiter=",")
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for content, characters in ((plain, page), (plain, 1000), (text.getvalue(), 1000)):
            patch.setattr(delimited, "PART_CHARACTERS", characters)
            path.write_bytes(content.encode())
            found.append([row for sheet in open_sheets(path, how) for row in sheet.rows()])
    assert found[0] == found[1] == found[2][:-1]


@_DRAWN
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(folder: Path, content: bytes) -> None:
    (folder / "liste").write_bytes(content)
    assert list(everything(folder / "liste"))


@_DRAWN
@given(
    content=_SIGNS, start=st.sampled_from(["", "slug,label_fr,label_en\n", "[", '{"a":', "sep=;\n"])
)
@pytest.mark.parametrize("bounds", [BOUNDS, _SMALL])
def test_any_text_is_read_or_refused(
    folder: Path, bounds: Bounds, content: str, start: str
) -> None:
    (folder / "liste").write_bytes((start + content).encode("utf-8", "surrogatepass"))
    assert list(everything(folder / "liste", bounds=bounds))


@_DRAWN
@given(value=st.lists(_JSON, max_size=5))
def test_any_json_is_read_or_refused(folder: Path, value: list[object]) -> None:
    import json  # noqa: PLC0415  # orjson refuses NaN, which others write

    (folder / "liste.json").write_text(json.dumps(value))
    assert list(everything(folder / "liste.json"))


@_DRAWN
@given(place=st.floats(0, 1), cut=st.integers(0, 20), put=_SIGNS.map(lambda text: text[:20]))
@pytest.mark.parametrize("part", ["sheet", "shared"])
def test_any_wound_of_a_workbook_is_read_or_refused(
    folder: Path, part: str, place: float, cut: int, put: str
) -> None:
    sheet = sheet_xml(
        row(1, "slug", "label_fr", "label_en")
        + row(2, "eau", '<c r="B2" t="s"><v>0</v></c>', '<c r="C2" s="1"><f>1</f><v>43053</v></c>'),
        '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
    )
    shared = workbooks.shared_xml("<t>Eau</t>")
    whole = sheet if part == "sheet" else shared
    at = int(place * len(whole))
    wounded = (whole[:at] + put + whole[at + cut :]).encode("utf-8", "surrogatepass")
    path = workbooks.write(
        folder / "liste.xlsx",
        {"Feuil1": wounded if part == "sheet" else sheet},
        shared=shared if part == "sheet" else wounded,
        formats={1: "dd/mm/yyyy"},
    )
    assert list(everything(path)) or part == "sheet"


@_DRAWN
@given(place=st.floats(0, 1), put=st.binary(min_size=1, max_size=8))
def test_any_wound_of_a_zip_file_is_read_or_refused(folder: Path, place: float, put: bytes) -> None:
    sheets = {"Feuil1": sheet_xml(row(1, "slug") + row(2, "eau"))}
    whole = workbooks.write(folder / "ganz.xlsx", sheets).read_bytes()
    at = int(place * len(whole))
    (folder / "liste.xlsx").write_bytes(whole[:at] + put + whole[at + len(put) :])
    list(everything(folder / "liste.xlsx"))


@_DRAWN
@given(
    table=st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8),
            min_size=3,
            max_size=3,
        ).filter(any),
        min_size=1,
        max_size=6,
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read_back(
    folder: Path, table: list[list[str]], delimiter: str, encoding: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *table])
    (folder / "liste.csv").write_bytes(text.getvalue().encode(encoding))
    how = How(delimiter=delimiter, encoding=encoding)
    (sheet,) = open_sheets(folder / "liste.csv", how)
    assert [cells for _, cells in sheet.rows()] == table  # type: ignore[misc]  # no faults
