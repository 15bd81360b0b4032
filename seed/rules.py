"""What must hold between rows and files: keys are unique, references lead somewhere."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from seed import files
from seed.faults import BrokenData, Fault, fault
from seed.files import FILES, File, Reference
from seed.progress import Progress, silence
from seed.records import Record, parse

Records = Mapping[str, list[Record]]
Key = tuple[Any, ...]


def sound_records(
    contents: Mapping[str, bytes | None], tell: Progress = silence
) -> dict[str, list[Record]]:
    """The records of every file; BrokenData with all that is wrong with any of them."""
    records: dict[str, list[Record]] = {}
    faults: list[Fault] = []
    unread: set[str] = set()
    for done, file in enumerate(FILES):
        tell("read files", done, len(FILES))
        records[file.name], found = parse(file, contents[file.name])
        faults += found
        if found and not records[file.name]:
            unread.add(file.target)
    faults += check(records, frozenset(unread))
    tell("read files", len(FILES), len(FILES))
    if faults:
        raise BrokenData(faults)
    return records


def check(records: Records, unread: frozenset[str] = frozenset()) -> list[Fault]:
    """Every rule that is broken. `unread` targets are unknown: nothing is said of them."""
    known = keys_by_target(records)
    found: list[Fault] = []
    for file in FILES:
        found += _duplicates(file, records)
        for reference in file.references:
            if reference.target not in unread:
                found += _dangling(file, reference, records[file.name], known[reference.target])
    found += _duplicate_bodies(records)
    found += _circles(records)
    found += _named_sources(records)
    found += _unordered(files.LAUREATES, "award", records)
    found += _unordered(files.HOLDERS, "initiative", records)
    found += _followers_in_front(records)
    found += _unwon(records, unread)
    found += _same_metrics(records)
    found += _half_qualified(records)
    return found


def key_of(record: Record, columns: tuple[str, ...]) -> Key:
    """What names a record, as a tuple."""
    return tuple(map(record.__getitem__, columns))


def reference_of(record: Record, reference: Reference) -> Key:
    """The key that a record refers to, with None where a cell is empty."""
    key = key_of(record, reference.columns)
    return key if reference.kind is None else (reference.kind.value, *key)


def keys_by_target(records: Records) -> dict[str, set[Key]]:
    """The keys that exist, by what they are keys of."""
    known: dict[str, set[Key]] = defaultdict(set)
    for file in FILES:
        known[file.target].update(key_of(record, file.key) for record in records[file.name])
    return known


def _duplicates(file: File, records: Records) -> Iterator[Fault]:
    for columns in (file.key, *file.unique):
        lines: dict[Key, int] = {}
        for record in records[file.name]:
            key = key_of(record, columns)
            if not key or None in key:
                continue
            first = lines.setdefault(key, record.line)
            if first != record.line:
                reason = f"is already on row {first}; keep one of the two"
                yield fault(file.name, record.line, columns[-1], _printed(key), reason)


def _duplicate_bodies(records: Records) -> Iterator[Fault]:
    official = {key_of(r, ("kind", "code")) for r in records[files.COLLECTIVITIES.name]}
    for record in records[files.BODIES.name]:
        if key_of(record, ("kind", "code")) in official:
            reason = f"is already in {files.COLLECTIVITIES.name}; write another code"
            yield fault(files.BODIES.name, record.line, "code", record["code"], reason)


def _dangling(
    file: File, reference: Reference, records: list[Record], known: set[Key]
) -> Iterator[Fault]:
    # Most rows refer to what another row refers to; each is looked up once.
    cells_of = itemgetter(*reference.columns)
    distinct = {cells_of(record): record for record in records}
    doubtful = {
        cells
        for cells, record in distinct.items()
        if cells is not None and reference_of(record, reference) not in known
    }
    for record in records:
        if cells_of(record) not in doubtful:
            continue
        key = reference_of(record, reference)
        empty = [column for column in reference.columns if record[column] is None]
        if not empty:
            reason = f"is not known; write the key of a {reference.target} that exists"
            column = reference.columns[-1]
            yield fault(file.name, record.line, column, _printed(key), reason)
        elif len(empty) < len(reference.columns) and not file.columns[empty[0]].is_required:
            reason = f"is empty; write all of {' and '.join(reference.columns)}, or none"
            yield fault(file.name, record.line, empty[0], "", reason)


def _circles(records: Records) -> Iterator[Fault]:
    parents: dict[Key, Key] = {}
    for file in (files.COLLECTIVITIES, files.BODIES):
        for record in records[file.name]:
            parents[key_of(record, file.key)] = key_of(record, ("parent_kind", "parent_code"))
    for record in records[files.BODIES.name]:
        above = {key_of(record, files.BODIES.key)}
        place = parents[key_of(record, files.BODIES.key)]
        while place in parents and place not in above:
            above.add(place)
            place = parents[place]
        if place in above:
            reason = "belongs to itself in the end; write what it really belongs to"
            yield fault(files.BODIES.name, record.line, "parent_code", place[-1], reason)


def _named_sources(records: Records) -> Iterator[Fault]:
    for record in records[files.SOURCES.name]:
        if record["url"] is not None and record["url"] != record["key"]:
            reason = "is not the key; write the same address in both, or leave url empty"
            yield fault(files.SOURCES.name, record.line, "url", record["url"], reason)


def _unordered(file: File, owner: str, records: Records) -> Iterator[Fault]:
    lists: dict[str, list[Record]] = defaultdict(list)
    for record in records[file.name]:
        if record["position"] is not None:
            lists[record[owner]].append(record)
    for members in lists.values():
        for record in members:
            if record["position"] >= len(members):
                reason = f"leaves a gap; number the rows of one {owner} from 0"
                yield fault(file.name, record.line, "position", record["position"], reason)


def _followers_in_front(records: Records) -> Iterator[Fault]:
    for record in records[files.HOLDERS.name]:
        if record["position"] == 0 and record["role"] == "PARTNER":
            reason = "stands first; give position 0 to a LEAD"
            yield fault(files.HOLDERS.name, record.line, "role", record["role"], reason)


def _unwon(records: Records, unread: frozenset[str]) -> Iterator[Fault]:
    if files.LAUREATES.target in unread:
        return
    won = {record["award"] for record in records[files.LAUREATES.name]}
    for record in records[files.AWARDS.name]:
        if record["key"] not in won:
            reason = f"has no winner; add a row to {files.LAUREATES.name}"
            yield fault(files.AWARDS.name, record.line, "key", record["key"], reason)


def metric_key(record: Record) -> str:
    """What names a figure: the initiative, what was measured, and when."""
    when = record["as_of"] or record["year"] or ""
    return f"{record['initiative']}/{record['name_fr']}/{when}"


def _same_metrics(records: Records) -> Iterator[Fault]:
    lines: dict[str, int] = {}
    for record in records[files.METRICS.name]:
        key = metric_key(record)
        first = lines.setdefault(key, record.line)
        if first != record.line:
            reason = f"is already on row {first}; give another name_fr, as_of or year"
            yield fault(files.METRICS.name, record.line, "name_fr", key, reason)


def _half_qualified(records: Records) -> Iterator[Fault]:
    for record in records[files.METRICS.name]:
        if record["qualifier_kind"] and not record["qualifier"]:
            reason = "has no printed words; write them in qualifier"
            kind = record["qualifier_kind"]
            yield fault(files.METRICS.name, record.line, "qualifier_kind", kind, reason)


def _printed(key: Key) -> str:
    return " ".join(str(part) for part in key if part is not None)
