"""Groups, aggregates and facets: arguments → selections of grouped rows."""

from dataclasses import dataclass, replace
from typing import Any

from graph.domain.decimals import from_micro, micro_of
from graph.domain.errors import BadUserInput
from graph.loaders.group import (
    GROUP_ORDER,
    aggregate,
    aggregate_of_group,
    facet,
    facet_of_group,
    group_by_ids,
    groups,
)
from graph.resolvers.argument import checked_text
from graph.resolvers.limits import most, over
from graph.resolvers.order import By, Keys, directed, to_order
from graph.resolvers.paging import PageArguments, select_list, select_page
from graph.resolvers.where import Field, Fields, Value, given, to_criterion
from graph.resolvers.within import territory
from graph.storage.criteria import Compare, Criterion, named, without
from graph.storage.groups import COUNTED, GROUP, Dimension, Grouping, Members, Noun, Number
from graph.storage.order import OrderKey
from graph.storage.selection import Relation, Selection

# What of a summary a filter or an order can name → its column, and whether it is a mean.
_NUMBERS = {
    "known": "known",
    "sum": "total",
    "avg": "average",
    "min": "least",
    "max": "greatest",
    "median": "middle",
}


@dataclass(frozen=True, slots=True)
class GroupsOf:
    """A noun that can be grouped: the root that holds its rows, and what filters them.

    `people` is the name of the field that counts collectivities.
    """

    noun: Noun
    root: Relation
    fields: Fields
    people: str | None
    number: str


@dataclass(frozen=True, slots=True)
class GroupArguments:
    """What a caller may say about groups."""

    by: list[Any]
    where: Any = None
    having: Any = None
    order_by: list[Any] | None = None
    is_lead_only: bool = False
    is_complete: bool = False


def select_groups(of: GroupsOf, asked: GroupArguments, page: PageArguments) -> Selection:
    """A page of groups. BadUserInput for what cannot be grouped, measured or sorted so."""
    by = _dimensions(of.noun, asked.by)
    if asked.is_complete and len(by) > most("empty_group_max_keys"):
        message = (
            f"`includeEmpty` would make too many groups by {len(by)} keys; "
            f"group by at most {most('empty_group_max_keys')}, or leave it out"
        )
        raise over("empty_group_max_keys", len(by), message)
    where = to_criterion(asked.where, of.fields)
    grouping = Grouping(
        of.noun,
        Selection(of.root, where),
        by,
        is_lead_only=asked.is_lead_only,
        is_complete=asked.is_complete,
        within=_territories(asked.where) if asked.is_complete else None,
    )
    unit, number = _number_asked(of, asked, grouping)
    having = to_criterion(asked.having, _having_fields(of, grouping), "having")
    order = (
        to_order(asked.order_by, _order_keys(of, grouping), groups, None)
        if asked.order_by
        else GROUP_ORDER
    )
    ranks = tuple(key for key in order if not _is_key(key)) or GROUP_ORDER[:1]
    grouping = replace(grouping, having=having, rank_by=ranks, number=number, unit=unit)
    return select_page(Selection(groups, order=order, source=grouping), page)


def _dimensions(noun: Noun, names: list[Any]) -> tuple[Dimension, ...]:
    words = [name.value for name in names]
    at_most = most("group_max_keys")
    message = (
        f"`by` has {len(words)} keys, {len(set(words))} of them different; "
        f"write 1 to {at_most} different ones of {', '.join(noun.dimensions)}"
    )
    if len(words) > at_most:
        raise over("group_max_keys", len(words), message)
    if not words or len(set(words)) < len(words):
        raise BadUserInput(message)
    return tuple(noun.dimensions[word] for word in words)


def _territories(where: Any) -> Criterion | None:
    """The territory that every row lies in, of which the empty groups are to be."""
    if where is None:
        return None
    within = given(where, "within")
    if within is not None:
        return territory(within, "where.within")
    inner = (_territories(part) for part in given(where, "and_") or ())
    return next((found for found in inner if found is not None), None)


