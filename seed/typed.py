"""Rows of a sheet into typed records of a native table; every cell that cannot be read is a fault.

Columns come in any order and optional ones may lack. A cell is read in its strict form first,
then as people write it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.domain.text import fold
from seed import words
from seed.cells import Cell
from seed.faults import ANNOTATION, BrokenData, Fault, fault
from seed.files import METRICS, File
from seed.habits import did_you_mean
from seed.read import Row, Sheet
from seed.records import Block, Part, Record

# Cells repeat those above them, and need not be read again; keys and names hardly do.
_KEPT_CELLS = 4096

_WHITE = " \t\r\n\u00a0\u2009\u202f\u3000"
_BREAK = re.compile(r"[ ]*[\t\r\n]+[ \t\r\n]*")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)
# What needs no cleaning, as nearly all cells.
_SIMPLE = re.compile(r"[0-9A-Za-z](?:[ -~\u00c0-\u00ff]*[!-~\u00c0-\u00ff])?").fullmatch
_FORMULA = re.compile(r"[=@][A-Za-z\"'(+\-0-9]")
# A spreadsheet takes what follows for text; `faults.annotated` writes it so.
_ESCAPED = re.compile(r"'[=@+\-]")
# What UTF-8 looks like once it was read as Windows-1252: é is Ã©, ’ is â€™.
_TWICE_ENCODED = re.compile("[\u00c2-\u00c5\u00e2][\u0080-\u00bf\u0152-\u2122]")
_PERCENT_UNITS = frozenset({"%", "pour cent", "pourcent", "percent"})


class Reader:
    """Reads the cells of one native table, whatever list they come from."""

    def __init__(self, file: File, defaults: Mapping[str, str] | None = None) -> None:
        """`defaults` are the texts of columns that a list lacks, after those of the table."""
        self.file = file
        self._defaults = {**file.defaults, **(defaults or {})}
        self._cells = {name: _Known(cell) for name, cell in file.readable.items()}

    def record(
        self, place: str, line: int, texts: Mapping[str, str], shown: Mapping[str, str]
    ) -> tuple[Record, list[Fault]]:
        """The record of the given texts, and its faults; a cell at fault is None in it.

        `place` is the file that faults name, and `shown` what it calls the columns.
        """
        record = Record(self.file.constants)
        record.line = line
        faults = []
        for column, known in self._cells.items():
            text = texts.get(column)
            if text is None:
                text = self._defaults.get(column, "")
            try:
                record[column] = known[text]
            except ValueError as error:
                record[column] = None
                faults.append(fault(place, line, shown.get(column, column), text, str(error)))
        faults += _misread_percent(self.file, record, place, texts.get("value", ""))
        return record, faults

    def bind(self, sheet: Sheet) -> "_Bound":
        """Finds the columns of a sheet; BrokenData if one lacks or is not known."""
        return _Bound(self, sheet)

    def column(self, name: str) -> str | None:
        """The column that a header means; letter case, accents and signs do not matter."""
        if name in self._cells:
            return name
        simple = re.sub(r"[\s_-]+", "_", name.strip().lower())
        return simple if simple in self._cells else None

    def lacking(self, columns: Sequence[str]) -> list[str]:
        """The columns that a list must have and this one has not."""
        required = (name for name, cell in self.file.columns.items() if cell.is_required)
        return [name for name in required if name not in columns and name not in self._defaults]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that a list may have."""
        return tuple(self._cells)

    def known(self, column: str) -> "_Known":
        """The reader of a column, by text."""
        return self._cells[column]

    def default(self, column: str) -> Any:
        """The value of a column that a list lacks."""
        return self._cells[column][self._defaults[column]] if column in self._defaults else None


