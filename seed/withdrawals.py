"""Whether an import would withdraw so much of what its list brought that a person should look.

A list that was cut, or that lost a sheet, looks like one that gave most of its records up.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import table_of
from seed.planned import PLANNED

_CLAIM = table_of(tables.Claim)
_STATE = table_of(tables.RecordState)
# Of each type of record that the list brought: so many in a hundred go without a question, and
# so few in any case, since a small list may well be made anew.
USUAL_PERCENT = 20
_ALWAYS = 10
ALL = 100


@dataclass(frozen=True)
class Excess:
    """Records of one type that would go, of all that the list brought."""

    type_name: str
    withdrawn: int
    held: int

    @property
    def percent(self) -> int:
        """The share that goes, rounded up: what has to be allowed."""
        return -(-100 * self.withdrawn // self.held)

    def __str__(self) -> str:
        share = f"{self.withdrawn:,} of {self.held:,} records"
        return f"{self.type_name}: {share} would be withdrawn ({self.percent} %)"


class HeldBack(ValueError):  # it names the list, not the failure of the code
    """An import that would withdraw more than is allowed; nothing is changed."""

    def __init__(self, found: tuple[Excess, ...]) -> None:
        self.found = found
        super().__init__(held(found) + "; " + remedy(found))


def held(found: tuple[Excess, ...]) -> str:
    """What is held back, in numbers."""
    return f"held back, nothing is changed: {', '.join(map(str, found))}"


def remedy(found: tuple[Excess, ...]) -> str:
    """What to write if it is meant."""
    percent = max(each.percent for each in found)
    return f"look at the list; if they should go, write --allow-withdrawals {percent}"


def excess(
    connection: sa.Connection, feed_id: int | None, allowed_percent: int
) -> tuple[Excess, ...]:
    """The types of record of which the plan withdraws too many."""
    if feed_id is None or allowed_percent >= ALL:
        return ()
    number = sa.func.count()
    going = (
        sa.select(PLANNED.c.type_name, number)
        .where(PLANNED.c.action == Action.WITHDRAWN.value)
        .group_by(PLANNED.c.type_name)
        .having(number > _ALWAYS)
        .order_by(PLANNED.c.type_name)
    )
    found = []
    for type_name, withdrawn in connection.execute(going).all():
        held = _held(connection, feed_id, type_name)
        if 100 * withdrawn > allowed_percent * held:
            found.append(Excess(type_name, withdrawn, held))
    return tuple(found)


def _held(connection: sa.Connection, feed_id: int, type_name: str) -> int:
    """The records of a type that a list brought, those included that are shown as another's."""
    state, claim = _STATE.c, _CLAIM.c
    shown = sa.select(sa.func.count()).where(
        state.feed_id == feed_id, state.type_name == type_name, state.withdrawn_id.is_(None)
    )
    claimed = sa.select(sa.func.count()).where(
        claim.feed_id == feed_id, claim.type_name == type_name
    )
    return (connection.scalar(shown) or 0) + (connection.scalar(claimed) or 0)
