"""CSV of any dialect as a sheet: comma, semicolon, tab or bar, detected; each fault in its row."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TextIO

from seed.faults import Fault, fault
from seed.read.content import Content, check_encoding, encoding_of
from seed.read.sheet import Bounds, How, Row, Sheet, checked_header, counted, refused

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SNIFFED_ROWS = 30
_SNIFFED_CHARACTERS = 1 << 16
# Spreadsheets write the delimiter in a first line of its own, and understand it.
_SEPARATOR_LINE = "sep="


def open_delimited(content: Content, how: How) -> Iterator[Sheet]:
    """The one sheet of a CSV file; its encoding and delimiter are detected unless told."""
    encoding = how.encoding or encoding_of(content)
    if how.encoding:
        check_encoding(content, encoding)
    with _text(content, encoding) as stream:
        skipped, delimiter = _before_header(stream, how)
    reader = _Reader(content, encoding, delimiter, skipped)
    header_row, header = reader.header()
    yield Sheet(
        name=content.name,
        encoding=encoding,
        dialect=f"CSV, {DELIMITERS.get(delimiter, repr(delimiter))}",
        header=header,
        header_row=header_row,
        read=lambda: counted(content.name, reader.rows(header_row, header), content.bounds),
    )


@contextmanager
def _text(content: Content, encoding: str) -> Iterator[TextIO]:
    with content.open() as opened, io.TextIOWrapper(opened, encoding, newline="") as text:
        yield text


def _before_header(stream: TextIO, how: How) -> tuple[int, str]:
    """How many lines stand in front of the header, and the delimiter."""
    skipped = (how.header_row or 1) - 1
    for _ in range(skipped):
        stream.readline(_SNIFFED_CHARACTERS)
    sample = stream.read(_SNIFFED_CHARACTERS)
    first = sample.lstrip("\ufeff").partition("\n")[0].strip()
    if first.lower().startswith(_SEPARATOR_LINE) and len(first) == len(_SEPARATOR_LINE) + 1:
        return skipped + 1, how.delimiter or first[-1]
    return skipped, how.delimiter or _sniff(sample)


def _sniff(sample: str) -> str:
    """The delimiter that cuts the first rows into most columns, and all into as many."""
    lines = sample.splitlines(keepends=True)
    if len(sample) == _SNIFFED_CHARACTERS and len(lines) > 1:
        lines.pop()
    return max(DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), _SNIFFED_ROWS) if row]
    except csv.Error:
        return False, 0, 0
    width = len(rows[0]) if rows else 0
    alike = sum(len(row) == width for row in rows)
    return width > 1, alike / len(rows) if rows else 0, width


class _Lines:
    """Lines of a stream. Those of the row that is being read are held, to tell what is wrong."""

    def __init__(self, stream: TextIO, bounds: Bounds, number: int) -> None:
        self._stream = stream
        self._bounds = bounds
        self._again: deque[str] = deque()
        self.number = number
        self.held: list[str] = []

    def lines(self) -> Iterator[str]:
        """Each line. csv.Error at one that is too long, or at too many lines of a row."""
        again, held, bounds = self._again, self.held, self._bounds
        most, most_lines = bounds.row_characters, bounds.row_lines
        while line := again.popleft() if again else self._read():
            self.number += 1
            held.append(line)
            if len(line) > most or len(held) > most_lines:
                raise csv.Error
            yield line

    def _read(self) -> str:
        most = self._bounds.row_characters
        line = self._stream.readline(most + 1)
        if len(line) > most:
            # What is too long is not kept.
            rest = line
            while len(rest) > most and not rest.endswith("\n"):
                rest = self._stream.readline(most + 1)
        return line

    def take_back(self) -> bool:
        """Reads all but the first of the lines held again; false if it was the only one."""
        again = self.held[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        return bool(again)


class _Reader:
    """Reads the rows of one file of a known dialect."""

    def __init__(self, content: Content, encoding: str, delimiter: str, skipped: int) -> None:
        self._content = content
        self._encoding = encoding
        self._delimiter = delimiter
        self._skipped = skipped

    def header(self) -> tuple[int, tuple[str, ...]]:
        """The row of the header and the names in it."""
        for row in self._raw(()):
            if isinstance(row, Fault):
                raise refused(row.file, row.row, row.column, row.value, row.reason)
            number, cells = row
            if any(map(str.strip, cells)):
                name, bounds = self._content.name, self._content.bounds
                return number, checked_header(name, number, cells, bounds)
        raise refused(self._content.name, 0, "", "", "is empty; write a header and rows")

    def rows(self, header_row: int, header: tuple[str, ...]) -> Iterator[Row]:
        """The rows behind the header; what only holds delimiters is left out."""
        width = len(header)
        for row in self._raw(header):
            if isinstance(row, Fault):
                yield row
                continue
            number, cells = row
            if number == header_row or not any(cells):
                continue
            if len(cells) > width and not any(cells[width:]):
                del cells[width:]
            yield number, cells

    def _raw(self, header: tuple[str, ...]) -> Iterator[Row]:
        """Every row with the line that it starts on, or its fault."""
        unclosed = 0
        with _text(self._content, self._encoding) as stream:
            for _ in range(self._skipped):
                stream.readline()
            lines = _Lines(stream, self._content.bounds, self._skipped)
            reader = self._rows_of(lines)
            held = lines.held
            while True:
                start = lines.number + 1
                held.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield self._fault(start, held, header)
                    reader = self._rows_of(lines)
                    if lines.take_back():
                        unclosed += 1
                        self._check_unclosed(start, unclosed)
                    continue
                yield start, cells

    def _rows_of(self, lines: _Lines) -> Iterator[list[str]]:
        return csv.reader(lines.lines(), delimiter=self._delimiter, strict=True)

    def _check_unclosed(self, line: int, unclosed: int) -> None:
        if unclosed > self._content.bounds.unclosed_quotes:
            reason = "is one of too many quotes that nothing closes; export the file again"
            raise refused(self._content.name, line, "", "", reason)

    def _fault(self, line: int, held: list[str], header: tuple[str, ...]) -> Fault:
        most = self._content.bounds.row_characters
        index, value, reason = _diagnosis(held, self._delimiter, most)
        column = header[index] if index < len(header) else f"column {index + 1}"
        return fault(self._content.name, line, column, value, reason)


def _diagnosis(held: list[str], delimiter: str, most: int) -> tuple[int, str, str]:
    """Which column of a row cannot be read, how it begins, and why."""
    limit = csv.field_size_limit()
    # A quote that nothing closes is looked for in its own line.
    text = held[0]
    place = 0
    for index in range(len(text)):
        is_quoted = text.startswith('"', place)
        end = _closing(text, place + 1) if is_quoted else _next(text, delimiter, place)
        value = text[place : min(end, place + 60)].rstrip("\r\n")
        if end - place > min(limit, most):
            return index, value, f"is too long; write at most {limit:,} characters"
        if is_quoted and end >= len(text):
            return index, value, "opens a quote that nothing closes; close it, or double it"
        if is_quoted and text[end + 1 : end + 2] not in (delimiter, "\r", "\n", ""):
            reason = "is not CSV; quote a cell with commas or quotes, and double its quotes"
            return index, value, reason
        place = end + (2 if is_quoted else 1)
        if place > len(text) or text[place - 1] in "\r\n":
            break
    return 0, text[:60], f"is too long a row; write at most {most:,} characters"


def _closing(text: str, place: int) -> int:
    """Where a quoted cell ends; the length of the text if it does not."""
    while (end := text.find('"', place)) >= 0:
        if text[end + 1 : end + 2] != '"':
            return end
        place = end + 2
    return len(text)


def _next(text: str, delimiter: str, place: int) -> int:
    end = text.find(delimiter, place)
    return len(text) if end < 0 else end
