"""What must hold within one row, beyond each of its cells; `seed.check` looks across rows."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from seed import files
from seed.faults import Fault, fault
from seed.files import File
from seed.records import Block, Record

Key = tuple[Any, ...]


Rule = Callable[[Block], Iterator[Fault]]


def rules_of(file: File) -> tuple[Rule, ...]:
    """The rules of the rows of a file; each gives what a row breaks."""
    rule = _RULES.get(file.name)
    halves = (partial(_half_reference, file, columns) for columns in _pairs(file))
    return (*halves, rule) if rule else (*halves,)


def key_of(record: Record, columns: tuple[str, ...]) -> Key:
    """What names a record, as a tuple."""
    return tuple(map(record.__getitem__, columns))


def metric_key(record: Record) -> str:
    """What names a figure: the initiative, what was measured, and when."""
    return metric_key_of(record["initiative"], record["name_fr"], record["as_of"], record["year"])


def metric_key_of(
    initiative: str | None, name_fr: str | None, as_of: str | None, year: int | None
) -> str:
    """The same of its cells."""
    return f"{initiative}/{name_fr}/{as_of or year or ''}"


def printed(key: Key) -> str:
    """A key as a person reads it."""
    return " ".join(str(part) for part in key if part is not None)


def _pairs(file: File) -> Iterator[tuple[str, ...]]:
    """Columns that are all written or none; of those that are required a cell tells it."""
    for reference in file.references:
        columns = reference.columns
        if len(columns) > 1 and not all(file.columns[name].is_required for name in columns):
            yield columns


def _cells(block: Block, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The line of each row and some of its cells."""
    return zip(block.lines, *map(block.columns.__getitem__, columns), strict=True)


def _half_reference(file: File, columns: tuple[str, ...], block: Block) -> Iterator[Fault]:
    for line, *values in _cells(block, *columns):
        if None not in values:
            continue
        empty = [name for name, value in zip(columns, values, strict=True) if value is None]
        if len(empty) < len(columns) and not file.columns[empty[0]].is_required:
            reason = f"is empty; write all of {' and '.join(columns)}, or none"
            yield fault(file.name, line, empty[0], "", reason)


def _named_source(block: Block) -> Iterator[Fault]:
    for line, key, url in _cells(block, "key", "url"):
        if url is not None and url != key:
            reason = "is not the key; write the same address in both, or leave url empty"
            yield fault(files.SOURCES.name, line, "url", url, reason)


def _follower_in_front(block: Block) -> Iterator[Fault]:
    for line, position, role in _cells(block, "position", "role"):
        if position == 0 and role == "PARTNER":
            reason = "stands first; give position 0 to a LEAD"
            yield fault(files.HOLDERS.name, line, "role", role, reason)


def _half_qualified(block: Block) -> Iterator[Fault]:
    for line, kind, qualifier in _cells(block, "qualifier_kind", "qualifier"):
        if kind and not qualifier:
            reason = "has no printed words; write them in qualifier"
            yield fault(files.METRICS.name, line, "qualifier_kind", kind, reason)


_RULES: dict[str, Rule] = {
    files.SOURCES.name: _named_source,
    files.HOLDERS.name: _follower_in_front,
    files.METRICS.name: _half_qualified,
}
