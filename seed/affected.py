"""Which entries of the search an import touches: by itself, and by what they tell of others.

Asked before the plan is applied and after it, since a link may go as well as come.
"""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from graph.storage import tables
from graph.storage.tables import Text, columns_of, table_of
from seed.planned import HIDDEN, PLANNED

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


def start(connection: sa.Connection) -> None:
    """Empties the list."""
    AFFECTED.drop(connection, checkfirst=True)
    AFFECTED.create(connection)


def mark(connection: sa.Connection) -> None:
    """Adds what the plan touches by the links that are there now."""
    for type_name, statement in _statements():
        found = statement.subquery()
        connection.execute(
            sa.insert(AFFECTED).from_select(
                ["type_name", "record_id"], sa.select(sa.literal(type_name), found.c.id)
            )
        )


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


def _planned(uid: sa.ColumnElement[str], type_name: str) -> sa.ColumnElement[bool]:
    plan = PLANNED.c
    planned = sa.select(plan.uid).where(plan.type_name == type_name, plan.action.not_in(HIDDEN))
    return uid.in_(planned)


def _statements() -> Iterator[tuple[str, sa.Select[tuple[int]]]]:
    place, theme = _COLLECTIVITY.c, _CATEGORY.c
    initiative, award = _INITIATIVE.c, _AWARD.c
    planned_places = sa.select(place.id).where(_planned(place.uid, "Collectivity"))
    yield "Collectivity", planned_places
    # A name is shown with its département.
    named_after = sa.select(place.id).where(place.departement_id.in_(planned_places))
    yield "Collectivity", named_after
    planned_themes = sa.select(theme.id).where(_planned(theme.uid, "Category"))
    yield "Category", planned_themes
    planned_awards = _planned(award.uid, "Award")
    yield "Initiative", sa.select(initiative.id).where(_planned(initiative.uid, "Initiative"))
    yield (
        "Initiative",
        sa.select(award.initiative_id.label("id")).where(
            planned_awards, award.initiative_id.is_not(None)
        ),
    )
    for places in (planned_places, named_after):
        yield (
            "Initiative",
            sa.select(_HOLDER.initiative_id.label("id")).where(_HOLDER.collectivity_id.in_(places)),
        )
        yield (
            "Award",
            sa.select(_LAUREATE.award_id.label("id")).where(_LAUREATE.collectivity_id.in_(places)),
        )
    yield (
        "Initiative",
        sa.select(_THEME.initiative_id.label("id")).where(_THEME.category_id.in_(planned_themes)),
    )
    yield "Award", sa.select(award.id).where(planned_awards)
    yield "Award", sa.select(award.id).where(award.category_id.in_(planned_themes))
    editions = sa.select(_EDITION.id).where(
        _planned(_EDITION.uid, "Edition")
        | _EDITION.prize_id.in_(sa.select(_PRIZE.c.id).where(_planned(_PRIZE.c.uid, "Prize")))
    )
    yield "Award", sa.select(award.id).where(award.edition_id.in_(editions))
    initiatives = sa.select(initiative.id).where(_planned(initiative.uid, "Initiative"))
    yield "Award", sa.select(award.id).where(award.initiative_id.in_(initiatives))