def select_facet(
    listed: Selection, noun: Noun, dimension: str, own: tuple[str, ...], first: int | None
) -> Selection:
    """The values of a dimension among the rows of a list, less the list's own conditions on it."""
    where = listed.where
    for name in own:
        where = without(where, name)
    base = replace(listed, where=where)
    grouping = Grouping(noun, base, (noun.dimensions[dimension],))
    relation = facet_of_group if _is_of_group(listed) else facet
    found = Selection(relation, order=GROUP_ORDER, source=grouping)
    return select_list(found, most("page_max_rows") if first is None else first)


def select_aggregate(listed: Selection, noun: Noun) -> Selection:
    """What all rows of a list are together, whatever its page."""
    relation = aggregate_of_group if _is_of_group(listed) else aggregate
    return Selection(relation, source=Grouping(noun, listed))


def _is_of_group(listed: Selection) -> bool:
    return isinstance(listed.source, Members)


def select_number(listed: Selection, name: str, unit: str | None, *, has_unit: bool) -> Selection:
    """The summary of a number of each group, or of each aggregate."""
    grouping = _grouping_of(listed)
    if has_unit:
        unit = _checked_unit(grouping, unit, "unit")
    number = grouping.noun.numbers[name]
    relation = group_by_ids if grouping.by else listed.relation
    return Selection(relation, source=replace(_plain(grouping), number=number, unit=unit))


def select_share(listed: Selection, names: list[Any]) -> Selection:
    """The share of each group in all groups that have these keys in common."""
    grouping = _grouping_of(listed)
    common = tuple(grouping.noun.dimensions[name.value] for name in names)
    foreign = [dimension.name for dimension in common if dimension not in grouping.by]
    if foreign:
        told = ", ".join(dimension.name for dimension in grouping.by)
        raise BadUserInput(
            f"`of: {foreign[0]}` is no key of these groups; write some of {told}, which `by` has"
        )
    return Selection(group_by_ids, source=replace(_plain(grouping), share_of=common))


def select_items(listed: Selection, items: Selection, page: PageArguments) -> Selection:
    """A page of the rows of each group; `items` says which and in what order."""
    return select_page(replace(items, source=Members(_grouping_of(listed))), page)


def check_per_capita(listed: Selection, per: int) -> None:
    """BadUserInput unless groups lie in one territory each, and `per` counts some people."""
    if per < 1:
        raise BadUserInput(f"`per: {per}` counts nobody; write a number of inhabitants from 1")
    _check_place(_grouping_of(listed), "perCapita")


def check_years(listed: Selection, name: str) -> None:
    """BadUserInput unless groups are of one year each."""
    _check_year(_grouping_of(listed), name)


def _check_place(grouping: Grouping, path: str) -> None:
    places = [
        dimension.name
        for dimension in grouping.by
        if dimension.naming and dimension.naming.is_territory
    ]
    if len(places) != 1:
        raise BadUserInput(
            f"`{path}` needs the inhabitants of one territory, and `by` has {len(places)}; "
            "group by one of REGION, DEPARTEMENT, EPCI"
        )


def _check_year(grouping: Grouping, path: str) -> None:
    if not any(dimension.shown == "year" for dimension in grouping.by):
        raise BadUserInput(f"`{path}` compares a year with the one before; add YEAR to `by`")


def _grouping_of(listed: Selection) -> Grouping:
    assert isinstance(listed.source, Grouping)  # noqa: S101  # the schema has it nowhere else
    return listed.source


def _plain(grouping: Grouping) -> Grouping:
    # What only says which groups are listed does not change what each of them is.
    return replace(grouping, having=None, rank_by=(), number=None, unit=None)


def _number_asked(
    of: GroupsOf, asked: GroupArguments, grouping: Grouping
) -> tuple[str | None, Number | None]:
    """The unit and the number that `having` and `orderBy` speak of."""
    spoken = [given(asked.having, of.number)] if asked.having is not None else []
    spoken += [given(item, of.number) for item in asked.order_by or ()]
    spoken = [each for each in spoken if each is not None]
    if not spoken:
        return None, None
    number = of.noun.numbers[of.number]
    if number.unit is None:
        return None, number
    units = {given(each, "unit") for each in spoken}
    if len(units) > 1:
        raise BadUserInput(
            "`having` and `orderBy` speak of values of several units; use one unit in both"
        )
    return _checked_unit(grouping, units.pop(), f"{of.number}.unit"), number