class _Known(dict[str, Any]):
    """The values of a column by text, read when they are first asked for."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self._cell = cell
        self._read = cell.read

    def __missing__(self, text: str) -> Any:
        try:
            value = self._read(text) if _SIMPLE(text) else read_cell(self._cell, text)
        except ValueError:
            value = read_cell(self._cell, text)
        if len(self) == _KEPT_CELLS:
            self.clear()
        self[text] = value
        return value


class _Bound:
    """A table whose columns were found in a sheet."""

    def __init__(self, reader: Reader, sheet: Sheet) -> None:
        self._reader = reader
        self._sheet = sheet
        self._annotations = len(ANNOTATION) if sheet.header[-2:] == ANNOTATION else 0
        header = sheet.header[: len(sheet.header) - self._annotations]
        columns = [reader.column(name) for name in header]
        faults = [*_misheaded(reader, sheet, header, columns)]
        if faults:
            raise BrokenData(faults)
        self.columns = [column for column in columns if column]
        self._shown = dict(zip(self.columns, header, strict=True))
        self._watched = self.columns.index("value") if reader.file is METRICS else None
        self._known = [reader.known(column) for column in self.columns]
        lacking = (column for column in reader.columns if column not in self.columns)
        self._rest = {
            **{column: reader.default(column) for column in lacking},
            **reader.file.constants,
        }

    def parts(self) -> Iterator[Part]:
        """The rows, some at once; a row with faults is kept, with None in the cells at fault."""
        file = self._reader.file
        for rows in self._sheet.read():
            if block := self._at_once(rows):
                yield Part((block,))
            else:
                found = self._one_by_one(rows, keep_faulty=True)
                yield Part.of(row if isinstance(row, Fault) else (file, row) for row in found)

    def records(self, *, keep_faulty: bool) -> Iterator[Record | Fault]:
        """Each row as a record, or its faults."""
        for rows in self._sheet.read():
            if block := self._at_once(rows):
                yield from block.records()
            else:
                yield from self._one_by_one(rows, keep_faulty=keep_faulty)

    def _at_once(self, rows: Sequence[Row]) -> Block | None:
        """The rows read column by column; None where one of them has to be looked at."""
        sound = [row for row in rows if not isinstance(row, Fault)]
        lines, texts = [line for line, _ in sound], [texts for _, texts in sound]
        widths = set(map(len, texts))
        if len(sound) < len(rows) or widths != {len(self.columns) + self._annotations}:
            return None
        cells = [*zip(*texts, strict=True)]
        if self._watched is not None and "%" in "".join(cells[self._watched]):
            return None
        try:
            values = [[*map(known.__getitem__, of)] for known, of in zip(self._known, cells)]  # noqa: B905  # annotations are behind
        except ValueError:
            return None
        rest = {column: [value] * len(lines) for column, value in self._rest.items()}
        return Block(
            self._reader.file, lines, {**dict(zip(self.columns, values, strict=True)), **rest}
        )

    def _one_by_one(self, rows: Sequence[Row], *, keep_faulty: bool) -> Iterator[Record | Fault]:
        """The same with what is wrong with each row."""
        name, width = self._sheet.name, len(self.columns)
        for row in rows:
            if isinstance(row, Fault):
                yield row
                continue
            line, texts = row
            if self._annotations:
                del texts[-self._annotations :]
            if len(texts) != width:
                yield fault(name, line, "", "", _ragged(texts, width))
                continue
            cells = dict(zip(self.columns, texts, strict=True))
            record, faults = self._reader.record(name, line, cells, self._shown)
            yield from faults
            if keep_faulty or not faults:
                yield record


def parts(file: File, sheet: Sheet, defaults: Mapping[str, str] | None = None) -> Iterator[Part]:
    """What `records` gives with `keep_faulty`, some rows at once and by columns."""
    return Reader(file, defaults).bind(sheet).parts()


def records(
    file: File,
    sheet: Sheet,
    defaults: Mapping[str, str] | None = None,
    *,
    keep_faulty: bool = False,
) -> Iterator[Record | Fault]:
    """The records of a sheet that has native columns, in order, and the faults of other rows.

    `defaults` are the texts of columns that the sheet lacks. With `keep_faulty` a row with
    faults gives its record too, right behind them, with None in the cells at fault. BrokenData
    if a column lacks or is not known.
    """
    return Reader(file, defaults).bind(sheet).records(keep_faulty=keep_faulty)


def read_cell(cell: Cell, text: str) -> Any:
    """The value of a cell; None if it is empty and may be. ValueError with the remedy."""
    clean = cleaned(text)
    if not clean:
        if cell.is_required:
            raise ValueError("is empty; write a value")
        return None
    try:
        return cell.read(clean)
    except ValueError:
        mended = cell.mend(clean) if cell.mend else clean
        if mended == clean:
            raise
    return cell.read(mended)


def cleaned(text: str) -> str:
    """`text` on one line, without space around it.

    ValueError for what is no text: invisible characters, formulas, a wrong encoding.
    """
    if _SIMPLE(text):
        return text
    if text.isascii() and text.isprintable():
        clean = text.strip(" ")
    else:
        clean = _BREAK.sub(" ", text.strip(_WHITE))
        _check_visible(clean)
        _check_encoding(clean)
    if _ESCAPED.match(clean):
        return clean[1:]
    if _FORMULA.match(clean):
        raise ValueError("is a formula; write its value")
    return clean


def _check_visible(text: str) -> None:
    invisible = _INVISIBLE.search(text)
    if invisible:
        number = ord(invisible[0])
        place = invisible.start() + 1
        raise ValueError(f"has an invisible character, U+{number:04X}, at place {place}; remove it")


def _check_encoding(text: str) -> None:
    if "\ufffd" in text:
        raise ValueError("has lost a letter (U+FFFD); write it again")
    if _TWICE_ENCODED.search(text):
        try:
            meant = text.encode("cp1252").decode()
        except UnicodeError:
            return
        raise ValueError(f"was read in a wrong encoding before; write {meant[:60]}")


def _misheaded(
    reader: Reader, sheet: Sheet, header: Sequence[str], columns: list[str | None]
) -> Iterator[Fault]:
    found = [column for column in columns if column]
    lacking = reader.lacking(found)
    free = [column for column in reader.columns if column not in found]
    for number, (name, column) in enumerate(zip(header, columns, strict=True), 1):
        if column is None:
            reason = _unknown(name, number, free)
            yield fault(sheet.name, sheet.header_row, name, "", reason)
        elif column in columns[: number - 1]:
            reason = "stands twice; keep one of the two columns"
            yield fault(sheet.name, sheet.header_row, name, "", reason)
    for column in lacking:
        yield fault(sheet.name, sheet.header_row, column, "", "is missing; add the column")


def _unknown(name: str, number: int, free: list[str]) -> str:
    if not name:
        return f"column {number} has no name; write one, or remove the column"
    meant = did_you_mean(name, free) or _by_title(name, free)
    return f"is not known; {meant or 'remove the column, or write a mapping'}"


def _by_title(name: str, free: list[str]) -> str:
    """The column that has this name in the templates of people: « Intitulé » is title."""
    folded = fold(name)
    for columns in words.COLUMNS.values():
        for column, said in columns.items():
            if column in free and folded in (fold(said.title_fr), fold(said.title_en)):
                return f"did you mean {column}?"
    return ""


def _ragged(texts: list[str], width: int) -> str:
    more = ", and quote cells that hold the delimiter" if len(texts) > width else ""
    return f"has {len(texts)} cells; write {width}{more}"


def _misread_percent(file: File, record: Record, place: str, text: str) -> Iterator[Fault]:
    """« 14,9 % » is 14.9 of the unit %, and of no other."""
    if file is not METRICS or not text.rstrip().endswith("%"):
        return
    unit = record["unit"]
    if unit and unit.lower() not in _PERCENT_UNITS:
        reason = f"is a percentage, but the unit is {unit}; write % as unit, or no %"
        yield fault(place, record.line, "value", text, reason)
