"""The log of changes: from where on, of which types, a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from graph.domain.codes import RecordType
from graph.domain.errors import BadUserInput, shown
from graph.loaders.batch import load_rows
from graph.loaders.change import CHANGES, changes, entries
from graph.loaders.release import releases
from graph.resolvers.argument import checked_text
from graph.resolvers.paging import PageArguments, select_page
from graph.storage.criteria import Compare, Criterion, Either, Every, every
from graph.storage.keyset import decode_cursor
from graph.storage.read import Reader
from graph.storage.selection import ROOT_KEY, Relation, Selection, Window
from graph.storage.tables import Change, Release, columns_of

_change, _release = columns_of(Change), columns_of(Release)

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}))?", re.ASCII
)
_NOTHING = Either(())


@dataclass(frozen=True, slots=True)
class Since:
    """From where on the log is told; one of these."""

    cursor: str | None = None
    release: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """What is asked of the log."""

    since: Since | None
    types: Sequence[Enum] | None
    page: PageArguments

    def select(self, reader: Reader) -> Selection:
        """The page, after a look at where it begins: by one or two statements.

        BadUserInput for what is no place of this log.
        """
        selection = select_page(Selection(changes, every(self._of_types())), self.page)
        window = selection.window
        for name in ("after", "before"):
            if place := getattr(window, name):
                _check_place(reader, name, place)
        since = _start(reader, self.since) if self.since else None
        return Selection(changes, every(self._of_types(), since), window)

    def _of_types(self) -> Criterion | None:
        if self.types is None:
            return None
        if not self.types:
            raise BadUserInput("`types` is empty; name one, or leave it out for all")
        names = {RecordType(each.value).capitalize() for each in self.types}
        return Compare(CHANGES.c.of_type, "in", tuple(sorted(names)))


def _start(reader: Reader, since: Since) -> Criterion:
    if since.cursor is not None:
        place = decode_cursor("since.cursor", since.cursor, Selection(changes))
        _check_place(reader, "since.cursor", place)
        return Compare(CHANGES.c.id, "gt", place[0])
    if since.release is not None:
        release_id = _release_of(reader, since.release)
        return _from(reader, Compare(_change.release_id, "gt", release_id))
    return _from_time(reader, since.time or "")


def _check_place(reader: Reader, argument: str, place: tuple[int, str]) -> None:
    number, uid = place
    is_it = Every((Compare(_change.id, "eq", number), Compare(_change.uid, "eq", uid)))
    if _first(reader, entries, is_it) is None:
        raise BadUserInput(
            f"`{argument}` is a cursor of another log: the database was made anew; "
            "read everything once, and follow the changes since its `dataset { release }`"
        )


def _release_of(reader: Reader, version: str) -> int:
    version = checked_text("since.release", version)
    found = _first(reader, releases, Compare(_release.version, "eq", version))
    if found is None:
        raise BadUserInput(
            f"`since.release: {shown(version)}` is no release of this server; write one of "
            "`dataset { releases { nodes { version } } }`"
        )
    return found


def _from_time(reader: Reader, time: str) -> Criterion:
    since = Compare(_release.updated_at, "gte", _instant(time))
    release_id = _first(reader, releases, since, is_backward=True)
    if release_id is None:
        return _NOTHING
    return _from(reader, Compare(_change.release_id, "gte", release_id))


def _from(reader: Reader, of_releases: Criterion) -> Criterion:
    """From the first entry of these releases, which are all from one on."""
    first = _first(reader, entries, of_releases)
    return _NOTHING if first is None else Compare(CHANGES.c.id, "gte", first)


def _first(
    reader: Reader, relation: Relation, where: Criterion, *, is_backward: bool = False
) -> int | None:
    """The id of the first row that satisfies a condition, or of the last one."""
    selection = Selection(relation, where, Window(1, is_backward))
    rows = load_rows(reader, selection, {ROOT_KEY}, (relation.target.c.id,))
    return rows[0][1] if rows else None


def _instant(text: str) -> str:
    """An instant as releases have it. BadUserInput when it is none."""
    try:
        instant = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
        if instant and instant.tzinfo:
            instant = instant.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        raise BadUserInput(
            f"`since.time: {shown(text)}` is no instant; write one with its time zone, such as "
            "2026-01-31T12:00:00Z, or a day such as 2026-01-31"
        )
    return instant.isoformat(timespec="seconds") + "Z"
