"""Columns and links that follow from other rows, wherever those came from; after a plan is applied.

A change here is written into the log as well, so that whoever follows it misses nothing.
"""

import json

import sqlalchemy as sa

from graph.domain.codes import Action
from graph.storage import tables
from graph.storage.tables import columns_of, table_of
from seed.planned import ACTIONS_THAT_INSERT, ACTIONS_THAT_UPDATE, DERIVED_PLACE, PLANNED
from seed.write import finish, insert_in_order

_COLLECTIVITY = table_of(tables.Collectivity)
_INITIATIVE = table_of(tables.Initiative)
_AWARD = columns_of(tables.Award)
_WITHIN = ("departement_id", "region_id", "epci_id", "ept_id", "commune_id")
# Bodies of bodies of bodies.
_DEPTH_MAX = 20


def derive(connection: sa.Connection) -> None:
    """Brings everything that derives to what the tables of records say."""
    _place_bodies(connection)
    _date_initiatives(connection)
    _link(connection, table_of(tables.InitiativeCategory), "category_id")
    _link(connection, table_of(tables.InitiativeSource), "source_id")


def _place_bodies(connection: sa.Connection) -> None:
    """A body lies where the territory lies that it belongs to, over other bodies if need be.

    What has no official code has a slug instead: it alone has lower case letters.
    """
    above = _COLLECTIVITY.alias("above")
    body = _COLLECTIVITY.c
    differs = sa.or_(*(body[name].is_distinct_from(above.c[name]) for name in _WITHIN))
    move = (
        sa.update(_COLLECTIVITY)
        .where(body.parent_id == above.c.id, body.code != sa.func.upper(body.code), differs)
        .values({name: above.c[name] for name in _WITHIN})
    )
    for _ in range(_DEPTH_MAX):
        if not connection.execute(move).rowcount:
            return


def _date_initiatives(connection: sa.Connection) -> None:
    """The year of an initiative is that of its first award."""
    initiative = _INITIATIVE.c
    first = (
        sa.select(sa.func.min(_AWARD.year))
        .where(_AWARD.initiative_id == initiative.id)
        .scalar_subquery()
    )
    stale = sa.select(initiative.uid, initiative.year, first).where(
        initiative.year.is_distinct_from(first)
    )
    is_new = sa.exists().where(
        PLANNED.c.uid == initiative.uid, PLANNED.c.action.in_(ACTIONS_THAT_INSERT)
    )
    for uid, before, year in connection.execute(stale.where(~is_new)).all():
        _tell(connection, uid, {"year": [before, year]})
    connection.execute(
        sa.update(_INITIATIVE).where(initiative.year.is_distinct_from(first)).values(year=first)
    )


def _tell(connection: sa.Connection, uid: str, fields: dict[str, list[int | None]]) -> None:
    """Adds to what is planned of an initiative that was there before."""
    plan = PLANNED.c
    known = connection.execute(sa.select(plan.action, plan.fields).where(plan.uid == uid)).first()
    if known is None:
        row = {
            "uid": uid,
            "type_name": "Initiative",
            "place": DERIVED_PLACE,
            "action": Action.CHANGED,
        }
        connection.execute(sa.insert(PLANNED).values(**row, fields=json.dumps(fields)))
    elif known.action in ACTIONS_THAT_UPDATE:
        told = json.loads(known.fields or "{}") | fields
        connection.execute(
            sa.update(PLANNED)
            .where(plan.uid == uid)
            .values(action=Action.CHANGED.value, fields=json.dumps(told, ensure_ascii=False))
        )


def _link(connection: sa.Connection, link: sa.Table, column: str) -> None:
    """Each category or source that an award of an initiative has, once."""
    owner, other = link.c.initiative_id, link.c[column]
    award = (_AWARD.initiative_id == owner, _AWARD[column] == other)
    connection.execute(sa.delete(link).where(~sa.exists().where(*award)))
    pairs = (
        sa.select(_AWARD.initiative_id.label("initiative_id"), _AWARD[column].label("other"))
        .where(_AWARD.initiative_id.is_not(None), _AWARD[column].is_not(None))
        .distinct()
        .subquery()
    )
    known = sa.exists().where(owner == pairs.c.initiative_id, other == pairs.c.other)
    rows = sa.select(pairs.c.initiative_id, pairs.c.other).where(~known)
    insert_in_order(connection, link, ["initiative_id", column], rows, [*pairs.c])
    finish(connection, link)
