"""CSV of any dialect as a sheet: comma, semicolon, tab or bar, detected; each fault in its row."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, count, islice
from typing import TextIO

from seed.faults import Fault, fault
from seed.read.content import Content, check_encoding, encoding_of
from seed.read.sheet import (
    PART_CHARACTERS,
    Bounds,
    How,
    Row,
    Sheet,
    checked_header,
    counted,
    refused,
)

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
        read=lambda: counted(content.name, reader.parts(header_row, header), content.bounds),
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
    """Lines of a stream, read by the page. Those of a row are held, to tell what is wrong."""

    def __init__(self, stream: TextIO, bounds: Bounds, number: int) -> None:
        self._stream = stream
        self._bounds = bounds
        self.number = number
        self.page = ""
        self.waiting: deque[str] = deque()
        self.held: list[str] = []
        self.unclosed = 0

    def turn(self) -> bool:
        """Reads the next page, which ends with a line; false if there is none."""
        text = self._stream.read(PART_CHARACTERS)
        self.page = text and text + self._line()
        return bool(text)

    def split(self) -> bool:
        """Lets the lines of the page wait; false if it is empty."""
        most = self._bounds.row_characters
        for line in io.StringIO(self.page, newline=""):
            self.waiting.append(line[: most + 1])
        return bool(self.page)

    def _line(self) -> str:
        """What is left of a line; what is too long is not kept."""
        most = self._bounds.row_characters
        line = rest = self._stream.readline(most + 1)
        while len(rest) > most and not rest.endswith("\n"):
            rest = self._stream.readline(most + 1)
        return line

    def lines(self) -> Iterator[str]:
        """Each line. csv.Error at one that is too long, or at too many lines of a row."""
        waiting, held, bounds = self.waiting, self.held, self._bounds
        most, most_lines = bounds.row_characters, bounds.row_lines
        while waiting or (self.turn() and self.split()):
            line = waiting.popleft()
            self.number += 1
            held.append(line)
            if len(line) > most or len(held) > most_lines:
                raise csv.Error
            yield line

    def take_back(self) -> bool:
        """Lets all but the first of the lines held wait again; false if it was the only one."""
        again = self.held[1:]
        self.waiting.extendleft(reversed(again))
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
        for row in chain.from_iterable(self._pages(0, ())):
            if isinstance(row, Fault):
                raise refused(row.file, row.row, row.column, row.value, row.reason)
            number, cells = row
            if any(map(str.strip, cells)):
                name, bounds = self._content.name, self._content.bounds
                return number, checked_header(name, number, cells, bounds)
        raise refused(self._content.name, 0, "", "", "is empty; write a header and rows")

    def parts(self, header_row: int, header: tuple[str, ...]) -> Iterator[list[Row]]:
        """The rows behind the header; what only holds delimiters is left out."""
        return filter(None, map(list, self._pages(header_row, header)))

    def _pages(self, header_row: int, header: tuple[str, ...]) -> Iterator[Iterable[Row]]:
        """The rows of each page with the line that they start on, or their faults."""
        with _text(self._content, self._encoding) as stream:
            for _ in range(self._skipped):
                stream.readline()
            lines = _Lines(stream, self._content.bounds, self._skipped)
            while lines.turn():
                first, rows = lines.number + 1, self._at_once(lines.page)
                lines.number += len(rows)
                if first > header_row and _are_tidy(rows, len(header)):
                    yield zip(count(first), rows)
                else:
                    found = zip(count(first), rows) if rows else self._one_by_one(lines, header)
                    yield _tidied(found, header_row, len(header))

    def _at_once(self, page: str) -> list[list[str]]:
        """The rows of a page, if each of its lines is one; else none."""
        lines = _split(page)
        longest, most = max(map(len, lines)), self._content.bounds.row_characters
        if longest >= most:
            return []
        cut = self._cut(lines)
        if '"' not in page and longest < csv.field_size_limit():
            # Twice as fast, where no quote can make a difference.
            return [line.split(self._delimiter) for line in lines]
        try:
            rows = [*cut]
        except csv.Error:
            return []
        return rows if len(rows) == len(lines) else []

    def _one_by_one(self, lines: _Lines, header: tuple[str, ...]) -> Iterator[Row]:
        """Rows and faults until no line waits; what goes over several lines is explained here."""
        lines.split()
        cut = self._cut(lines.lines())
        while lines.waiting:
            start = lines.number + 1
            lines.held.clear()
            try:
                cells = next(cut)
            except csv.Error:
                yield self._fault(start, lines.held, header)
                cut = self._cut(lines.lines())
                if lines.take_back():
                    lines.unclosed += 1
                    self._check_unclosed(start, lines.unclosed)
            else:
                yield start, cells

    def _cut(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _check_unclosed(self, line: int, unclosed: int) -> None:
        if unclosed > self._content.bounds.unclosed_quotes:
            reason = "is one of too many quotes that nothing closes; export the file again"
            raise refused(self._content.name, line, "", "", reason)

    def _fault(self, line: int, held: list[str], header: tuple[str, ...]) -> Fault:
        most = self._content.bounds.row_characters
        index, value, reason = _diagnosis(held, self._delimiter, most)
        column = header[index] if index < len(header) else f"column {index + 1}"
        return fault(self._content.name, line, column, value, reason)


def _split(page: str) -> list[str]:
    """The lines of a page without their ends, which the three kinds of systems write."""
    if "\r" in page:
        page = page.replace("\r\n", "\n").replace("\r", "\n")
    return page.removesuffix("\n").split("\n")


def _are_tidy(rows: list[list[str]], width: int) -> bool:
    return set(map(len, rows)) == {width} and all(map(any, rows))


def _tidied(rows: Iterable[Row], header_row: int, width: int) -> Iterator[Row]:
    """The rows behind the header that are not empty, without empty cells behind its columns."""
    for row in rows:
        if not isinstance(row, Fault):
            number, cells = row
            if number == header_row or not any(cells):
                continue
            if len(cells) > width and not any(cells[width:]):
                del cells[width:]
        yield row


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
