"""Groups of rows: how many there are by one to three dimensions, and what else is told of them.

A grouping is a source: it makes the rows of `GROUP`, one for each group, out of any
selection. What a document does not ask for is not computed. `MEMBER` tells which rows a
group has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from graph.domain.codes import POPULATION_FROM
from graph.domain.decimals import MICRO
from graph.storage import criteria
from graph.storage.criteria import Criterion, Numbers, Shape
from graph.storage.keys import KEYS, each_key, is_among
from graph.storage.order import Order
from graph.storage.selection import ROOT_KEY, Question, Selection

_DIMENSION_COLUMNS = {
    "prize_id": sa.Integer,
    "year": sa.Integer,
    "level": sa.String,
    "category_id": sa.Integer,
    "kind": sa.String,
    "sub_kind": sa.String,
    "region_id": sa.Integer,
    "departement_id": sa.Integer,
    "epci_id": sa.Integer,
    "population_class": sa.String,
    "unit": sa.String,
    "name": sa.String,
}
_COLUMNS = {
    **_DIMENSION_COLUMNS,
    "owner": sa.Integer,
    "ids": sa.String,
    "key": sa.String,
    "key_unknown_first": sa.String,
    "value": sa.String,
    "label": sa.String,
    "label_en": sa.String,
    "dimension": sa.String,
    "count": sa.Integer,
    "people": sa.Integer,
    "population": sa.Integer,
    "per_capita": sa.Float,
    "share": sa.Float,
    "previous": sa.Integer,
    "delta": sa.Integer,
    "known": sa.Integer,
    "total": sa.BigInteger,
    "average": sa.Float,
    "least": sa.BigInteger,
    "greatest": sa.BigInteger,
    "middle": sa.Float,
    "low": sa.BigInteger,
    "high": sa.BigInteger,
}
# What filters and orders count by; a literal, as all that decides the text of a statement.
_PER_CAPITA: sa.ColumnElement[int] = sa.literal_column("100000")
# Between the values of several dimensions: in none of them, and before all that is.
_SEPARATOR = "\x1f"
_AFTER_ALL = "\U0010ffff"
_NUMBER_COLUMNS = {"known", "total", "average", "least", "greatest", "middle", "low", "high"}


def _table(name: str, columns: Mapping[str, Any]) -> Any:
    return sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))


# Before and after `having`: the same columns, and the rank among what is left.
COUNTED = _table("counted", _COLUMNS)
GROUP = _table("listed", {**_COLUMNS, "rank": sa.Integer})
MEMBER = _table("member", {"ids": sa.String, "id": sa.Integer})


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """A table that a dimension is found in; `position` is 0 where the row is the lead."""

    table: sa.FromClause
    on: sa.ColumnElement[bool]
    position: sa.ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """The table that an id of a dimension leads to, and what it tells of it."""

    table: sa.FromClause
    code: str
    label: str
    label_en: str
    is_territory: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """A way to tell rows apart. `shown` is the column of `GROUP` that holds its value.

    `values` are those of a closed vocabulary, in order; `universe` selects all others.
    """

    name: str
    shown: str
    column: sa.ColumnElement[Any]
    joins: tuple[Join, ...] = ()
    naming: Naming | None = None
    values: tuple[str, ...] = ()
    universe: sa.Select[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number of a row, or of rows joined to it; `scale` makes millionths of it."""

    value: sa.ColumnElement[Any]
    id: sa.ColumnElement[Any]
    joins: tuple[Join, ...] = ()
    unit: sa.ColumnElement[Any] | None = None
    scale: int = MICRO


