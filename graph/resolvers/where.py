"""`where` arguments → criteria, by one table of fields for each type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import sqlalchemy as sa

from graph.domain.dates import widest_from_start, widest_to_end
from graph.domain.decimals import micro_of
from graph.domain.errors import BadUserInput
from graph.domain.text import fold, parse_search
from graph.resolvers.argument import checked_text
from graph.resolvers.limits import most, over
from graph.storage.criteria import (
    SET_OPERATORS,
    Compare,
    Counted,
    Criterion,
    Either,
    Every,
    Link,
    Matches,
    Named,
    Not,
    Related,
)
from graph.storage.search import escaped

# Attribute of an input → operator of a criterion; Python keeps `in` for itself.
_OPERATORS = {
    "eq": "eq",
    "ne": "ne",
    "in_": "in",
    "not_in": "not_in",
    "lt": "lt",
    "lte": "lte",
    "gt": "gt",
    "gte": "gte",
    "is_null": "is_null",
}


class Field(Protocol):
    """What a field of a `where` input stands for."""

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """The conditions of a given field; all must hold. `path` is for messages."""


Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Value:
    """A column, compared as it is stored once `convert` has made a value of the argument."""

    column: sa.ColumnElement[Any]
    convert: Callable[[Any], Any] | None = None

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One comparison for each operator given."""
        found: list[Criterion] = [
            Compare(
                self.column, operator, self._value(value, operator, field_path(path, attribute))
            )
            for attribute, operator in _OPERATORS.items()
            if (value := given(asked, attribute)) is not None
        ]
        if (between := given(asked, "between")) is not None:
            for operator, value in (("gte", between.from_), ("lte", between.to)):
                bound = self._value(value, operator, f"{path}.between")
                found.append(Compare(self.column, operator, bound))
        if (start := given(asked, "starts_with")) is not None:
            found += _starts_with(self.column, checked_text(f"{path}.startsWith", start))
        return found

    def _value(self, value: Any, operator: str, path: str) -> Any:
        if operator in SET_OPERATORS:
            return tuple(self._scalar(item, path) for item in bounded(value, path))
        return value if operator == "is_null" else self._scalar(value, path)

    def _scalar(self, value: Any, path: str) -> Any:
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, str):
            return checked_text(path, value)
        try:
            return self.convert(value) if self.convert else value
        except ValueError as error:
            raise BadUserInput(f"`{path}`: {error}") from None


def decimal(column: sa.ColumnElement[Any]) -> Value:
    """A column of millionths, compared with decimals."""
    return Value(column, micro_of)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read: compared exactly, and in parts by its folded form."""

    column: sa.ColumnElement[Any]
    folded: sa.ColumnElement[Any]

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One condition for each operator given."""
        exact = _Only(asked, ("eq", "ne", "in_", "not_in", "is_null"))
        found = Value(self.column).parts(exact, path)
        if (part := given(asked, "contains")) is not None:
            pattern = f"%{escaped(self._folded(part, f'{path}.contains'))}%"
            found.append(Compare(self.folded, "contains", pattern))
        if (start := given(asked, "starts_with")) is not None:
            found += _starts_with(self.folded, self._folded(start, f"{path}.startsWith"))
        return found

    def _folded(self, text: str, path: str) -> str:
        folded = fold(checked_text(path, text))
        if not folded:
            raise BadUserInput(f"`{path}` holds no letter or digit to look for; write some")
        return folded


class _Only:
    """An input as if only some of its fields had been given."""

    def __init__(self, asked: Any, names: tuple[str, ...]) -> None:
        for name in names:
            setattr(self, name, getattr(asked, name, None))