def _checked_unit(grouping: Grouping, unit: str | None, path: str) -> str | None:
    if unit is not None:
        return checked_text(path, unit)
    is_of_one = any(dimension.shown == "unit" for dimension in grouping.by) or any(
        isinstance(part, Compare) and part.operator == "eq"
        for part in named(grouping.base.where, "unit")
    )
    if not is_of_one:
        raise BadUserInput(
            f"`{path}` is missing, and values of different units cannot be combined; write "
            '`unit: "EUR"` or another one, or group or filter by unit'
        )
    return None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A measure that not all groups have."""

    field: Field
    grouping: Grouping
    check: Any

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        self.check(self.grouping, path)
        return self.field.parts(asked, path)


class _Numbers:
    """The summary of a number in `having`."""

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        return [
            part
            for name, column in _NUMBERS.items()
            if (filtered := given(asked, name)) is not None
            for part in Value(COUNTED.c[column], None if name == "known" else micro_of).parts(
                filtered, f"{path}.{name}"
            )
        ]


def _having_fields(of: GroupsOf, grouping: Grouping) -> Fields:
    per_capita = Value(COUNTED.c.per_capita, lambda number: from_micro(micro_of(number)))
    fields: dict[str, Field] = {
        "count": Value(COUNTED.c.count),
        "per_capita": _Checked(per_capita, grouping, _check_place),
        "previous": _Checked(Value(COUNTED.c.previous), grouping, _check_year),
        "delta": _Checked(Value(COUNTED.c.delta), grouping, _check_year),
        of.number: _Numbers(),
    }
    if of.people:
        fields[of.people] = Value(COUNTED.c.people)
    return fields


@dataclass(frozen=True, slots=True)
class _ByChecked:
    by: By
    grouping: Grouping
    check: Any

    def key(self, asked: Any, path: str, where: Criterion | None) -> OrderKey:
        self.check(self.grouping, path)
        return self.by.key(asked, path, where)


class _ByKey:
    """The values that groups are told apart by; what is unknown comes last unless it says first."""

    def key(self, asked: Any, _path: str, _where: Criterion | None) -> OrderKey:
        """The text in which the unknown is where the direction wants it."""
        directed_key = directed(GROUP.c.key, asked, is_nullable=True)
        is_low = directed_key.is_descending is not directed_key.is_null_first
        by = GROUP.c.key_unknown_first if is_low else GROUP.c.key
        return OrderKey(by, directed_key.is_descending)


def _is_key(key: OrderKey) -> bool:
    return key.by is GROUP.c.key or key.by is GROUP.c.key_unknown_first


class _ByNumber:
    """The summary of a number in `orderBy`."""

    def key(self, asked: Any, path: str, _where: Criterion | None) -> OrderKey:
        directions = [
            (column, direction)
            for name, column in _NUMBERS.items()
            if (direction := given(asked, name)) is not None
        ]
        if len(directions) != 1:
            raise BadUserInput(
                f"`{path}` takes one of {', '.join(_NUMBERS)}; write one of them a key"
            )
        [(column, direction)] = directions
        return directed(GROUP.c[column], direction, is_nullable=column != "known")


def _order_keys(of: GroupsOf, grouping: Grouping) -> Keys:
    keys: dict[str, Any] = {
        "count": By(GROUP.c.count),
        "key": _ByKey(),
        "per_capita": _ByChecked(By(GROUP.c.per_capita, is_nullable=True), grouping, _check_place),
        "previous": _ByChecked(By(GROUP.c.previous, is_nullable=True), grouping, _check_year),
        "delta": _ByChecked(By(GROUP.c.delta, is_nullable=True), grouping, _check_year),
        of.number: _ByNumber(),
    }
    if of.people:
        keys[of.people] = By(GROUP.c.people)
    return keys