@dataclass(frozen=True, slots=True, eq=False)
class Noun:
    """What can be grouped: the dimensions, the collectivities to count, the numbers."""

    type_name: str
    dimensions: Mapping[str, Dimension]
    people: tuple[tuple[Join, ...], sa.ColumnElement[Any]] | None
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The source of `GROUP`: the rows of a selection, whatever its window, by dimensions.

    `is_complete` adds the groups without rows, of territories only those that `within`
    leaves. `having` and `rank_by` speak of `COUNTED`. `share_of` are the dimensions that
    the groups must have in common whose counts make the whole of a share.
    """

    noun: Noun
    base: Selection
    by: tuple[Dimension, ...] = ()
    is_lead_only: bool = False
    is_complete: bool = False
    within: Criterion | None = None
    having: Criterion | None = None
    rank_by: Order = ()
    share_of: tuple[Dimension, ...] | None = None
    number: Number | None = None
    unit: str | None = None

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""
        base = _base_shape(self.base, values)
        within = criteria.shape_of(self.within, values)
        if self.unit is not None:
            values.append(self.unit)
        having = criteria.shape_of(self.having, values)
        plain = replace(
            self, base=_NOTHING, within=None, having=None, unit=None if self.unit is None else ""
        )
        return (_group, plain, base, within, having)


@dataclass(frozen=True, slots=True)
class Members:
    """The source of `MEMBER`: the rows of each group of a grouping, whatever its `having`."""

    grouping: Grouping

    def shape_of(self, values: list[Any]) -> Shape:
        """The shape of the source; its values are added to `values`."""
        grouping = self.grouping
        base = _base_shape(grouping.base, values)
        return (_member, grouping.by, grouping.is_lead_only, base)


_NOTHING: Any = None


def _base_shape(base: Selection, values: list[Any]) -> Question:
    return replace(base, order=(), window=None).question(values)


def _member(shape: Shape, numbers: Numbers, _needed: set[str], _dialect: str) -> list[sa.CTE]:
    by, is_lead_only, base = shape
    rows = _Rows(base, numbers, _needed, _dialect)
    columns = tuple(dimension.column for dimension in by)
    query = rows.select(
        _ids(columns).label("ids"), rows.id.label("id"), joins=_joins(by), is_lead_only=is_lead_only
    )
    return [*rows.source, query.distinct().cte("member")]


def _group(shape: Shape, numbers: Numbers, needed: set[str], dialect: str) -> list[sa.CTE]:
    grouping, base, within, having = shape
    rows = _Rows(base, numbers, needed, dialect)
    restriction = criteria.to_sql(within, numbers)
    unit = f"v{next(numbers)}" if grouping.unit is not None else None
    condition = criteria.to_sql(having, numbers)
    needed = needed | _names(condition) | {str(key.by.key) for key in grouping.rank_by}
    counted = _counted(grouping, rows, restriction, unit, needed)
    listed = sa.select(*(COUNTED.c[name] for name in _COLUMNS if name in counted.c))
    if "rank" in needed:
        listed = listed.add_columns(_rank(grouping).label("rank"))
    return [*rows.source, counted, listed.where(condition).cte("listed")]


def _names(condition: sa.ColumnElement[bool]) -> set[str]:
    return {
        str(part.key)
        for part in sa.sql.visitors.iterate(condition)
        if isinstance(part, sa.ColumnClause) and part.table is COUNTED
    }


def _rank(grouping: Grouping) -> sa.ColumnElement[int]:
    keys = [
        _directed(COUNTED.c[key.by.key], key)  # type: ignore[union-attr]  # groups sort by columns
        for key in grouping.rank_by
    ]
    return sa.func.rank().over(partition_by=COUNTED.c.owner, order_by=keys)


def _directed(column: sa.ColumnElement[Any], key: Any) -> sa.ColumnElement[Any]:
    clause = column.desc() if key.is_descending else column.asc()
    return clause.nulls_first() if key.is_null_first else clause.nulls_last()


class _Rows:
    """The rows of a selection, to be joined with what dimensions need."""

    def __init__(self, base: Question, numbers: Numbers, needed: set[str], dialect: str) -> None:
        relation = base.relation
        self._relation = relation
        self.source: list[sa.CTE] = []
        if base.source:
            make, *rest = base.source
            self.source = make(tuple(rest), numbers, needed, dialect)
        self._where = [criteria.to_sql(base.where, numbers)] if base.where else []
        self.dialect = dialect
        self.id = relation.target.c.id
        self.is_root = relation.match is None
        # Of a root all rows belong together.
        self.owner: sa.ColumnElement[Any] = (
            sa.literal_column(str(ROOT_KEY)) if relation.match is None else relation.match
        )

    def select(
        self,
        *columns: sa.ColumnElement[Any],
        joins: tuple[Join, ...] = (),
        is_lead_only: bool = False,
    ) -> sa.Select[Any]:
        """Columns of the rows with everything joined that these name."""
        query = sa.select(*columns).select_from(self._relation.target)
        if self._relation.through:
            query = query.join(*self._relation.through)
        for join in dict.fromkeys(joins):
            on = join.on
            if is_lead_only and join.position is not None:
                on = sa.and_(on, join.position == sa.literal_column("0"))
            query = query.outerjoin(join.table, on)
        if self._relation.match is not None:
            query = query.where(is_among(self._relation.match, KEYS))
        return query.where(*self._where)

    def owners(self) -> sa.FromClause:
        """The keys that rows were asked of, as a table with one column, `value`."""
        return each_key(KEYS, self.owner, self.dialect)


def _joins(by: tuple[Dimension, ...]) -> tuple[Join, ...]:
    return tuple(join for dimension in by for join in dimension.joins)


@dataclass(frozen=True, slots=True)
class _Key:
    """A dimension of counted groups: its value, and the row that names it."""

    dimension: Dimension
    value: sa.ColumnElement[Any]
    naming: sa.FromClause | None

    @property
    def is_territory(self) -> bool:
        """Whether it is a place that has inhabitants."""
        return self.dimension.naming is not None and self.dimension.naming.is_territory

    def named(self, attribute: str) -> sa.ColumnElement[Any] | None:
        """What the naming row tells: `code`, `label` or `label_en`; None without one."""
        if self.naming is None or self.dimension.naming is None:
            return None
        found: sa.ColumnElement[Any] = self.naming.c[getattr(self.dimension.naming, attribute)]
        return found

    def sort(self, unknown: str) -> sa.ColumnElement[str]:
        """A text that sorts the values, with another one for what is unknown."""
        if not self.dimension.values:
            return sa.func.coalesce(self.text(), _quoted(unknown))
        places = [
            (self.value == _quoted(word), _quoted(f"{at:02}"))
            for at, word in enumerate(self.dimension.values)
        ]
        return sa.func.coalesce(sa.case(*places), _quoted(unknown))

    def text(self) -> sa.ColumnElement[str]:
        """The value as filters take it."""
        code = self.named("code")
        return _text(self.value if code is None else code)


def _counted(
    grouping: Grouping,
    rows: _Rows,
    restriction: sa.ColumnElement[bool],
    unit: str | None,
    needed: set[str],
) -> sa.CTE:
    every = _every(grouping, rows, restriction, needed)
    keys = [
        _Key(
            dimension,
            every.c[f"k{at}"],
            dimension.naming.table.alias(f"name{at}") if dimension.naming else None,
        )
        for at, dimension in enumerate(grouping.by)
    ]
    query = sa.select(every.c.owner, every.c.ids).select_from(every)
    for key in keys:
        if key.naming is not None:
            query = query.outerjoin(key.naming, key.naming.c.id == key.value)
    query = query.add_columns(
        bytewise(_concatenated([key.sort(_AFTER_ALL) for key in keys])).label("key"),
        every.c.count,
        *(key.value.label(key.dimension.shown) for key in keys),
    )
    if "key_unknown_first" in needed:
        low = _concatenated([key.sort("") for key in keys])
        query = query.add_columns(bytewise(low).label("key_unknown_first"))
    if "people" in every.c:
        query = query.add_columns(every.c.people)
    offered = _derived(grouping, every, keys)
    query = query.add_columns(
        *(offered[name].label(name) for name in offered if name in needed),
        *(
            sa.cast(sa.null(), _COLUMNS[name]).label(name)
            for name in sorted(needed & set(_COLUMNS))
            if name not in {*offered, *query.selected_columns.keys(), *_NUMBER_COLUMNS}
        ),
    )
    if needed & _NUMBER_COLUMNS:
        query = _with_numbers(query, grouping, rows, every, unit)
    return query.cte("counted")


def _every(
    grouping: Grouping, rows: _Rows, restriction: sa.ColumnElement[bool], needed: set[str]
) -> sa.CTE:
    """Owner, ids, k0 …, count (and people) of each group, those without rows included."""
    by = grouping.by
    columns = [dimension.column for dimension in by]
    joins = _joins(by)
    counts = [sa.func.count(sa.distinct(rows.id)) if joins else sa.func.count()]
    labels = ["count"]
    if "people" in needed and grouping.noun.people:
        own, person = grouping.noun.people
        joins = (*joins, *own)
        counts = [sa.func.count(sa.distinct(rows.id)), sa.func.count(sa.distinct(person))]
        labels.append("people")
    owner = rows.owner.label("owner")
    query = rows.select(
        owner,
        _ids(tuple(columns)).label("ids"),
        *(column.label(f"k{at}") for at, column in enumerate(columns)),
        *(count.label(label) for count, label in zip(counts, labels, strict=True)),
        joins=joins,
        is_lead_only=grouping.is_lead_only,
    )
    if not rows.is_root or by:
        query = query.group_by(*([] if rows.is_root else [rows.owner]), *columns)
    counted = query.cte("every")
    if not by and not rows.is_root:
        return _for_each_owner(rows, counted, labels)
    return _completed(grouping, counted, restriction, labels) if grouping.is_complete else counted


def _for_each_owner(rows: _Rows, counted: sa.CTE, labels: list[str]) -> sa.CTE:
    owners = rows.owners()
    zero: sa.ColumnElement[int] = sa.literal_column("0")
    query = sa.select(
        owners.c.value.label("owner"),
        sa.literal_column("''").label("ids"),
        *(sa.func.coalesce(counted.c[label], zero).label(label) for label in labels),
    ).select_from(owners)
    return query.outerjoin(counted, counted.c.owner == owners.c.value).cte("every_owner")


def _completed(
    grouping: Grouping, counted: sa.CTE, restriction: sa.ColumnElement[bool], labels: list[str]
) -> sa.CTE:
    """All groups that could be: those with rows, and the others with none."""
    universes = [
        _universe(dimension, restriction).subquery(f"universe{at}")
        for at, dimension in enumerate(grouping.by)
    ]
    values = [universe.c.value for universe in universes]
    ids = _ids(tuple(values))
    empty = sa.select(
        sa.literal_column(str(ROOT_KEY)).label("owner"),
        ids.label("ids"),
        *(value.label(f"k{at}") for at, value in enumerate(values)),
        *(sa.literal_column("0").label(label) for label in labels),
    )
    for universe in universes:
        empty = empty.select_from(universe)
    empty = empty.where(ids.not_in(sa.select(counted.c.ids)))
    return sa.union_all(sa.select(counted), empty).cte("every_group")


def _universe(dimension: Dimension, restriction: sa.ColumnElement[bool]) -> sa.Select[Any]:
    if dimension.values:
        words = sa.union_all(
            *(sa.select(_quoted(word).label("value")) for word in dimension.values)
        )
        return sa.select(words.subquery("word").c.value)
    assert dimension.universe is not None  # noqa: S101  # one or the other
    if dimension.naming and dimension.naming.is_territory:
        return dimension.universe.where(restriction)
    return dimension.universe


def _derived(
    grouping: Grouping, every: sa.CTE, keys: list[_Key]
) -> dict[str, sa.ColumnElement[Any]]:
    """What can be told of a group beside its count, by the name of the column."""
    count: sa.ColumnElement[Any] = every.c.count
    found: dict[str, sa.ColumnElement[Any]] = {}
    places = [key.naming for key in keys if key.naming is not None and key.is_territory]
    if len(places) == 1:
        found["population"] = places[0].c.population
        # Multiplied first, as it is when shown: what is shown finds its row again.
        found["per_capita"] = _ratio(count * _PER_CAPITA, places[0].c.population)
    if grouping.share_of is not None:
        common = [key.value for key in keys if key.dimension in grouping.share_of]
        found["share"] = _ratio(
            count, sa.func.sum(count).over(partition_by=[every.c.owner, *common])
        )
    for year in (key.value for key in keys if key.dimension.shown == "year"):
        others = [key.value for key in keys if key.value is not year]
        over: Any = {"partition_by": [every.c.owner, *others], "order_by": year}
        is_next = sa.func.lag(year).over(**over) == year - sa.literal_column("1")
        found["previous"] = sa.case((is_next, sa.func.lag(count).over(**over)))
        found["delta"] = count - found["previous"]
    for key in keys[:1]:  # a facet has one
        found["dimension"] = _quoted(key.dimension.name)
        found["value"] = key.text()
        labels = {name: key.named(name) for name in ("label", "label_en")}
        found |= {name: label for name, label in labels.items() if label is not None}
    return found


def _ratio(count: Any, whole: Any) -> sa.ColumnElement[Any]:
    return sa.cast(count, sa.Float) / sa.func.nullif(sa.cast(whole, sa.Float), 0)


def _with_numbers(
    query: sa.Select[Any], grouping: Grouping, rows: _Rows, every: sa.CTE, unit: str | None
) -> sa.Select[Any]:
    """The summary of the grouping's number beside each group."""
    number = grouping.number
    if number is None:
        return query.add_columns(
            *(sa.cast(sa.null(), _COLUMNS[name]).label(name) for name in sorted(_NUMBER_COLUMNS))
        )
    columns = tuple(dimension.column for dimension in grouping.by)
    found = rows.select(
        rows.owner.label("owner"),
        _ids(columns).label("ids"),
        number.id.label("id"),
        number.value.label("value"),
        joins=(*_joins(grouping.by), *number.joins),
        is_lead_only=grouping.is_lead_only,
    ).where(number.value.is_not(None))
    if unit is not None and number.unit is not None:
        found = found.where(number.unit == sa.bindparam(unit, type_=sa.String))
    # A row can come by several ways, as its award can have several laureates.
    each = found.distinct().subquery("each")
    summary = _summary(each, number.scale).subquery("summary")
    query = query.outerjoin(
        summary, sa.and_(summary.c.owner == every.c.owner, summary.c.ids == every.c.ids)
    )
    return query.add_columns(
        sa.func.coalesce(summary.c.known, 0).label("known"),
        *(summary.c[name] for name in sorted(_NUMBER_COLUMNS - {"known"})),
    )


