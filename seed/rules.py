"""What must hold within one row, beyond each of its cells; `seed.check` looks across rows."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from seed import files
from seed.faults import Fault, fault
from seed.files import File
from seed.records import Record

Key = tuple[Any, ...]


Rule = Callable[[Record], Iterator[Fault]]


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
    when = record["as_of"] or record["year"] or ""
    return f"{record['initiative']}/{record['name_fr']}/{when}"


def printed(key: Key) -> str:
    """A key as a person reads it."""
    return " ".join(str(part) for part in key if part is not None)


def _pairs(file: File) -> Iterator[tuple[str, ...]]:
    """Columns that are all written or none; of those that are required a cell tells it."""
    for reference in file.references:
        columns = reference.columns
        if len(columns) > 1 and not all(file.columns[name].is_required for name in columns):
            yield columns


def _half_reference(file: File, columns: tuple[str, ...], record: Record) -> Iterator[Fault]:
    empty = [column for column in columns if record[column] is None]
    if empty and len(empty) < len(columns) and not file.columns[empty[0]].is_required:
        reason = f"is empty; write all of {' and '.join(columns)}, or none"
        yield fault(file.name, record.line, empty[0], "", reason)


def _named_source(record: Record) -> Iterator[Fault]:
    if record["url"] is not None and record["url"] != record["key"]:
        reason = "is not the key; write the same address in both, or leave url empty"
        yield fault(files.SOURCES.name, record.line, "url", record["url"], reason)


def _follower_in_front(record: Record) -> Iterator[Fault]:
    if record["position"] == 0 and record["role"] == "PARTNER":
        reason = "stands first; give position 0 to a LEAD"
        yield fault(files.HOLDERS.name, record.line, "role", record["role"], reason)


def _half_qualified(record: Record) -> Iterator[Fault]:
    if record["qualifier_kind"] and not record["qualifier"]:
        reason = "has no printed words; write them in qualifier"
        kind = record["qualifier_kind"]
        yield fault(files.METRICS.name, record.line, "qualifier_kind", kind, reason)


_RULES: dict[str, Rule] = {
    files.SOURCES.name: _named_source,
    files.HOLDERS.name: _follower_in_front,
    files.METRICS.name: _half_qualified,
}
