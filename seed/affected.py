"""Which entries of the search an import touches: by itself, and by what they tell of others.

Asked before the plan is applied and after it, since a link may go as well as come.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import Text, columns_of, table_of
from seed.planned import ACTIONS_THAT_INSERT, ACTIONS_THAT_UPDATE, PLANNED, Actions

AFFECTED = sa.Table(
    "affected",
    sa.MetaData(),
    sa.Column("type_name", Text),
    sa.Column("record_id", sa.Integer),
    prefixes=["TEMPORARY"],
)

_COLLECTIVITY = table_of(tables.Collectivity)
_CATEGORY = table_of(tables.Category)
_EDITION = columns_of(tables.Edition)
_PRIZE = table_of(tables.Prize)
_INITIATIVE = table_of(tables.Initiative)
_AWARD = table_of(tables.Award)
_LAUREATE = columns_of(tables.Laureate)
_HOLDER = columns_of(tables.InitiativeHolder)
_THEME = columns_of(tables.InitiativeCategory)

# The types of record that have an entry.
SEARCHED: Final = {
    "Collectivity": _COLLECTIVITY,
    "Category": _CATEGORY,
    "Initiative": _INITIATIVE,
    "Award": _AWARD,
}

# What is planned of records that are there before the plan is applied, and after.
BEFORE: Final = (*ACTIONS_THAT_UPDATE, Action.WITHDRAWN.value)
AFTER: Final = (*ACTIONS_THAT_INSERT, *ACTIONS_THAT_UPDATE)


def start(connection: sa.Connection) -> None:
    """Empties the list."""
    AFFECTED.drop(connection, checkfirst=True)
    AFFECTED.create(connection)


def mark(connection: sa.Connection, actions: Actions, of: Sequence[str]) -> None:
    """Adds what the plan touches by the links that are there now; of records planned so."""
    for type_name, statements in _touched(actions, of).items():
        if statements:
            found = sa.union(*statements).subquery()
            rows = sa.select(sa.literal(type_name), found.c.id)
            connection.execute(sa.insert(AFFECTED).from_select(["type_name", "record_id"], rows))


def mark_all(connection: sa.Connection) -> None:
    """Adds every record that has an entry."""
    for type_name, table in SEARCHED.items():
        found = sa.select(sa.literal(type_name), table.c.id)
        connection.execute(sa.insert(AFFECTED).from_select(["type_name", "record_id"], found))


def ids(connection: sa.Connection, size: int) -> Iterator[tuple[str, list[int]]]:
    """The ids of what is touched by type, in lists, from the lowest."""
    for type_name in SEARCHED:
        after = 0
        record_id = AFFECTED.c.record_id
        statement = sa.select(record_id).distinct().where(AFFECTED.c.type_name == type_name)
        while True:
            page = statement.where(record_id > after).order_by(record_id).limit(size)
            found = list(connection.scalars(page))
            if not found:
                break
            yield type_name, found
            after = found[-1]


def count(connection: sa.Connection) -> int:
    """How many records are touched."""
    distinct = sa.select(AFFECTED.c.type_name, AFFECTED.c.record_id).distinct().subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(distinct)) or 0


def close(connection: sa.Connection) -> None:
    """Makes the list fit to be read in order."""
    # Not as a part of the table, which other threads create as well.
    connection.exec_driver_sql("CREATE INDEX ix_affected ON affected (type_name, record_id)")


def has_any(connection: sa.Connection, type_name: str) -> bool:
    """Whether something of a type is touched."""
    statement = sa.select(AFFECTED.c.record_id).where(AFFECTED.c.type_name == type_name).limit(1)
    return connection.execute(statement).first() is not None


def _touched(actions: Actions, of: Sequence[str]) -> dict[str, list[sa.Select[tuple[int]]]]:
    """The ids of what the plan touches, by type; what is not planned takes no statement."""
    place, theme, prize = _COLLECTIVITY.c, _CATEGORY.c, _PRIZE.c
    initiative, award = _INITIATIVE.c, _AWARD.c

    def planned(type_name: str, uid: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        plan = PLANNED.c
        return uid.in_(sa.select(plan.uid).where(plan.type_name == type_name, plan.action.in_(of)))

    found: dict[str, list[sa.Select[tuple[int]]]] = {type_name: [] for type_name in SEARCHED}
    if actions.have("Collectivity", of):
        planned_places = sa.select(place.id).where(planned("Collectivity", place.uid))
        # A name is shown with its département.
        named_after = sa.select(place.id).where(place.departement_id.in_(planned_places))
        for places in (planned_places, named_after):
            found["Collectivity"].append(places)
            held = sa.select(_HOLDER.initiative_id.label("id"))
            found["Initiative"].append(held.where(_HOLDER.collectivity_id.in_(places)))
            won = sa.select(_LAUREATE.award_id.label("id"))
            found["Award"].append(won.where(_LAUREATE.collectivity_id.in_(places)))
    if actions.have("Category", of):
        themes = sa.select(theme.id).where(planned("Category", theme.uid))
        found["Category"].append(themes)
        linked = sa.select(_THEME.initiative_id.label("id"))
        found["Initiative"].append(linked.where(_THEME.category_id.in_(themes)))
        found["Award"].append(sa.select(award.id).where(award.category_id.in_(themes)))
    if actions.have("Prize", of) or actions.have("Edition", of):
        prizes = sa.select(prize.id).where(planned("Prize", prize.uid))
        editions = sa.select(_EDITION.id).where(
            planned("Edition", _EDITION.uid) | _EDITION.prize_id.in_(prizes)
        )
        found["Award"].append(sa.select(award.id).where(award.edition_id.in_(editions)))
    if actions.have("Initiative", of):
        initiatives = sa.select(initiative.id).where(planned("Initiative", initiative.uid))
        found["Initiative"].append(initiatives)
        found["Award"].append(sa.select(award.id).where(award.initiative_id.in_(initiatives)))
    if actions.have("Award", of):
        awards = planned("Award", award.uid)
        found["Award"].append(sa.select(award.id).where(awards))
        rewarded = sa.select(award.initiative_id.label("id"))
        found["Initiative"].append(rewarded.where(awards, award.initiative_id.is_not(None)))
    return found
