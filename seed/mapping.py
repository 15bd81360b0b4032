"""Mappings: how the columns of somebody's list become the fields of native tables, in TOML.

    [feed]                      whose list it is: key, title, publisher, licence …
    [read]                      how the file is read: encoding, delimiter, sheet, header_row …
    [[skip]]                    rows that are not meant
    [values.NAME]               words of the list and what they are here
    [TABLE] or [[TABLE]]        a row of a native table for each row of the list

docs/import.md tells all of it by example.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.domain.text import fold
from seed import cells
from seed.expressions import Field, Misused, Unreadable, field_of, pieces_of, separators_of
from seed.faults import BrokenData, Fault, fault
from seed.files import TABLES
from seed.habits import did_you_mean
from seed.read import How, Sheet
from seed.records import Record
from seed.typed import Reader, cleaned

_MAX_BYTES = 1 << 20
_FEED = {
    "key": str,
    "title": str,
    "publisher": str,
    "licence_name": str,
    "licence_url": str,
    "url": str,
    "rank": int,
    "retrieved_on": str,
}
_READ = {
    "encoding": str,
    "delimiter": str,
    "sheet": (str, int),
    "header_row": int,
    "items": str,
    "missing": list,
}
_CONDITION = {"column": str, "is": list, "is_not": list, "matches": str}
_BLOCK = ("when", "each", "once")
_SECTIONS = ("feed", "read", "skip", "values", *TABLES)
KEYS = (*_FEED, *_READ, *_CONDITION, *_BLOCK)
# What `each` gives to the fields of its block: the number of the part, from 0.
POSITION = "@position"
_AT_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)")
# The parts of a row that is not cut: one, in which nothing is other than in the row.
_WHOLE: list[dict[str, str]] = [{}]
_ANY_DAY = "2026-01-31"
# So many different rows of a `once` block are told apart; there are few prizes and editions.
_ONCE_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Native:
    """A row of a native table as text. `shown` is what the list calls the columns."""

    table: str
    line: int
    cells: dict[str, str]
    shown: Given[str, str]


@dataclass(frozen=True)
class _Condition:
    column: str
    words: frozenset[str]
    is_among: bool
    pattern: re.Pattern[str] | None

    def holds(self, made: Given[str, str]) -> bool:
        text = made[self.column]
        if self.pattern:
            return self.pattern.search(text) is not None
        return (fold(text) in self.words) is self.is_among


@dataclass(frozen=True)
class _Each:
    """Joint cells that are cut alike; the fields of a block see a part of each."""

    columns: Sequence[str]
    split: Sequence[str]
    keep: Sequence[str]


@dataclass(frozen=True)
class _Block:
    """One row of a native table for each row of the list."""

    table: str
    fields: Given[str, Field]
    when: tuple[_Condition, ...]
    each: _Each | None
    is_once: bool
    shown: Given[str, str] = field(default_factory=dict)

    def needs(self) -> Iterator[str]:
        """The columns and fields that it is made of, in order."""
        for condition in self.when:
            yield condition.column
        if self.each:
            yield from self.each.columns
        for declared in self.fields.values():
            yield from declared.needs


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says. `feed` are the facts of the source that the list is."""

    name: str
    feed: dict[str, Any]
    how: How
    missing: frozenset[str]
    skip: tuple[_Condition, ...]
    blocks: tuple[_Block, ...]

    def rows(self, sheet: Sheet) -> Iterator[Native | Fault]:
        """The native rows that each row of a list gives, in the order of the mapping.

        BrokenData if the list lacks a column that the mapping names.
        """
        return _Bound(self, sheet).rows()

    def records(self, sheet: Sheet) -> Iterator[tuple[str, Record] | Fault]:
        """The same as typed records, each with its native table; faults name the list's columns."""
        source = self.feed.get("key")
        defaults = {"source": source} if source else {}
        readers = {block.table: Reader(TABLES[block.table], defaults) for block in self.blocks}
        for native in self.rows(sheet):
            if isinstance(native, Fault):
                yield native
                continue
            reader = readers[native.table]
            record, faults = reader.record(sheet.name, native.line, native.cells, native.shown)
            if faults:
                yield from faults
            else:
                yield native.table, record


