"""Filters on single values. Given operators must all hold; an absent one asks nothing."""

import strawberry
from strawberry import Maybe

from graph.schema.enums import Kind, Level

_NULLS = "A value that is unknown (null) satisfies none of them but `isNull: true`."


@strawberry.input(description=f"Conditions on a text, compared exactly. {_NULLS}")
class StringFilter:
    eq: Maybe[str] = strawberry.field(description="Is this value.")
    ne: Maybe[str] = strawberry.field(description="Is known and another value.")
    in_: Maybe[list[str]] = strawberry.field(
        name="in", description="Is one of these values; at most 200."
    )
    not_in: Maybe[list[str]] = strawberry.field(
        description="Is known and none of these values; at most 200."
    )
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description=f"Conditions on a whole number. {_NULLS}")
class IntFilter:
    eq: Maybe[int] = strawberry.field(description="Is this value.")
    ne: Maybe[int] = strawberry.field(description="Is known and another value.")
    in_: Maybe[list[int]] = strawberry.field(
        name="in", description="Is one of these values; at most 200."
    )
    not_in: Maybe[list[int]] = strawberry.field(
        description="Is known and none of these values; at most 200."
    )
    lt: Maybe[int] = strawberry.field(description="Is less than this value.")
    lte: Maybe[int] = strawberry.field(description="Is at most this value.")
    gt: Maybe[int] = strawberry.field(description="Is greater than this value.")
    gte: Maybe[int] = strawberry.field(description="Is at least this value.")
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description="Conditions on a yes or no.")
class BooleanFilter:
    eq: Maybe[bool] = strawberry.field(description="Is this value.")


@strawberry.input(description="Conditions on the kind of a collectivity.")
class KindFilter:
    eq: Maybe[Kind] = strawberry.field(description="Is this kind.")
    ne: Maybe[Kind] = strawberry.field(description="Is another kind.")
    in_: Maybe[list[Kind]] = strawberry.field(name="in", description="Is one of these kinds.")
    not_in: Maybe[list[Kind]] = strawberry.field(description="Is none of these kinds.")


@strawberry.input(description="Conditions on the level of an award.")
class LevelFilter:
    eq: Maybe[Level] = strawberry.field(description="Is this level.")
    ne: Maybe[Level] = strawberry.field(description="Is another level.")
    in_: Maybe[list[Level]] = strawberry.field(name="in", description="Is one of these levels.")
    not_in: Maybe[list[Level]] = strawberry.field(description="Is none of these levels.")
