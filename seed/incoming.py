"""Files of others as the rows of a list: by native columns, or by a mapping; names become codes."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as Given
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from graph.domain.codes import Role
from seed import files, typed
from seed.check import Input
from seed.faults import Fault, fault
from seed.feed import Feed
from seed.files import TABLES, File
from seed.load import List
from seed.mapping import Mapping
from seed.names import Names
from seed.native import table_of
from seed.quarantine import UNSPLIT, Refused
from seed.read import How, Sheet, open_sheets
from seed.read.sheet import in_parts
from seed.records import Part, Record, parts_of

_CHUNK = 1 << 20
_JOIN = " ; "
_NAMES = re.compile(r"\s*[;|\n]\s*")


class NativeSheet:
    """A sheet whose columns are those of a native table."""

    def __init__(self, sheet: Sheet, table: str, source: str) -> None:
        file = TABLES[table]
        self.name = sheet.name
        self.table = table
        self.files: tuple[File, ...] = (file,)
        self.sheet = sheet
        self._defaults = {"source": source} if "source" in file.columns else {}

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        """The rows in their order, and what is wrong with their cells."""
        (file,) = self.files
        for row in typed.records(file, self.sheet, self._defaults, keep_faulty=True):
            yield row if isinstance(row, Fault) else (file, row)

    def parts(self) -> Iterator[Part]:
        """The same, some rows at once."""
        (file,) = self.files
        return typed.parts(file, self.sheet, self._defaults)

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Some rows as they stand there: text by column."""
        return _cells(self.sheet, lines)


class MappedSheet:
    """A sheet of other columns, with the mapping that reads it."""

    table = ""

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.name = sheet.name
        self.files: tuple[File, ...] = tuple(
            dict.fromkeys(TABLES[block.table] for block in mapping.blocks)
        )
        self.sheet = sheet
        self._mapping = mapping

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        """The rows in their order, and what is wrong with their cells."""
        for row in self._mapping.records(self.sheet):
            yield row if isinstance(row, Fault) else (TABLES[row[0]], row[1])

    def parts(self) -> Iterator[Part]:
        """The same, some rows at once."""
        return parts_of(self.records())

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Some rows as they stand there: text by column."""
        return _cells(self.sheet, lines)


def _cells(sheet: Sheet, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
    for row in sheet.rows() if lines else ():
        if isinstance(row, Fault):
            number, cells = row.row, {UNSPLIT: row.value}
        else:
            number, texts = row
            cells = dict(zip(sheet.header, texts, strict=False))
            if len(texts) != len(sheet.header):
                cells = {UNSPLIT: _JOIN.join(texts)}
        if number in lines:
            yield number, cells


# The column of printed names, the table whose rows they become, and what owns them there.
_NAMED = {
    files.AWARDS.name: ("laureates", files.LAUREATES, "award", "key"),
    files.INITIATIVES.name: ("holders", files.HOLDERS, "initiative", "slug"),
}


class NamedInput:
    """An input whose printed names become rows with official codes.

    A name that is not certain is a fault of its row, and goes on the review list.
    """

    def __init__(self, given: NativeSheet | MappedSheet, names: Names) -> None:
        self.name = given.name
        self.table = given.table
        made = [_NAMED[file.name][1] for file in given.files if file.name in _NAMED]
        self.files: tuple[File, ...] = tuple(dict.fromkeys((*given.files, *made, files.BODIES)))
        self._given = given
        self._names = names

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        """The rows in their order, those of names behind the row that prints them."""
        bodies: set[str] = set()
        for row in self._given.records():
            yield row
            if isinstance(row, Fault) or row[0].name not in _NAMED:
                continue
            file, record = row
            column, part, owner, key = _NAMED[file.name]
            text, hint = record.pop(column, None), record.pop(f"{column}_departement", None)
            if text and record[key]:
                for position, name in enumerate(filter(None, _NAMES.split(text))):
                    yield from self._named(
                        part, record, {owner: record[key], "position": position}, name, hint, bodies
                    )

    def parts(self) -> Iterator[Part]:
        """The same, some rows at once."""
        return parts_of(self.records())

    def _named(  # noqa: PLR0913, PLR0917  # what one name is told with
        self,
        part: File,
        record: Record,
        given: dict[str, Any],
        name: str,
        hint: str | None,
        bodies: set[str],
    ) -> Iterator[tuple[File, Record] | Fault]:
        decision = self._names.decide(name, hint, record.get("year"))
        if not decision.is_sure or decision.kind is None:
            yield fault(self.name, record.line, _column(part), name, self._names.doubt(decision))
            return
        body = decision.body
        if body and body.slug not in bodies:
            bodies.add(body.slug)
            values = {
                "kind": files.BODIES.constants["kind"],
                "code": body.slug,
                "sub_kind": body.sub_kind,
                "name": body.name,
                "parent_kind": body.parent_kind and body.parent_kind.value,
                "parent_code": body.parent_code,
                "is_current": True,
                "successor_kind": None,
                "successor_code": None,
                "note": None,
            }
            yield files.BODIES, _record(record.line, values)
        place = {"kind": decision.kind.value, "code": decision.code}
        if part is files.LAUREATES:
            printed = {"name_as_printed": name, "service": None}
        else:
            printed = {"role": Role.LEAD.value}
        yield part, _record(record.line, given | place | printed)

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Some rows as they stand there: text by column."""
        return self._given.cells(lines)