def load_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. BrokenData with every fault, its line and the remedy."""
    try:
        content = path.read_bytes()
    except OSError:
        raise BrokenData([fault(path.name, 0, "", "", "cannot be read; write its path")]) from None
    if len(content) > _MAX_BYTES:
        raise BrokenData([fault(path.name, 0, "", "", "is too long; a mapping has a page")])
    try:
        text = content.decode()
        given = tomllib.loads(text)
    except UnicodeDecodeError:
        raise BrokenData([fault(path.name, 0, "", "", "is not UTF-8; save it as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _AT_LINE.search(said)
        reason = f"is no TOML ({_AT_LINE.sub('', said)}); put texts in quotes"
        raise BrokenData([fault(path.name, int(at[1]) if at else 0, "", "", reason)]) from None
    return _Loader(path.name, text, given).mapping()


class _Loader:
    """Reads the parts of a mapping; all that is wrong is told at once."""

    def __init__(self, name: str, text: str, given: dict[str, Any]) -> None:
        self._name = name
        self._lines = text.splitlines()
        self._given = given
        self._faults: list[Fault] = []
        self._values: dict[str, dict[str, str]] = {}

    def mapping(self) -> Mapping:
        """The mapping; BrokenData if anything is wrong with it."""
        for key in self._given:
            if key not in _SECTIONS:
                meant = did_you_mean(key, _SECTIONS) or f"write one of {', '.join(_SECTIONS)}"
                self._fault((key,), f"is not known; {meant}")
        self._values = self._checked_values()
        feed, read = self._section("feed", _FEED), self._section("read", _READ)
        if "key" not in feed or "title" not in feed:
            self._fault(("feed",), "is missing or lacks its key or title; write both")
        try:
            cells.DATE.read(feed.get("retrieved_on", _ANY_DAY))
        except ValueError as error:
            self._fault(("feed", "retrieved_on"), str(error))
        blocks = tuple(self._blocks())
        if not blocks:
            self._fault((), f"maps nothing; write a table such as [award], of {', '.join(TABLES)}")
        skip = self._conditions(self._given.get("skip", []), ("skip",))
        missing = read.pop("missing", [])
        sheet = read.pop("sheet", None)
        if self._faults:
            raise BrokenData(self._faults)
        return Mapping(
            name=self._name,
            feed=feed,
            how=How(sheet=None if sheet is None else str(sheet), **read),
            missing=frozenset(map(str, missing)),
            skip=skip,
            blocks=blocks,
        )

    def _fault(self, path: Sequence[str], reason: str) -> None:
        line = _line_of(self._lines, path)
        self._faults.append(fault(self._name, line, ".".join(path), "", reason))

    def _section(self, name: str, known: Given[str, Any]) -> dict[str, Any]:
        given = self._given.get(name, {})
        return self._checked(given, known, (name,))

    def _checked(self, given: Any, known: Given[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """The keys of a table that are known and of the right type."""
        if not isinstance(given, dict):
            self._fault(path, "is no table; write keys and values below it")
            return {}
        sound = {}
        for key, value in given.items():
            if key not in known:
                meant = did_you_mean(key, known) or f"write one of {', '.join(known)}"
                self._fault((*path, key), f"is not known; {meant}")
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self._fault((*path, key), f"is not {_named(known[key])}")
            else:
                sound[key] = value
        return sound

    def _checked_values(self) -> dict[str, dict[str, str]]:
        values = self._given.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(t, dict) for t in values.values()):
            self._fault(
                ("values",), 'is no table of tables; write [values.level] and "Or" = "GOLD"'
            )
            return {}
        return values

    def _conditions(self, given: Any, path: tuple[str, ...]) -> tuple[_Condition, ...]:
        made = []
        for each in given if isinstance(given, list) else [given]:
            sound = self._checked(each, _CONDITION, path)
            tests = [key for key in ("is", "is_not", "matches") if key in sound]
            if "column" not in sound or len(tests) != 1:
                self._fault(path, "needs a column and one of is, is_not, matches")
                continue
            pattern = self._pattern(sound.get("matches"), (*path, "matches"))
            words = frozenset(fold(str(word)) for word in sound.get(tests[0], ()))
            made.append(_Condition(sound["column"], words, tests[0] == "is", pattern))
        return tuple(made)

    def _pattern(self, given: str | None, path: tuple[str, ...]) -> re.Pattern[str] | None:
        try:
            return None if given is None else re.compile(given)
        except re.error as error:
            self._fault(path, f"is no pattern ({error})")
            return None

    def _blocks(self) -> Iterator[_Block]:
        for table, given in self._given.items():
            if table in TABLES:
                for block in given if isinstance(given, list) else [given]:
                    if isinstance(block, dict):
                        yield self._block(table, block)
                    else:
                        self._fault((table,), "is no table; write fields below it")

    def _block(self, table: str, given: dict[str, Any]) -> _Block:
        columns = TABLES[table].readable
        fields = {}
        for name, declared in given.items():
            if name in _BLOCK:
                continue
            if name not in columns:
                known = (*columns, *_BLOCK)
                meant = did_you_mean(name, known) or f"write one of {', '.join(known)}"
                self._fault((table, name), f"is not known; {meant}")
                continue
            try:
                fields[name] = field_of(declared, self._values)
            except Misused as error:
                path = (table, name, error.key) if error.key else (table, name)
                self._fault(path, str(error))
        default = {"source": ""} if "key" in self._given.get("feed", {}) else {}
        for lacking in Reader(TABLES[table], default).lacking([*given]):
            self._fault((table,), f"lacks the field {lacking}; say where it comes from")
        return _Block(
            table,
            fields,
            self._conditions(given.get("when", []), (table, "when")),
            self._each(given.get("each"), (table, "each")),
            given.get("once") is True,
            {name: declared.shown or f"{table}.{name}" for name, declared in fields.items()},
        )

    def _each(self, given: Any, path: tuple[str, ...]) -> _Each | None:
        if given is None:
            return None
        known = {"column": str, "columns": list, "split": (str, list), "keep": list}
        sound = self._checked(given, known, path)
        try:
            split, keep = separators_of(sound)
        except Misused as error:
            self._fault((*path, error.key), str(error))
            return None
        columns = sound.get("columns") or [sound[key] for key in ("column",) if key in sound]
        if not columns or not all(isinstance(c, str) for c in columns) or not split:
            self._fault(path, 'needs a column, or columns, and split, such as [" et "]')
            return None
        return _Each(columns, split, keep)


def _parts(each: _Each, made: Given[str, str]) -> list[dict[str, str]]:
    """The parts of joint cells, side by side. Unreadable if one has more than another."""
    pieces = [pieces_of(made[column], each.split, each.keep) for column in each.columns]
    for column, own in zip(each.columns, pieces, strict=True):
        if len(own) != len(pieces[0]):
            reason = (
                f"has {len(own)} parts, but {each.columns[0]} has {len(pieces[0])}; correct one"
            )
            raise Unreadable(made[column], reason)
    return [
        {**dict(zip(each.columns, part, strict=True)), POSITION: str(position)}
        for position, part in enumerate(zip(*pieces, strict=True))
    ]


def _named(kind: Any) -> str:
    if isinstance(kind, tuple):
        return " or ".join(map(_named, kind))
    return {str: "a text in quotes", int: "a number", list: "a list in brackets"}[kind]


def _line_of(lines: Sequence[str], path: Sequence[str]) -> int:
    """The line where a key stands, as well as can be told; 0 if it is not found."""
    found = 0
    section = False
    for number, line in enumerate(lines, 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if header:
            section = bool(path) and header[1].split(".")[0] == path[0]
            found = found or (number if section else 0)
            if section and header[1] == ".".join(path):
                return number
        elif section and len(path) > 1 and re.match(rf"\s*\"?{re.escape(path[1])}\"?\s*[=.]", line):
            return number
    return found


class _Bound:
    """A mapping whose columns were found in a sheet."""

    def __init__(self, mapping: Mapping, sheet: Sheet) -> None:
        self._mapping = mapping
        self._sheet = sheet
        self._used: dict[str, int] = {}
        # Those of a block that is left out are empty for the blocks behind it.
        self._fields = [
            f"{block.table}.{name}" for block in mapping.blocks for name in block.fields
        ]
        self._seen: dict[tuple[str, ...], tuple[int, int]] = {}
        faults = [*self._missing()]
        if faults:
            raise BrokenData(faults)

    def rows(self) -> Iterator[Native | Fault]:
        """The native rows of each row that is not skipped."""
        width = len(self._sheet.header)
        unused = [name for name in self._sheet.header if name and name not in self._used]
        note = f"columns that the mapping does not use: {', '.join(unused)}"
        if unused and note not in self._sheet.notes:
            self._sheet.notes.append(note)
        for row in self._sheet.rows():
            if isinstance(row, Fault):
                yield row
                continue
            line, cells = row
            if len(cells) != width:
                reason = f"has {len(cells)} cells; write {width}"
                yield fault(self._sheet.name, line, "", "", reason)
                continue
            yield from self._of_row(line, cells)

    def _of_row(self, line: int, cells: list[str]) -> Iterator[Native | Fault]:
        made = dict.fromkeys(self._fields, "")
        for name, place in self._used.items():
            try:
                text = cleaned(cells[place])
            except ValueError as error:
                yield fault(self._sheet.name, line, name, cells[place], str(error))
                return
            made[name] = "" if text in self._mapping.missing else text
        if any(condition.holds(made) for condition in self._mapping.skip):
            return
        for block in self._mapping.blocks:
            yield from self._of_block(block, line, made)

    def _of_block(self, block: _Block, line: int, made: dict[str, str]) -> Iterator[Native | Fault]:
        if not all(condition.holds(made) for condition in block.when):
            return
        try:
            parts = _parts(block.each, made) if block.each else _WHOLE
        except Unreadable as error:
            yield fault(self._sheet.name, line, block.table, error.value, str(error))
            return
        for part in parts:
            seen = {**made, **part} if part else made
            native: Native | Fault | None = self._native(block, line, seen)
            if part and isinstance(native, Native):
                made.update((f"{block.table}.{name}", cell) for name, cell in native.cells.items())
            if isinstance(native, Native) and block.is_once:
                native = self._first(native)
            if native is not None:
                yield native

    def _native(self, block: _Block, line: int, made: dict[str, str]) -> Native | Fault:
        cells = {}
        for name, declared in block.fields.items():
            try:
                text = declared.make(made)
            except Unreadable as error:
                column = block.shown[name]
                return fault(self._sheet.name, line, column, error.value, str(error))
            cells[name] = made[f"{block.table}.{name}"] = text
        return Native(block.table, line, cells, block.shown)

    def _first(self, native: Native) -> Native | Fault | None:
        """The row if its key is new; a fault if the key was given with other cells before."""
        key = (native.table, *(native.cells.get(name, "") for name in TABLES[native.table].key))
        digest = hash(tuple(native.cells.items()))
        if key not in self._seen:
            if len(self._seen) == _ONCE_MAX:
                reason = f"gives more than {_ONCE_MAX:,} different rows with once; leave it out"
                raise BrokenData([fault(self._mapping.name, 0, native.table, "", reason)])
            self._seen[key] = native.line, digest
            return native
        line, before = self._seen[key]
        if before == digest:
            return None
        reason = f"is not what row {line} says of the same {native.table}; correct one of them"
        return fault(self._sheet.name, native.line, native.table, " ".join(key[1:]), reason)

    def _missing(self) -> Iterator[Fault]:
        """Finds the columns; those that are named and missing are faults, as are doubtful ones."""
        header = self._sheet.header
        places = {" ".join(name.split()): place for place, name in enumerate(header)}
        known: set[str] = set()
        told: set[str] = set()
        conditions = [condition.column for condition in self._mapping.skip]
        for block, needs in (
            (None, conditions),
            *((block, [*block.needs()]) for block in self._mapping.blocks),
        ):
            items = {POSITION} if block and block.each else set()
            own = {f"{block.table}.{name}" for name in block.fields} if block else set()
            for need in needs:
                if need in places:
                    self._used[need] = places[need]
                    if header.count(need) > 1 and need not in told:
                        yield self._fault(need, "stands twice in the header; rename one")
                        told.add(need)
                elif need not in known | own | items and need not in told:
                    told.add(need)
                    meant = did_you_mean(need, header) or f"the list has {', '.join(header)}"
                    yield self._fault(need, f"is no column of the list; {meant}")
            known |= own

    def _fault(self, column: str, reason: str) -> Fault:
        return fault(self._sheet.name, self._sheet.header_row, column, "", reason)
