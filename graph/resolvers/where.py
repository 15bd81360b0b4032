"""`where` arguments → criteria, by one table of fields for each type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import sqlalchemy as sa

from graph.domain.errors import BadUserInput
from graph.domain.limits import LIST_MAX_ITEMS, WHERE_MAX_CONDITIONS, WHERE_MAX_DEPTH
from graph.resolvers.argument import checked_text
from graph.storage.criteria import (
    SET_OPERATORS,
    Compare,
    Criterion,
    Either,
    Every,
    Not,
    Related,
)

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


@dataclass(frozen=True, slots=True)
class Relative:
    """A field that filters by a related record: `column` of this one is the other's `key`.

    `through` names the columns of a link table that stand for this record and for the other.
    """

    column: sa.ColumnElement[Any]
    key: sa.ColumnElement[Any]
    fields: Callable[[], "Fields"]
    through: tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]] | None = None

    def holds(self, part: Criterion) -> Criterion:
        """The related record satisfies `part`."""
        if self.through is None:
            return Related(self.column, self.key, part)
        near, far = self.through
        return Related(self.column, near, Related(far, self.key, part))


Fields = Mapping[str, sa.ColumnElement[Any] | Relative]


def to_criterion(where: Any, fields: Fields) -> Criterion | None:
    """The criterion of a `where` input; None when it asks nothing. All given fields must hold.

    BadUserInput for a list or text that is too long, and for too many or too deep conditions.
    """
    if where is None:
        return None
    criterion = _criterion(where, fields, "where")
    if criterion:
        depth, conditions = _size(criterion)
        if depth > WHERE_MAX_DEPTH or conditions > WHERE_MAX_CONDITIONS:
            raise BadUserInput(
                f"`where` has {conditions} conditions, {depth} deep; write at most "
                f"{WHERE_MAX_CONDITIONS}, {WHERE_MAX_DEPTH} deep, and `in` for many values"
            )
    return criterion


def _size(criterion: Criterion) -> tuple[int, int]:
    """How deep a criterion is, and how many conditions it has."""
    match criterion:
        case Every(parts) | Either(parts):
            sizes = [_size(part) for part in parts]
        case Not(part) | Related(_, _, part):
            sizes = [_size(part)]
        case _:
            return 1, 1
    return (
        1 + max((depth for depth, _ in sizes), default=0),
        sum(conditions for _, conditions in sizes),
    )


def _criterion(where: Any, fields: Fields, path: str) -> Criterion | None:
    parts: list[Criterion] = []
    for name, field in fields.items():
        asked = _given(where, name)
        if asked is not None:
            parts.extend(_field_parts(asked, field, f"{path}.{name}"))
    for name, combine in (("and_", Every), ("or_", Either)):
        asked = _given(where, name)
        if asked is not None:
            label = f"{path}.{name.rstrip('_')}"
            inner = _bounded(asked, label)
            parts.append(combine(tuple(_whole(part, fields, label) for part in inner)))
    if (asked := _given(where, "not_")) is not None:
        parts.append(Not(_whole(asked, fields, f"{path}.not")))
    return parts[0] if len(parts) == 1 else Every(tuple(parts)) if parts else None


def _whole(where: Any, fields: Fields, path: str) -> Criterion:
    # `{}` asks nothing, so everything satisfies it.
    return _criterion(where, fields, path) or Every(())


def _field_parts(asked: Any, field: sa.ColumnElement[Any] | Relative, path: str) -> list[Criterion]:
    if isinstance(field, Relative):
        part = _criterion(asked, field.fields(), path)
        return [field.holds(part)] if part else []
    return [
        Compare(field, operator, _value(value, operator, f"{path}.{attribute.rstrip('_')}"))
        for attribute, operator in _OPERATORS.items()
        if (value := _given(asked, attribute)) is not None
    ]


def _value(value: Any, operator: str, path: str) -> Any:
    if operator in SET_OPERATORS:
        return tuple(_scalar(item, path) for item in _bounded(value, path))
    return _scalar(value, path)


def _scalar(value: Any, path: str) -> Any:
    if isinstance(value, Enum):
        return value.value
    return checked_text(path, value) if isinstance(value, str) else value


def _bounded(items: list[Any], path: str) -> list[Any]:
    if len(items) > LIST_MAX_ITEMS:
        raise BadUserInput(
            f"`{path}` has {len(items)} items; pass at most {LIST_MAX_ITEMS} "
            "and ask again for the rest"
        )
    return items


def _given(where: Any, name: str) -> Any:
    """The value of an optional input field; None when it is absent."""
    some = getattr(where, name, None)
    return some.value if some is not None else None
