"""What lists say of a record that two of them dispute, field by field."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from graph.loaders.batch import ascending
from graph.storage import tables
from graph.storage.facts import Facts, facts_of, parts_as_shown
from graph.storage.keys import KEYS, bind_keys, is_among
from graph.storage.read import Reader, Row
from graph.storage.selection import Relation, Selection
from graph.storage.statements import Columns, Statement, compiled
from graph.storage.tables import columns_of, table_of

_claim, _state = columns_of(tables.Claim), columns_of(tables.RecordState)
_source = columns_of(tables.Source)

CLAIMED = sa.table(
    "claimed",
    sa.column("uid", sa.String),
    sa.column("field", sa.String),
    sa.column("value", sa.String),
    sa.column("feed_id", sa.Integer),
    sa.column("is_shown", sa.Boolean),
)


class _Part(NamedTuple):
    """A table of parts of a record, which their column `owner` names, and the field they are."""

    table: sa.Table
    owner: str
    name: str


_RECORDS = {
    model.__name__: table_of(model)
    for model in (
        tables.Award,
        tables.Category,
        tables.Collectivity,
        tables.Edition,
        tables.Initiative,
        tables.Metric,
        tables.Prize,
        tables.Source,
    )
}
_PARTS: dict[str, tuple[_Part, ...]] = {
    "Award": (_Part(table_of(tables.Laureate), "award_id", "laureates"),),
    "Collectivity": (_Part(table_of(tables.FormerCode), "collectivity_id", "formerCodes"),),
    "Initiative": (_Part(table_of(tables.InitiativeHolder), "initiative_id", "holders"),),
}


def _load(
    reader: Reader, _selection: Selection, keys: Collection[Any], columns: Columns
) -> list[Row]:
    """The claims of records, by field, then in the order of choice.

    One statement where there are none; one more for each table that what is shown stands in.
    """
    found = reader.rows(_claims(reader.dialect), _bound(reader, keys))
    by_type: dict[str, dict[str, list[_Claim]]] = defaultdict(lambda: defaultdict(list))
    for _, *claim in found:
        read = _Claim(*claim)
        by_type[read.type_name][read.uid].append(read)
    rows = []
    for type_name, claims in by_type.items():
        shown = _shown(reader, type_name, claims)
        for uid, made in claims.items():
            for values in _disputes(shown[uid], made):
                own = {"uid": uid, **values}
                rows.append((uid, *(own[str(column.key)] for column in columns)))
    return rows


class _Claim(NamedTuple):
    uid: str
    type_name: str
    shown_id: int
    feed_id: int
    row: str

    def facts(self) -> Facts:
        """What the list says."""
        said = orjson.loads(self.row)
        found = facts_of(said["row"])
        for part in _PARTS.get(self.type_name, ()):
            found[part.name] = parts_as_shown(said["parts"].get(part.table.name, ()), part.owner)
        return found


def _disputes(shown: Facts, claims: list[_Claim]) -> Iterator[dict[str, Any]]:
    """What is shown of each field that a list says otherwise, and what those lists say."""
    said = [(claim, claim.facts()) for claim in claims]
    for field, value in sorted(shown.items()):
        others = [
            (claim.feed_id, facts.get(field), False)
            for claim, facts in said
            if _says(facts.get(field)) and facts.get(field) != value
        ]
        if not others:
            continue
        own = [(claims[0].shown_id, value, True)] if _says(value) else []
        for feed_id, claimed, is_shown in (*own, *others):
            yield {"field": field, "value": claimed, "feed_id": feed_id, "is_shown": is_shown}


def _says(value: Any) -> bool:
    return value is not None and value != []


def _shown(reader: Reader, type_name: str, uids: Collection[str]) -> dict[str, Facts]:
    bound = _bound(reader, uids)
    table = _RECORDS[type_name]
    shown = {}
    for _, uid, *values in reader.rows(_rows(reader.dialect, table, None), bound):
        shown[uid] = facts_of(_typed(table, values))
    for part in _PARTS.get(type_name, ()):
        rows: dict[str, list[dict[str, Any]]] = {uid: [] for uid in uids}
        for _, uid, *values in reader.rows(_rows(reader.dialect, part.table, part.owner), bound):
            rows[uid].append(_typed(part.table, values))
        for uid, own in rows.items():
            shown[uid][part.name] = parts_as_shown(own, part.owner)
    return shown


def _typed(table: sa.Table, values: list[Any]) -> dict[str, Any]:
    # SQLite has numbers for truth.
    return {
        column.name: bool(value) if isinstance(column.type, sa.Boolean) else value
        for column, value in zip(_columns(table), values, strict=True)
    }


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.name != "id"]


def _bound(reader: Reader, keys: Collection[Any]) -> dict[str, Any]:
    return {KEYS: bind_keys(keys, reader.dialect)}


@lru_cache(maxsize=2)
def _claims(dialect: str) -> Statement:
    query = (
        sa.select(
            _claim.uid, _claim.uid, _claim.type_name, _state.feed_id, _claim.feed_id, _claim.row
        )
        .join_from(table_of(tables.Claim), table_of(tables.RecordState), _state.uid == _claim.uid)
        .join(table_of(tables.Source), _source.id == _claim.feed_id)
        .where(is_among(_claim.uid, KEYS), _state.withdrawn_id.is_(None))
        .order_by(_claim.uid, _source.rank, _source.key)
    )
    return compiled(query, dialect)


@lru_cache(maxsize=32)
def _rows(dialect: str, table: sa.Table, owner: str | None) -> Statement:
    """Rows in the form that lists give them, uids for ids, behind the uid of their record."""
    source: sa.FromClause = table
    shown: list[sa.ColumnElement[Any]] = []
    uid = None if owner else table.c.uid
    for column in _columns(table):
        if not column.foreign_keys:
            shown.append(column)
            continue
        of = next(iter(column.foreign_keys)).column.table.alias(f"of_{column.name}")
        source = source.outerjoin(of, of.c.id == column)
        shown.append(of.c.uid)
        uid = of.c.uid if column.name == owner else uid
    assert uid is not None  # noqa: S101  # a record has one, and a part an owner
    query = sa.select(uid, uid.label("owner"), *shown).select_from(source)
    return compiled(query.where(is_among(uid, KEYS)), dialect)


claims_by_uid = Relation(
    "claims_by_uid", "Claim", CLAIMED, ascending(CLAIMED.c.field), CLAIMED.c.uid, load=_load
)
