"""What collectivities are suggested for, made whole whenever one of them changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, takewhile
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from graph.domain.codes import Kind
from graph.domain.suggest import SUGGESTIONS_MAX, Match, keys_of
from graph.storage import tables
from seed.progress import Progress
from seed.write import Contents

# So many keys are read and put in order in some 0.3 ms. More share some 200 beginnings, as
# "saint" or "62": of those the best are found beforehand.
_READ_MAX_KEYS = 300

# More than there are collectivities.
_LATE = 1_000_000


_COLLECTIVITY = tables.table_of(tables.Collectivity)


class Entry(NamedTuple):
    """A row of either table."""

    key: str
    place: int
    match: int
    kind: str
    collectivity_id: int


def build(connection: sa.Connection, tell: Progress) -> Contents:
    """All that the tables of suggestions should hold; the same records give the same rows."""
    tell("suggest", 0, 1)
    rows = connection.execute(sa.select(_COLLECTIVITY)).mappings()
    entries = sorted(_entries(map(dict, rows)), key=attrgetter("key"))
    contents: Contents = {
        tables.table_of(tables.SuggestionKey): [*entries],
        tables.table_of(tables.SuggestionBest): [*_shared_beginnings(entries)],
    }
    tell("suggest", 1, 1)
    return contents


def _entries(collectivities: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    current = sorted((row for row in collectivities if row["is_current"]), key=_order)
    for place, row in enumerate(current, 1):
        kind = row["kind"]
        for key in keys_of(kind, row["code"], row["name_folded"], row["postal_codes"]):
            late = _LATE if key.is_late else 0
            yield Entry(key.text, place + late, key.match, kind, row["id"])


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    # Who looks for a place seldom means a body, whatever its size.
    return row["kind"] == Kind.OTHER, -(row["population"] or 0), row["kind"], row["code"]


def _shared_beginnings(entries: Iterable[Entry], letters: int = 1) -> Iterator[Entry]:
    """The best of each beginning of so many letters or more; entries come sorted."""
    for beginning, group in groupby(entries, lambda entry: entry.key[:letters]):
        members = list(group)
        if len(beginning) == letters and len(members) > _READ_MAX_KEYS:
            yield from _best(beginning, members)
            yield from _shared_beginnings(members, letters + 1)


def _best(beginning: str, members: Sequence[Entry]) -> Iterator[Entry]:
    # By key as they are, those with no letter more come first. To one that only lacks its
    # article so many others are preferred: who writes "saint" does not mean Le Saint.
    exact = takewhile(lambda entry: entry.key == beginning, members)
    whole = [entry for entry in exact if entry.match == Match.WHOLE]
    best: dict[str, dict[int, Entry]] = {kind: {} for kind in Kind}
    for entry in chain(whole, sorted(members, key=attrgetter("place"))):
        of_kind = best[entry.kind]
        if len(of_kind) < SUGGESTIONS_MAX:
            of_kind.setdefault(entry.collectivity_id, entry)
    for of_kind in best.values():
        for entry in of_kind.values():
            match = Match.WHOLE if entry in whole else Match.BEGINNING
            yield entry._replace(key=beginning, match=match)