def _starts_with(column: sa.ColumnElement[Any], start: str) -> list[Criterion]:
    # A range of the column's index, which LIKE is not everywhere.
    least: list[Criterion] = [Compare(column, "gte", start)]
    return [*least, Compare(column, "lt", start + "\U0010ffff")] if start else least


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A partial date: a comparison holds when it does for every day that the date may be."""

    column: sa.ColumnElement[Any]

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One condition for each operator given."""
        found: list[Criterion] = [
            condition(self, value)
            for attribute, condition in _DATE_CONDITIONS.items()
            if (value := given(asked, attribute)) is not None
        ]
        if (values := given(asked, "in_")) is not None:
            found.append(Either(tuple(map(self.within, bounded(values, f"{path}.in")))))
        if (values := given(asked, "not_in")) is not None:
            # Outside of none is known all the same.
            is_known = Compare(self.column, "is_null", value=False)
            outside = map(self.outside, bounded(values, f"{path}.notIn"))
            found.append(Every((is_known, *outside)))
        if (between := given(asked, "between")) is not None:
            found += [self.not_before(between.from_), self.not_after(between.to)]
        if (is_null := given(asked, "is_null")) is not None:
            found.append(Compare(self.column, "is_null", is_null))
        return found

    # A date and all that is more precise within it are a range of text: `2017` to before
    # `2017.`, as `-` sorts before `.`. A less precise date sorts just before them, so it is
    # to be told apart: `2017` may be before or after `2017-06`.

    def within(self, date: str) -> Criterion:
        """Known to lie in the year, month or day."""
        return Every((Compare(self.column, "gte", date), Compare(self.column, "lt", f"{date}.")))

    def outside(self, date: str) -> Criterion:
        """Known not to lie in it."""
        return Either((self.before(date), self.after(date)))

    def before(self, date: str) -> Criterion:
        """Known to be over when it begins."""
        return Every((Compare(self.column, "lt", date), self._is_precise(date)))

    def after(self, date: str) -> Criterion:
        """Known to begin when it is over."""
        return Compare(self.column, "gte", f"{date}.")

    def not_before(self, date: str) -> Criterion:
        """Known to begin no sooner."""
        return Compare(self.column, "gte", widest_from_start(date))

    def not_after(self, date: str) -> Criterion:
        """Known to be over no later."""
        date = widest_to_end(date)
        return Every((Compare(self.column, "lt", f"{date}."), self._is_precise(date)))

    def _is_precise(self, date: str) -> Criterion:
        return Compare(
            self.column, "not_in", tuple(date[:end] for end in (4, 7) if end < len(date))
        )


_DATE_CONDITIONS: dict[str, Callable[[PartialDate, str], Criterion]] = {
    "eq": PartialDate.within,
    "ne": PartialDate.outside,
    "lt": PartialDate.before,
    "lte": PartialDate.not_after,
    "gt": PartialDate.after,
    "gte": PartialDate.not_before,
}


@dataclass(frozen=True, slots=True)
class Each:
    """Values at the other end of a link, of which one must satisfy the filter."""

    link: Link
    value: Value

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One condition, unless nothing is asked."""
        found = self.value.parts(asked, path)
        return [Related(self.link, Every(tuple(found)))] if found else []


@dataclass(frozen=True, slots=True)
class One:
    """A related record, or one of several that must satisfy the same input."""

    link: Link
    fields: Callable[[], Fields]

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """The related record satisfies the input; an empty one asks nothing."""
        part = _criterion(asked, self.fields(), path)
        return [Related(self.link, part)] if part else []


@dataclass(frozen=True, slots=True)
class Many:
    """Related records: some, none, or so many of them satisfy an input."""

    link: Link
    fields: Callable[[], Fields]

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One condition for each operator given."""
        found: list[Criterion] = []
        if (some := given(asked, "some")) is not None:
            found.append(Related(self.link, self.whole(some, f"{path}.some")))
        if (none := given(asked, "none")) is not None:
            found.append(Not(Related(self.link, self.whole(none, f"{path}.none"))))
        if (number := given(asked, "count")) is not None:
            found += self._counted(asked, number, path)
        elif given(asked, "where") is not None:
            raise BadUserInput(f"`{path}.where` says what `{path}.count` counts; give both")
        return found

    def whole(self, where: Any, path: str) -> Criterion:
        """The criterion of a `where` of the related records, true for `{}`."""
        return _whole(where, self.fields(), path)

    def _counted(self, asked: Any, number: Any, path: str) -> list[Criterion]:
        where = given(asked, "where")
        part = None if where is None else self.whole(where, f"{path}.where")
        comparisons = Value(sa.literal_column("0")).parts(number, f"{path}.count")
        pairs = tuple(
            (compare.operator, compare.value)
            for compare in comparisons
            if isinstance(compare, Compare) and compare.operator != "is_null"
        )
        found: list[Criterion] = [Counted(self.link, part, pairs)] if pairs else []
        if given(number, "is_null"):
            found.append(Either(()))  # a number of records is always known
        return found


