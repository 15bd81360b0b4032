"""XLSX as sheets: the parts of the ZIP file read as streams of XML, with bounds on all of them.

A reader of our own: docs/decisions/0011 says why. It knows nothing of how cells look, but for
what changes their meaning: dates, percentages, merged cells, hidden sheets.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from seed.faults import BrokenData, Fault, fault
from seed.read.cells_of_workbook import CellError, Styles, letters_of, number_of, value_of
from seed.read.content import Content, check_ratio
from seed.read.sheet import (
    Bounds,
    How,
    Row,
    Sheet,
    checked_header,
    counted,
    in_parts,
    refused,
)
from seed.read.texts import Texts

_CHUNK_BYTES = 1 << 16
# expat reads what lies between two angles again and again until all of it is there.
_TAG_BYTES = 1 << 21
_MAX_PARTS = 10_000
_MAX_SHEETS = 1000
_MAX_MERGES = 100_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]{0,100}?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
# A merge may lie on the border of two chunks.
_MERGE_BYTES = 256
_WORKBOOK = "xl/workbook.xml"


def open_workbook(content: Content, how: How) -> Iterator[Sheet]:
    """The sheets of a workbook that are shown and hold something, or the one that is asked for."""
    book = _Book(content)
    notes: list[str] = []
    for part in book.chosen(how, notes):
        sheet = _sheet(book, part, how)
        if sheet:
            sheet.notes.extend(notes)
            yield sheet


@dataclass(frozen=True)
class _Part:
    """A sheet as the workbook lists it."""

    number: int
    title: str
    path: str
    is_hidden: bool


def _sheet(book: "_Book", part: _Part, how: How) -> Sheet | None:
    name = f"{book.content.name}#{part.title}"
    bounds = book.content.bounds
    merges = book.merges(name, part)
    header_row = _header(book, name, part, how)
    if header_row is None:
        return None
    number, header = header_row
    rows = _Rows(book, name, part.path, header_row, merges)
    return Sheet(
        name=name,
        encoding=None,
        dialect="XLSX",
        header=header,
        header_row=number,
        read=lambda: counted(name, in_parts(rows.rows()), bounds),
        notes=_noted(merges, number),
    )


def _header(book: "_Book", name: str, part: _Part, how: How) -> tuple[int, tuple[str, ...]] | None:
    """The first row that holds something, or the one that is asked for; None if there is none."""
    for row in _Rows(book, name, part.path).rows():
        number = row.row if isinstance(row, Fault) else row[0]
        if number < (how.header_row or 1):
            continue
        if isinstance(row, Fault):
            raise refused(row.file, row.row, row.column, row.value, row.reason)
        return number, checked_header(name, number, row[1], book.content.bounds)
    return None


def _noted(merges: Sequence["_Merge"], header_row: int) -> list[str]:
    below = [merge for merge in merges if merge.last_row > header_row]
    down = [merge for merge in below if merge.first_column == merge.last_column]
    if not down:
        return []
    shown = ", ".join(map(str, down[:5])) + (" …" if len(down) > len(down[:5]) else "")
    return [f"the value of cells that are merged downwards counts for each row: {shown}"]


@dataclass(frozen=True)
class _Merge:
    """Cells that were made one; columns count from 0."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    def __str__(self) -> str:
        first = f"{letters_of(self.first_column)}{self.first_row}"
        return f"{first}:{letters_of(self.last_column)}{self.last_row}"


