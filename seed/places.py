"""What lies in each région and département, in the order of its list, from the rows as they are."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.storage import tables
from graph.storage.tables import columns_of, table_of
from seed import affected, write

_PLACE = table_of(tables.Collectivity).alias("place")
_TABLES: tuple[tuple[str, type[SQLModel], type[SQLModel], type[SQLModel], str], ...] = (
    ("Award", tables.AwardPlace, tables.Award, tables.Laureate, "award_id"),
    (
        "Initiative",
        tables.InitiativePlace,
        tables.Initiative,
        tables.InitiativeHolder,
        "initiative_id",
    ),
)


def update(connection: sa.Connection) -> None:
    """Places what an import touches; all, where it touches territories."""
    if affected.has_any(connection, "Collectivity"):
        replace(connection)
        return
    listed = affected.AFFECTED.c
    for type_name, *_, name in _TABLES:
        if affected.has_any(connection, type_name):
            touched = sa.select(listed.record_id).where(listed.type_name == type_name)
            _place(connection, name, touched)


def replace(connection: sa.Connection) -> None:
    """Places all awards and initiatives, once in each territory, with their first winner there."""
    for *_, name in _TABLES:
        _place(connection, name)


def _place(
    connection: sa.Connection, name: str, touched: sa.Select[tuple[int]] | None = None
) -> None:
    table, record, query = placed(name)
    stale = sa.delete(table)
    if touched is not None:
        query = query.where(record.c.id.in_(touched))
        stale = stale.where(table.c[name].in_(touched))
    connection.execute(stale)
    names = [column.name for column in query.selected_columns]
    # In the order of the key, which fills one page after the other.
    rows = query.order_by(*(query.selected_columns[column.name] for column in table.primary_key))
    connection.execute(sa.insert(table).from_select(names, rows))
    write.finish(connection, table)


def placed(name: str) -> tuple[sa.Table, sa.Table, sa.Select[Any]]:
    """The table whose rows name a record by the column `name`, that of these records, its rows."""
    [(model, record_model, link_model)] = [of for _, *of, own in _TABLES if own == name]
    table, record, link = table_of(model), table_of(record_model), columns_of(link_model)
    collectivity, place = columns_of(tables.Collectivity), _PLACE
    order = [column.name for column in table.primary_key if column.name != "place_id"]
    shown: list[Any] = [
        place.c.id.label("place_id"),
        *(record.c[key] for key in order),
        record.c.id.label(name),
        sa.func.min(link.position).label("position"),
    ]
    query = (
        sa.select(*shown)
        .select_from(record)
        .join(table_of(link_model), link[name] == record.c.id)
        .join(table_of(tables.Collectivity), collectivity.id == link.collectivity_id)
        .join(place, place.c.id.in_((collectivity.region_id, collectivity.departement_id)))
        .group_by(place.c.id, record.c.id)
    )
    return table, record, query