@dataclass(frozen=True, slots=True)
class Search:
    """What a full-text search finds among the records of a type."""

    column: sa.ColumnElement[Any]
    type_name: str

    def parts(self, asked: str, path: str) -> list[Criterion]:
        """One condition. BadUserInput when there is no word to look for."""
        return [Matches(self.column, self.type_name, search_query(asked, path))]


def search_query(text: str, path: str) -> Any:
    """The words of a search. BadUserInput when there is none, or too many."""
    try:
        query = parse_search(checked_text(path, text))
    except ValueError as error:
        raise BadUserInput(f"`{path}`: {error}") from None
    at_most = most("search_max_words")
    if query.size > at_most:
        message = f"`{path}` has {query.size} words to look for; write at most {at_most}"
        raise over("search_max_words", query.size, message)
    return query


def to_criterion(where: Any, fields: Fields, path: str = "where") -> Criterion | None:
    """The criterion of a `where` input; None when it asks nothing. All given fields must hold.

    BadUserInput for a list or text that is too long, and for too many or too deep conditions.
    """
    if where is None:
        return None
    criterion = _criterion(where, fields, path)
    if criterion:
        depth, conditions = _size(criterion)
        deepest, at_most = most("where_max_depth"), most("where_max_conditions")
        message = (
            f"`{path}` has {conditions} conditions, {depth} deep; write at most "
            f"{at_most}, {deepest} deep, and `in` for many values"
        )
        if depth > deepest:
            raise over("where_max_depth", depth, message)
        if conditions > at_most:
            raise over("where_max_conditions", conditions, message)
    return criterion


def _size(criterion: Criterion | None) -> tuple[int, int]:
    """How deep a criterion is, and how many conditions it has."""
    match criterion:
        case Every(parts) | Either(parts):
            sizes = [_size(part) for part in parts]
        case Named(_, part):
            return _size(part)
        case Not(part) | Related(_, part):
            sizes = [_size(part)]
        case Counted(_, part, comparisons):
            sizes = [_size(part), (1, len(comparisons))]
        case _:
            return 1, 1
    return (
        1 + max((depth for depth, _ in sizes), default=0),
        sum(conditions for _, conditions in sizes),
    )


def _criterion(where: Any, fields: Fields, path: str) -> Criterion | None:
    parts: list[Criterion] = []
    for name, field in fields.items():
        asked = given(where, name)
        if asked is not None:
            found = field.parts(asked, field_path(path, name))
            parts.extend(Named(name, part) for part in found)
    for name, combine in (("and_", Every), ("or_", Either)):
        asked = given(where, name)
        if asked is not None:
            label = field_path(path, name)
            inner = bounded(asked, label)
            parts.append(combine(tuple(_whole(part, fields, label) for part in inner)))
    if (asked := given(where, "not_")) is not None:
        parts.append(Not(_whole(asked, fields, f"{path}.not")))
    return parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else None


def _whole(where: Any, fields: Fields, path: str) -> Criterion:
    # `{}` asks nothing, so everything satisfies it.
    return _criterion(where, fields, path) or Every(())


def bounded(items: list[Any], path: str) -> list[Any]:
    """The items of a list. BadUserInput when there are too many."""
    at_most = most("list_max_items")
    if len(items) > at_most:
        message = (
            f"`{path}` has {len(items)} items; pass at most {at_most} and ask again for the rest"
        )
        raise over("list_max_items", len(items), message)
    return items


def given(where: Any, name: str) -> Any:
    """The value of an optional input field; None when it is absent."""
    some = getattr(where, name, None)
    return some.value if some is not None else None


def field_path(path: str, name: str) -> str:
    """The path of a field in an input, in the words of the schema."""
    first, *others = name.rstrip("_").split("_")
    return f"{path}.{first}{''.join(word.capitalize() for word in others)}"