class _Book:
    """The parts of one workbook."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.name = content.name
        paths, self._sheets, self.is_1904 = self._listed()
        self.styles = self._styles(paths.get("styles"))
        self.texts = Texts(content.name, content.bounds)
        self._read_texts(paths.get("sharedStrings"))

    def chosen(self, how: How, notes: list[str]) -> list[_Part]:
        """The sheets to read; `notes` are told of those that are left out."""
        if how.sheet is not None:
            named = [part for part in self._sheets if how.sheet == part.title]
            numbered = [part for part in self._sheets if how.sheet == str(part.number)]
            if not (named or numbered):
                titles = ", ".join(part.title for part in self._sheets)
                reason = f"has no such sheet; write one of {titles}"
                raise refused(self.name, 0, "", how.sheet, reason)
            return named or numbered
        notes.extend(
            f"sheet {part.title} is hidden and was not read; unhide it or ask for it by name"
            for part in self._sheets
            if part.is_hidden
        )
        return [part for part in self._sheets if not part.is_hidden]

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a part, counted; BrokenData if they are damaged or too many."""
        bounds = self.content.bounds
        total = 0
        with self.content.open_raw() as raw:
            try:
                with zipfile.ZipFile(raw) as archive, archive.open(path) as part:
                    stored = archive.getinfo(path).compress_size
                    while chunk := part.read(_CHUNK_BYTES):
                        total += len(chunk)
                        check_ratio(self.name, total, stored, bounds)
                        if total > bounds.file_bytes:
                            most = bounds.file_bytes >> 20
                            reason = f"has more than {most:,} MiB in {path}; split the file"
                            raise refused(self.name, 0, "", "", reason)
                        yield chunk
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
                raise self._damaged() from None
            except KeyError:
                raise self._damaged() from None
            except RuntimeError:
                reason = "has a password; save it without"
                raise refused(self.name, 0, "", "", reason) from None

    def parse(self, path: str, start: "_Start", end: "_End", text: "_Text | None" = None) -> None:
        """Calls back for each element of a part."""
        for _ in self.events(path, start, end, text):
            pass

    def events(
        self, path: str, start: "_Start", end: "_End", text: "_Text | None" = None
    ) -> Iterator[None]:
        """The same, after each chunk; a document type, which can swell a text, is refused."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = _beginning(parser, start, end)
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        total = 0
        try:
            for chunk in self.chunks(path):
                parser.Parse(chunk, False)  # noqa: FBT003  # expat takes no names
                total += len(chunk)
                if total - parser.CurrentByteIndex > _TAG_BYTES:
                    reason = f"has a tag of more than {_TAG_BYTES:,} bytes; save it again as .xlsx"
                    raise refused(self.name, 0, "", "", reason)
                yield
            parser.Parse(b"", True)  # noqa: FBT003  # same
            yield
        except BrokenData:
            raise
        except (expat.ExpatError, LookupError, ValueError):  # the last two for its encoding
            raise self._damaged() from None

    def merges(self, name: str, part: _Part) -> list[_Merge]:
        """The merged cells of a sheet, which stand behind its rows."""
        found: list[_Merge] = []
        before = b""
        for chunk in self.chunks(part.path):
            window = before + chunk
            for match in _MERGE.finditer(window):
                if match.end() > len(before):
                    first, top, last, bottom = match.groups()
                    found.append(_Merge(number_of(first), int(top), number_of(last), int(bottom)))
            if len(found) > _MAX_MERGES:
                raise refused(name, 0, "", "", "has too many merged cells; unmerge them")
            before = window[-_MERGE_BYTES:]
        return found

    def _refuse_doctype(self, *_: object) -> None:
        reason = "declares a document type, which no spreadsheet does; save it again as .xlsx"
        raise refused(self.name, 0, "", "", reason)

    def _damaged(self) -> Exception:
        return refused(self.name, 0, "", "", "is damaged; save it again as .xlsx")

    def _listed(self) -> tuple[dict[str, str], list[_Part], bool]:
        """The paths of the parts by what they are, the sheets, and whether days count from 1904."""
        with self.content.open_raw() as raw:
            try:
                with zipfile.ZipFile(raw) as archive:
                    names = set(archive.namelist())
            except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
                raise self._damaged() from None
        if len(names) > _MAX_PARTS:
            raise refused(self.name, 0, "", "", "has too many parts; save it again as .xlsx")
        if _WORKBOOK not in names:
            reason = "is a ZIP file without a workbook; send .xlsx, or unpack it"
            raise refused(self.name, 0, "", "", reason)
        links = self._links()
        sheets, is_1904 = self._titles(links, names)
        paths = {kind: path for kind, path in links.values() if path in names}
        return paths, sheets, is_1904

    def _links(self) -> dict[str, tuple[str, str]]:
        """What each link of the workbook is and where it leads, by its id."""
        links: dict[str, tuple[str, str]] = {}

        def start(name: str, given: dict[str, str]) -> None:
            is_inside = given.get("TargetMode") != "External" and len(links) < _MAX_PARTS
            if name == "Relationship" and is_inside:
                kind = given.get("Type", "").rpartition("/")[2]
                links[given.get("Id", "")] = kind, _resolved(given.get("Target", ""))

        self.parse("xl/_rels/workbook.xml.rels", start, _nothing)
        return links

    def _titles(
        self, links: dict[str, tuple[str, str]], names: set[str]
    ) -> tuple[list[_Part], bool]:
        sheets: list[_Part] = []
        is_1904 = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal is_1904
            if name == "workbookPr":
                is_1904 = given.get("date1904") in ("1", "true")
            if name != "sheet":
                return
            link = next((v for k, v in given.items() if _local(k) == "id" and k != "id"), "")
            kind, path = links.get(link, ("", ""))
            if kind == "worksheet" and path in names and len(sheets) < _MAX_SHEETS:
                is_hidden = given.get("state", "visible") != "visible"
                number = len(sheets) + 1
                sheets.append(_Part(number, given.get("name", str(number)), path, is_hidden))

        self.parse(_WORKBOOK, start, _nothing)
        return sheets, is_1904

    def _styles(self, path: str | None) -> Styles:
        styles = Styles()
        if path:
            self.parse(path, styles.start, styles.end)
        return styles

    def _read_texts(self, path: str | None) -> None:
        if path:
            texts = self.texts
            self.parse(path, texts.start, texts.end, texts.characters)


_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]
_Text = Callable[[str], None]


def _beginning(parser: expat.XMLParserType, start: "_Start", end: "_End") -> "_Start":
    """Takes the first element, which tells whether those of a workbook have a prefix here."""

    def begin(name: str, given: dict[str, str]) -> None:
        if ":" in name:
            parser.StartElementHandler = lambda name, given: start(_local(name), given)
            parser.EndElementHandler = lambda name: end(_local(name))
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        start(_local(name), given)

    return begin


def _nothing(_: str) -> None:
    """Where only what an element begins with matters."""


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _resolved(target: str) -> str:
    """The path of a part in the ZIP file; what would leave it leads nowhere."""
    path = PurePosixPath("/xl", target)
    return str(path).removeprefix("/") if ".." not in path.parts else ""


@dataclass
class _Cell:
    """A cell as it is being read."""

    place: str = ""
    kind: str = "n"
    style: int = 0
    value: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    size: int = 0
    has_value: bool = False
    has_formula: bool = False


class _Rows:
    """The rows of one sheet. A row whose cells cannot all be read is a fault for each of these."""

    def __init__(
        self,
        book: _Book,
        name: str,
        path: str,
        header: tuple[int, Sequence[str]] = (0, ()),
        merges: Sequence[_Merge] = (),
    ) -> None:
        self._book = book
        self._name = name
        self._path = path
        self._header_row, self._header = header
        self._down, self._across = _by_shape(merges, self._header_row)

    def rows(self) -> Iterator[Row]:
        """The rows that hold something, behind the header."""
        reading = _Reading(self._book, self._name, self._header)
        filler = _Filler(self._down)
        crossing = _Crossing(self._across)
        events = self._book.events(self._path, reading.start, reading.end, reading.characters)
        for _ in events:
            for number, cells, faults in reading.taken():
                if number <= self._header_row:
                    continue
                filler.fill(number, cells)
                if faults:
                    yield from faults
                elif merge := crossing.at(number):
                    yield self._merged(number, merge)
                elif any(cells.values()):
                    yield number, self._listed(cells)

    def _merged(self, number: int, merge: _Merge) -> Fault:
        reason = "is merged over columns; unmerge it and write a value in each cell"
        return fault(self._name, number, str(merge), "", reason)

    def _listed(self, cells: dict[int, str]) -> list[str]:
        """The cells in order. A sheet is a grid: what is missing is empty."""
        last = max((column for column, text in cells.items() if text), default=0)
        width = max(len(self._header), last + 1)
        return [cells.get(column, "") for column in range(width)]


def _by_shape(
    merges: Sequence[_Merge], header_row: int
) -> tuple[dict[int, list[_Merge]], list[_Merge]]:
    """Merges of one column by its number, and others, last ones first; titles are left out."""
    down: dict[int, list[_Merge]] = defaultdict(list)
    across: list[_Merge] = []
    for merge in sorted(merges, key=lambda merge: merge.first_row, reverse=True):
        if merge.last_row > header_row:
            is_down = merge.first_column == merge.last_column
            (down[merge.first_column] if is_down else across).append(merge)
    return down, across


class _Crossing:
    """Tells of rows whether cells of several columns are merged in them."""

    def __init__(self, across: list[_Merge]) -> None:
        self._coming = list(across)
        self._current: _Merge | None = None

    def at(self, number: int) -> _Merge | None:
        """Rows come in order."""
        while self._coming and self._coming[-1].first_row <= number:
            merge = self._coming.pop()
            if self._current is None or merge.last_row > self._current.last_row:
                self._current = merge
        return self._current if self._current and self._current.last_row >= number else None


class _Filler:
    """Gives each row of cells that are merged downwards the value that is seen beside it."""

    def __init__(self, down: dict[int, list[_Merge]]) -> None:
        self._coming = {column: list(merges) for column, merges in down.items()}
        self._values: dict[int, str] = {}

    def fill(self, number: int, cells: dict[int, str]) -> None:
        """Rows come in order."""
        for column, merges in self._coming.items():
            while merges and merges[-1].last_row < number:
                merges.pop()
            if not merges or number < merges[-1].first_row:
                continue
            if number == merges[-1].first_row:
                self._values[column] = cells.get(column, "")
            elif any(cells.values()):
                cells[column] = self._values.get(column, "")


class _Reading:
    """What expat tells of a sheet, gathered into rows."""

    def __init__(self, book: _Book, name: str, header: Sequence[str]) -> None:
        self._book = book
        self._name = name
        self._header = header
        self._bounds: Bounds = book.content.bounds
        self._done: list[tuple[int, dict[int, str], list[Fault]]] = []
        self._number = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._faults: list[Fault] = []
        self._cell: _Cell | None = None
        self._into: list[str] | None = None
        self._phonetic = 0

    def taken(self) -> list[tuple[int, dict[int, str], list[Fault]]]:
        """The rows that are complete, once."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, given: dict[str, Any]) -> None:
        """An element begins."""
        if name == "c":
            self._start_cell(given)
        elif name == "row":
            self._start_row(given)
        elif self._cell is None:
            return
        elif name == "v":
            self._cell.has_value = True
            self._into = self._cell.value
        elif name == "f":
            self._cell.has_formula = True
        elif name == "t" and not self._phonetic:
            self._into = self._cell.inline
        elif name == "rPh":
            self._phonetic += 1

    def characters(self, text: str) -> None:
        """Text of a value; what is too long is not kept."""
        if self._into is not None and self._cell is not None:
            self._cell.size += len(text)
            if self._cell.size <= self._bounds.cell_characters:
                self._into.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self._into = None
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._done.append((self._number, self._cells, self._faults))
            self._cells, self._faults = {}, []
        elif name == "rPh":
            self._phonetic -= 1

    def _start_row(self, given: dict[str, Any]) -> None:
        number = _whole(given.get("r"), self._number + 1)
        if number <= self._number:
            reason = "is numbered as a row before it; save the workbook again"
            raise refused(self._name, number, "", "", reason)
        self._number = number
        self._column = -1

    def _start_cell(self, given: dict[str, Any]) -> None:
        place = given.get("r")
        column = number_of(place.rstrip("0123456789").encode()) if place else self._column + 1
        if column <= self._column:
            reason = "holds two cells in one place; save the workbook again"
            raise refused(self._name, self._number, letters_of(column), "", reason)
        if column >= self._bounds.columns:
            reason = f"is too far to the right; use the first {self._bounds.columns} columns"
            raise refused(self._name, self._number, place or "", "", reason)
        self._column = column
        self._cell = _Cell(
            place or f"{letters_of(column)}{self._number}",
            given.get("t", "n"),
            _whole(given.get("s"), 0),
        )

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        try:
            text = self._text(cell)
        except CellError as error:
            column = self._column
            named = self._header[column] if column < len(self._header) else ""
            shown = f"{named} ({cell.place})" if named else cell.place
            self._faults.append(fault(self._name, self._number, shown, error.value, str(error)))
        else:
            if text:
                self._cells[self._column] = text

    def _text(self, cell: _Cell) -> str:
        if cell.size > self._bounds.cell_characters:
            most = self._bounds.cell_characters
            raise CellError(
                "".join(cell.value or cell.inline)[:60],
                f"is too long; write at most {most:,} characters",
            )
        if cell.has_formula and not (cell.value or (cell.has_value and cell.kind == "str")):
            reason = "is a formula without a value; open the workbook, calculate it and save it"
            raise CellError("", reason)
        if cell.kind == "s":
            return self._book.texts[_whole("".join(cell.value), -1)] if cell.has_value else ""
        if cell.kind == "inlineStr":
            return "".join(cell.inline)
        style = self._book.styles.of(cell.style)
        return value_of(cell.kind, "".join(cell.value), style, is_1904=self._book.is_1904)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default  # noqa: PLR2004  # a row has seven digits
