"""Filters on single values. Given operators must all hold; an absent one asks nothing."""

import strawberry
from strawberry import Maybe

from graph.schema import prices
from graph.schema.enums import Kind, Level, Qualifier, Role, RunStatus
from graph.schema.scalars import Decimal, PartialDate

_NULLS = "A value that is unknown (null) satisfies none of them but `isNull: true`."


@strawberry.input(description=f"Conditions on a code or short name, compared exactly. {_NULLS}")
class StringFilter:
    eq: Maybe[str] = strawberry.field(description="Is this value.")
    ne: Maybe[str] = strawberry.field(description="Is known and another value.")
    in_: Maybe[list[str]] = strawberry.field(
        name="in", description="Is one of these values; at most 200."
    )
    not_in: Maybe[list[str]] = strawberry.field(
        description="Is known and none of these values; at most 200."
    )
    starts_with: Maybe[str] = strawberry.field(
        description="Begins with this, letter by letter. Read from an index."
    )
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(
    description=(
        "Conditions on a text. `contains` and `startsWith` compare without case, accents, "
        "ligatures, hyphens and apostrophes: `oeuvre d art` is found in « Œuvre d’art ». The "
        f"others compare exactly. {_NULLS}"
    )
)
class TextFilter:
    eq: Maybe[str] = strawberry.field(description="Is this value.")
    ne: Maybe[str] = strawberry.field(description="Is known and another value.")
    in_: Maybe[list[str]] = strawberry.field(
        name="in", description="Is one of these values; at most 200."
    )
    not_in: Maybe[list[str]] = strawberry.field(
        description="Is known and none of these values; at most 200."
    )
    contains: Maybe[str] = strawberry.field(
        description="Has this somewhere in it. Reads every text; `search` is faster for words.",
        metadata=prices.CONTAINS,
    )
    starts_with: Maybe[str] = strawberry.field(description="Begins with this. Read from an index.")
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description="Whole numbers from one to another, both included.")
class IntRange:
    from_: int = strawberry.field(name="from", description="The least.")
    to: int = strawberry.field(description="The greatest.")


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
    between: Maybe[IntRange] = strawberry.field(description="Lies between these, or is one.")
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description="Decimal numbers from one to another, both included.")
class DecimalRange:
    from_: Decimal = strawberry.field(name="from", description="The least.")
    to: Decimal = strawberry.field(description="The greatest.")


@strawberry.input(description=f"Conditions on a decimal number. {_NULLS}")
class DecimalFilter:
    eq: Maybe[Decimal] = strawberry.field(description="Is this value.")
    ne: Maybe[Decimal] = strawberry.field(description="Is known and another value.")
    in_: Maybe[list[Decimal]] = strawberry.field(
        name="in", description="Is one of these values; at most 200."
    )
    not_in: Maybe[list[Decimal]] = strawberry.field(
        description="Is known and none of these values; at most 200."
    )
    lt: Maybe[Decimal] = strawberry.field(description="Is less than this value.")
    lte: Maybe[Decimal] = strawberry.field(description="Is at most this value.")
    gt: Maybe[Decimal] = strawberry.field(description="Is greater than this value.")
    gte: Maybe[Decimal] = strawberry.field(description="Is at least this value.")
    between: Maybe[DecimalRange] = strawberry.field(description="Lies between these, or is one.")
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description="Dates from one to another, both included.")
class PartialDateRange:
    from_: PartialDate = strawberry.field(name="from", description="The first.")
    to: PartialDate = strawberry.field(description="The last.")


@strawberry.input(
    description=(
        "Conditions on a partial date. One holds when it does for every day that the date may "
        "be: `2017` is `gte: 2017` and `lt: 2018`, but neither before nor after `2017-06`; "
        f"`eq: 2017` holds for all dates in 2017. {_NULLS}"
    )
)
class PartialDateFilter:
    eq: Maybe[PartialDate] = strawberry.field(description="Lies in this year, month or day.")
    ne: Maybe[PartialDate] = strawberry.field(description="Is known to lie outside it.")
    in_: Maybe[list[PartialDate]] = strawberry.field(
        name="in", description="Lies in one of these; at most 200."
    )
    not_in: Maybe[list[PartialDate]] = strawberry.field(
        description="Is known to lie outside of all of these; at most 200."
    )
    lt: Maybe[PartialDate] = strawberry.field(description="Is over when this begins.")
    lte: Maybe[PartialDate] = strawberry.field(description="Is over no later than this.")
    gt: Maybe[PartialDate] = strawberry.field(description="Begins when this is over.")
    gte: Maybe[PartialDate] = strawberry.field(description="Begins no sooner than this.")
    between: Maybe[PartialDateRange] = strawberry.field(description="Lies within these.")
    is_null: Maybe[bool] = strawberry.field(description="Is unknown (true) or known (false).")


@strawberry.input(description="Conditions on a yes or no.")
class BooleanFilter:
    eq: Maybe[bool] = strawberry.field(description="Is this value.")


@strawberry.input(description="Conditions on the postal codes of a commune: one of them is such.")
class PostalCodeFilter:
    eq: Maybe[str] = strawberry.field(description="Is this code.")
    in_: Maybe[list[str]] = strawberry.field(
        name="in", description="Is one of these codes; at most 200."
    )
    starts_with: Maybe[str] = strawberry.field(description="Begins with these digits.")


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


@strawberry.input(description="Conditions on how a figure relates to the true one.")
class QualifierFilter:
    eq: Maybe[Qualifier] = strawberry.field(description="Is this qualifier.")
    ne: Maybe[Qualifier] = strawberry.field(description="Is another qualifier.")
    in_: Maybe[list[Qualifier]] = strawberry.field(
        name="in", description="Is one of these qualifiers."
    )
    not_in: Maybe[list[Qualifier]] = strawberry.field(description="Is none of these qualifiers.")
    is_null: Maybe[bool] = strawberry.field(description="Is exact (true) or qualified (false).")


@strawberry.input(description="Conditions on how a look at a list ended.")
class RunStatusFilter:
    eq: Maybe[RunStatus] = strawberry.field(description="Is this status.")
    ne: Maybe[RunStatus] = strawberry.field(description="Is another status.")
    in_: Maybe[list[RunStatus]] = strawberry.field(
        name="in", description="Is one of these statuses."
    )
    not_in: Maybe[list[RunStatus]] = strawberry.field(description="Is none of these statuses.")


@strawberry.input(description="Conditions on how a collectivity takes part in an initiative.")
class RoleFilter:
    eq: Maybe[Role] = strawberry.field(description="Is this role.")
    ne: Maybe[Role] = strawberry.field(description="Is another role.")
    in_: Maybe[list[Role]] = strawberry.field(name="in", description="Is one of these roles.")
    not_in: Maybe[list[Role]] = strawberry.field(description="Is none of these roles.")
