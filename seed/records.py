"""Bytes into typed records, each with its line; every cell that cannot be read is a fault."""

import csv
import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any

from seed.faults import Fault, fault
from seed.files import File

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_PART_ROWS = 1000


class Record(dict[str, Any]):
    """A row by column name; `line` is where it stands in its file."""

    __slots__ = ("line",)
    line: int


@dataclass(frozen=True)
class Block:
    """Records of one file by columns: what takes a step a row elsewhere takes one a column here."""

    file: File
    lines: Sequence[int]
    columns: Mapping[str, Sequence[Any]]

    @classmethod
    def of(cls, file: File, records: Sequence[Record]) -> "Block":
        """The same records by columns."""
        names = (*file.columns, *file.constants)
        columns = {name: [*map(itemgetter(name), records)] for name in names}
        return cls(file, [*map(attrgetter("line"), records)], columns)

    def records(self) -> Iterator[Record]:
        """The records in their order."""
        for line, *values in zip(self.lines, *self.columns.values(), strict=True):
            record = Record(zip(self.columns, values, strict=True))
            record.line = line
            yield record


@dataclass(frozen=True)
class Part:
    """Some rows of a list as blocks; the cells at `faults` are None in them."""

    blocks: Sequence[Block]
    faults: Sequence[Fault] = ()

    @classmethod
    def of(cls, rows: Iterable[tuple[File, Record] | Fault]) -> "Part":
        """The same rows by columns; those of one table keep their order."""
        faults: list[Fault] = []
        tables: defaultdict[str, list[tuple[File, Record]]] = defaultdict(list)
        for row in rows:
            if isinstance(row, Fault):
                faults.append(row)
            else:
                tables[row[0].target].append(row)
        blocks = [
            Block.of(file, [record for _, record in same])
            for found in tables.values()
            for file, same in groupby(found, itemgetter(0))
        ]
        return cls(blocks, faults)

    def __len__(self) -> int:
        return sum(len(block.lines) for block in self.blocks) + len(self.faults)


def parts_of(rows: Iterable[tuple[File, Record] | Fault]) -> Iterator[Part]:
    """All rows, in parts."""
    remaining = iter(rows)
    while some := [*islice(remaining, _PART_ROWS)]:
        yield Part.of(some)


def parse(file: File, content: bytes | None) -> tuple[list[Record], list[Fault]]:
    """The records of a file in its order, and what is wrong with it.

    A cell at fault is None in its record; a row of another width gives no record.
    """
    if content is None:
        return [], [fault(file.name, 0, "", "", "cannot be read; put the file back")]
    try:
        text = _decode(file, content)
        return _parse(file, text)
    except _RefusedError as refused:
        return [], [refused.fault]


class _RefusedError(Exception):
    """The file cannot be read any further."""

    def __init__(self, found: Fault) -> None:
        super().__init__(str(found))
        self.fault = found


def _decode(file: File, content: bytes) -> str:
    if file.name.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            raise _RefusedError(
                fault(file.name, 0, "", "", "is damaged; compress the CSV again with gzip")
            ) from None
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        value = content[error.start : error.end]
        raise _RefusedError(
            fault(file.name, row, "", value, "is not UTF-8; save the file as UTF-8")
        ) from None
    control = _CONTROL.search(text)
    if control:
        row = text.count("\n", 0, control.start()) + 1
        reason = "is an invisible character; remove it, and end lines with LF alone"
        raise _RefusedError(fault(file.name, row, "", ascii(control[0]), reason))
    return text


def _parse(file: File, text: str) -> tuple[list[Record], list[Fault]]:
    lines = _lines(file, text)
    header = next(lines, (1, []))[1]
    if header != list(file.columns):
        return [], list(_misheaded(file, header))
    records: list[Record] = []
    faults: list[Fault] = []
    # Most cells repeat one above them, and need not be read again.
    known: list[dict[str, Any]] = [{} for _ in header]
    for line, row in lines:
        if len(row) == len(header):
            records.append(_record(file, line, row, known, faults))
        else:
            reason = f"has {len(row)} cells; write {len(header)}"
            faults.append(fault(file.name, line, "", "", reason))
    return records, faults


def _misheaded(file: File, header: list[str]) -> Iterator[Fault]:
    for column in file.columns:
        if column not in header:
            yield fault(file.name, 1, column, "", "is missing; add the column")
    for column in header:
        if column not in file.columns:
            yield fault(file.name, 1, column, "", "is not known; remove the column")
    if sorted(header) == sorted(file.columns):
        reason = f"is in another order; write {','.join(file.columns)}"
        yield fault(file.name, 1, "", ",".join(header), reason)
    elif set(header) == set(file.columns):
        yield fault(file.name, 1, "", ",".join(header), "repeats a column; write each one once")


def _lines(file: File, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    before = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"is not CSV ({error}); quote a cell with commas or quotes, double its quotes"
            raise _RefusedError(fault(file.name, reader.line_num, "", "", reason)) from None
        if reader.line_num != before + 1:
            reason = "goes over several lines; write each row on one line"
            raise _RefusedError(fault(file.name, before + 1, "", "", reason))
        before = reader.line_num
        yield before, row


def _record(
    file: File, line: int, row: Sequence[str], known: list[dict[str, Any]], faults: list[Fault]
) -> Record:
    record = Record(file.constants)
    record.line = line
    for (column, cell), text, read in zip(file.columns.items(), row, known, strict=True):
        if text in read:
            record[column] = read[text]
            continue
        record[column] = None
        if text:
            try:
                record[column] = read[text] = cell.read(_unpadded(text))
            except ValueError as error:
                faults.append(fault(file.name, line, column, text, str(error)))
        elif cell.is_required:
            faults.append(fault(file.name, line, column, "", "is empty; write a value"))
    return record


def _unpadded(text: str) -> str:
    if text[0] == " " or text[-1] == " ":
        raise ValueError("starts or ends with a space; remove it")
    return text