def _summary(each: sa.Subquery, scale: int) -> sa.Select[Any]:
    over: Any = {"partition_by": [each.c.owner, each.c.ids]}
    value = each.c.value if scale == 1 else sa.cast(each.c.value, sa.BigInteger) * scale
    placed = sa.select(
        each.c.owner,
        each.c.ids,
        value.label("value"),
        sa.func.row_number().over(**over, order_by=each.c.value).label("place"),
        sa.func.count().over(**over).label("number"),
    ).subquery("placed")
    value, place, number = placed.c.value, placed.c.place, placed.c.number
    low = sa.func.max(sa.case((place == (number + 1) // 2, value)))
    high = sa.func.max(sa.case((place == (number + 2) // 2, value)))
    total = sa.cast(sa.func.sum(value), sa.BigInteger)
    return sa.select(
        placed.c.owner,
        placed.c.ids,
        sa.func.count().label("known"),
        total.label("total"),
        _ratio(total, sa.func.count()).label("average"),
        sa.func.min(value).label("least"),
        sa.func.max(value).label("greatest"),
        low.label("low"),
        high.label("high"),
        ((sa.cast(low, sa.Float) + sa.cast(high, sa.Float)) / 2).label("middle"),
    ).group_by(placed.c.owner, placed.c.ids)


def _ids(columns: tuple[sa.ColumnElement[Any], ...]) -> sa.ColumnElement[str]:
    return _concatenated([sa.func.coalesce(_text(column), "") for column in columns])


def _quoted(word: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{word}'", sa.String)


def _concatenated(parts: list[sa.ColumnElement[str]]) -> sa.ColumnElement[str]:
    if not parts:
        return _quoted("")
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.concat(_quoted(_SEPARATOR)).concat(part)
    return whole


def _text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.String)


def population_class(population: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The class of a number of inhabitants; null where that is."""
    return sa.case(
        *(
            (population >= sa.literal_column(str(least)), _quoted(word))
            for word, least in reversed(POPULATION_FROM.items())
        )
    )


class bytewise(FunctionElement[str]):  # noqa: N801  # a function of SQL
    """A text that is compared byte by byte, whatever it was made of."""

    type = sa.String()
    inherit_cache = True


@compiles(bytewise, "sqlite")
def _bytewise_sqlite(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(bytewise, "postgresql")
def _bytewise_postgresql(element: bytewise, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'
