"""What an operation costs, known before it is run: points of work, and rows asked for.

Each position of an operation asks for so many rows of each row above it, so that its cost is a
sum over its positions. What does not depend on variables is summed up when the sum is made; for
a document that was met before the rest takes some microseconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple, Protocol

from graph.execution.declaration import NO_SURCHARGE, Surcharge
from graph.execution.guard import Refused, refusal
from graph.execution.surcharges import Given, Variable
from graph.settings import Limits

Variables = dict[str, Any]
# Variables and the values that they must have: all of them, for a field to be asked.
Conditions = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """Points, rows asked for, and how deep they are nested.

    A dry run reads none of them, so that it is `charged` only what the schema tells of itself.
    """

    points: int
    nodes: int
    depth: int
    charged: int
    is_dry: bool = False

    def told(self) -> dict[str, int]:
        """What callers are told."""
        return {"points": self.points, "nodes": self.nodes, "depth": self.depth}


class Amount(NamedTuple):
    """Points however many parents there are, points and rows for each of them."""

    once: float = 0
    points: float = 0
    nodes: float = 0


NOTHING = Amount()


class Part(Protocol):
    """What a part of an operation costs."""

    def of(self, variables: Variables) -> Amount:
        """The amount under these variables."""

    def places(self, variables: Variables, parents: float) -> Iterator[tuple[float, str]]:
        """How many rows are asked for at which places."""


@dataclass(frozen=True, slots=True)
class Known:
    """A part that does not depend on variables, and what it was before it was summed up."""

    amount: Amount
    part: Part | None = None

    def of(self, _variables: Variables) -> Amount:
        """The amount, whatever the variables."""
        return self.amount

    def places(self, variables: Variables, parents: float) -> Iterator[tuple[float, str]]:
        """The places of the part."""
        if self.part:
            yield from self.part.places(variables, parents)


@dataclass(frozen=True, slots=True)
class _Sum:
    """Parts beside each other."""

    parts: tuple[Part, ...]

    def of(self, variables: Variables) -> Amount:
        once = points = nodes = 0.0
        for part in self.parts:
            amount = part.of(variables)
            once += amount.once
            points += amount.points
            nodes += amount.nodes
        return Amount(once, points, nodes)

    def places(self, variables: Variables, parents: float) -> Iterator[tuple[float, str]]:
        for part in self.parts:
            yield from part.places(variables, parents)


def sum_of(parts: list[Part]) -> Part:
    """Parts beside each other; what is known of them is summed up now."""
    known = tuple(part for part in parts if isinstance(part, Known))
    others = [part for part in parts if not isinstance(part, Known)]
    whole = _Sum(known)
    summed = Known(whole.of({}), whole)
    return _Sum((summed, *others)) if others else summed


@dataclass(frozen=True, slots=True)
class _OneOf:
    """Parts of which each row has one, though the rows may be of all of them."""

    parts: tuple[Part, ...]

    def of(self, variables: Variables) -> Amount:
        amounts = [part.of(variables) for part in self.parts]
        return Amount(
            sum(amount.once for amount in amounts),
            max(amount.points for amount in amounts),
            max(amount.nodes for amount in amounts),
        )

    def places(self, variables: Variables, parents: float) -> Iterator[tuple[float, str]]:
        for part in self.parts:
            yield from part.places(variables, parents)


def one_of(parts: list[Part]) -> Part:
    """What costs most of these, for rows; and asking all of them."""
    whole = _OneOf(tuple(parts))
    return Known(whole.of({}), whole) if all(isinstance(part, Known) for part in parts) else whole


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows are asked for: `usual` unless an argument says it, `most` at most."""

    usual: float
    most: float
    given: tuple[Any, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether no variable says it."""
        return not any(isinstance(value, Variable) for value in self.given)

    def of(self, variables: Variables) -> float:
        """The number under these variables; what cannot be one is refused when it is run."""
        for value in self.given:
            size = variables.get(value.name) if isinstance(value, Variable) else value
            if isinstance(size, list):
                return min(len(size), self.most)
            if isinstance(size, int | float) and not isinstance(size, bool):
                return max(0, min(size, self.most))
        return self.usual


@dataclass(frozen=True, slots=True)
class Position:
    """An edge. `below` is asked of each of its rows, `beside` of each list of them."""

    path: str
    rows: Rows
    per_row: float
    is_counted: bool
    extra: Surcharge = NO_SURCHARGE
    given: tuple[Given, ...] = ()
    conditions: tuple[Conditions, ...] = ()
    below: Part = Known(NOTHING)
    beside: Part = Known(NOTHING)

    def summed(self) -> Part:
        """The position, summed up if no variable changes what it costs."""
        is_known = (
            isinstance(self.below, Known)
            and isinstance(self.beside, Known)
            and self.rows.is_known
            and not self.given
            and not self.conditions
        )
        return Known(self.of({}), self) if is_known else self

    def of(self, variables: Variables) -> Amount:
        """The amount under these variables."""
        if not self._is_asked(variables):
            return NOTHING
        rows = self.rows.of(variables)
        below, beside = self.below.of(variables), self.beside.of(variables)
        once, per_parent = self.extra.once, self.extra.per_parent
        for given in self.given:
            surcharge = given.of(variables)
            once += surcharge.once
            per_parent += surcharge.per_parent
        return Amount(
            once + below.once + beside.once,
            per_parent + rows * (self.per_row + below.points) + beside.points,
            rows * (self.is_counted + below.nodes) + beside.nodes,
        )

    def _is_asked(self, variables: Variables) -> bool:
        return not self.conditions or any(
            all(variables.get(name) is wanted for name, wanted in all_of)
            for all_of in self.conditions
        )

    def places(self, variables: Variables, parents: float) -> Iterator[tuple[float, str]]:
        """The place itself, and those below it."""
        if self._is_asked(variables):
            rows = parents * self.rows.of(variables)
            if self.is_counted:
                yield rows, self.path
            yield from self.below.places(variables, rows)
            yield from self.beside.places(variables, parents)


@dataclass(frozen=True, slots=True)
class OperationCost:
    """The cost of an operation, as a function of its variables.

    `introspection` is the part that a dry run asks as well; `dry_run` is what the operation says
    of it: true, false or a variable.
    """

    depth: int
    part: Part
    introspection: Part
    defaults: Variables
    dry_run: Any

    def of(self, variables: Variables | None) -> Cost:
        """The cost under these variables, as they are sent."""
        values = self._values(variables)
        once, each, nodes = self.part.of(values)
        points = charged = max(1, ceil(once + each))
        dry = self.dry_run
        is_dry = (values.get(dry.name) if isinstance(dry, Variable) else dry) is True
        if is_dry:
            once, each, _ = self.introspection.of(values)
            charged = ceil(once + each)
        return Cost(points, ceil(nodes), self.depth, charged, is_dry)

    def check(self, cost: Cost, variables: Variables | None, limits: Limits) -> None:
        """Refused when the operation asks for more than is given."""
        nodes = 0 if cost.is_dry else cost.nodes
        if nodes <= limits.operation_max_nodes and cost.charged <= limits.operation_max_points:
            return
        where = self._where(variables)
        asked = {"operation_max_nodes": nodes, "operation_max_points": cost.charged}
        errors = [
            refusal(limits, name, actual, where)
            for name, actual in asked.items()
            if actual > getattr(limits, name)
        ]
        raise Refused(errors, cost)

    def _where(self, variables: Variables | None) -> str:
        rows, path = max(self.part.places(self._values(variables), 1), default=(0, ""))
        return f"most rows are asked for at `{path}`, {rows:,.0f}; " if rows > 1 else ""

    def _values(self, variables: Variables | None) -> Variables:
        sent = variables or {}
        return {**self.defaults, **sent} if self.defaults else sent