def _column(part: File) -> str:
    return next(column for column, made, _, _ in _NAMED.values() if made is part)


def _record(line: int, values: Given[str, Any]) -> Record:
    record = Record(values)
    record.line = line
    return record


def sheets_of(path: Path, how: How | None) -> list[Sheet]:
    """The sheets of a file or a folder. BrokenData if one cannot be read as a list."""
    return list(open_sheets(path, how))


def native(
    sheets: Sequence[Sheet], feed: Feed, names: Names, table: str | None = None
) -> list[Input]:
    """The inputs of sheets that have native columns; the list is the source of rows without one."""
    inputs: list[Input] = []
    for sheet in sheets:
        given = NativeSheet(sheet, table_of(sheet, table), feed.key)
        (file,) = given.files
        has_names = file.name in _NAMED and _NAMED[file.name][0] in sheet.header
        inputs.append(NamedInput(given, names) if has_names else given)
    return inputs


def kept(
    refused: Sequence[Refused], feed: Feed, names: Names, mapping: Mapping | None
) -> list[Input]:
    """The inputs of rows in quarantine, as they stood in their files."""
    groups: defaultdict[tuple[str, str, tuple[str, ...]], list[Refused]] = defaultdict(list)
    for row in refused:
        groups[row.file, row.table, tuple(row.cells)].append(row)
    inputs: list[Input] = []
    for (file, table, header), rows in groups.items():
        again = [(row.line, [*row.cells.values()]) for row in rows]
        sheet = Sheet(file, None, "quarantine", header, 1, partial(in_parts, again))
        if table:
            inputs += native([sheet], feed, names, table)
        elif mapping is None:
            raise ValueError("these rows were read by a mapping; write --mapping FILE")
        else:
            inputs += mapped([sheet], mapping, names)
    return inputs


def mapped(sheets: Sequence[Sheet], mapping: Mapping, names: Names) -> list[Input]:
    """The inputs of sheets that a mapping reads."""
    return [NamedInput(MappedSheet(sheet, mapping), names) for sheet in sheets]


def listed(
    path: Path, feed: Feed, inputs: Sequence[Input], *more: Path, retrieved_on: str | None = None
) -> List:
    """The list of a file or a folder; its digest is of all that is said and of all bytes.

    Those of `more` are bytes as well. `retrieved_on` is the day when they were fetched.
    """
    digest = sha256(f"{feed}\n".encode())
    for file in _files(path, *more):
        digest.update(f"{file.name}\n".encode())
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
    return List(feed, inputs, digest.hexdigest(), retrieved_on)


def _files(*paths: Path) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.is_file())
        else:
            yield path
