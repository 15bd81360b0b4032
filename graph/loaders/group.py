"""Groups: what the rows of each noun can be grouped by, counted and measured."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Kind, Level, PopulationClass
from graph.loaders.batch import ascending
from graph.storage.groups import (
    GROUP,
    MEMBER,
    Dimension,
    Join,
    Naming,
    Noun,
    Number,
    population_class,
)
from graph.storage.order import OrderKey
from graph.storage.selection import Relation
from graph.storage.tables import (
    Award,
    Category,
    Collectivity,
    Edition,
    Initiative,
    InitiativeCategory,
    InitiativeHolder,
    Laureate,
    Metric,
    Prize,
    columns_of,
    table_of,
)

_award, _edition, _prize = (columns_of(table) for table in (Award, Edition, Prize))
_initiative, _metric = columns_of(Initiative), columns_of(Metric)
_category, _collectivity = columns_of(Category), columns_of(Collectivity)

_TERRITORY = Naming(table_of(Collectivity), "code", "name", "name", is_territory=True)
_CATEGORY = Naming(table_of(Category), "slug", "label_fr", "label_en")
_PRIZE = Naming(table_of(Prize), "slug", "name", "name")

# What orders groups: the most of them first, then by the values that they are told apart by.
_ORDER = (OrderKey(GROUP.c.count, is_descending=True), OrderKey(GROUP.c.key))
groups = Relation("groups", "Group", GROUP, ascending(GROUP.c.key))
GROUP_ORDER = _ORDER
facet = Relation("facet", "FacetValue", GROUP, ascending(GROUP.c.key), GROUP.c.owner)
aggregate = Relation("aggregate", "Aggregate", GROUP, ascending(GROUP.c.key), GROUP.c.owner)
# The same of rows that belong to groups: their keys are texts.
_OF_GROUP = sa.type_coerce(GROUP.c.owner, sa.String)
facet_of_group = replace(facet, name="facet_of_group", match=_OF_GROUP)
aggregate_of_group = replace(aggregate, name="aggregate_of_group", match=_OF_GROUP)
group_by_ids = Relation("group_by_ids", "Group", GROUP, ascending(GROUP.c.key), GROUP.c.ids)


def members(of: Relation) -> Relation:
    """The rows of a root by the group that they belong to, in the root's order."""
    through = (MEMBER, MEMBER.c.id == of.target.c.id)
    return Relation(f"{of.name}_by_group", of.type_name, of.target, of.order, MEMBER.c.ids, through)


def _current(kind: Kind) -> sa.Select[Any]:
    is_current = sa.and_(
        _collectivity.kind == sa.literal_column(f"'{kind}'"), _collectivity.is_current
    )
    return sa.select(_collectivity.id.label("value")).where(is_current)


def _territories(place: Any, joins: tuple[Join, ...]) -> dict[str, Dimension]:
    """The dimensions of a collectivity, however it is joined."""
    return {
        "KIND": Dimension("KIND", "kind", place.kind, joins, values=tuple(Kind)),
        "REGION": Dimension(
            "REGION",
            "region_id",
            place.region_id,
            joins,
            _TERRITORY,
            universe=_current(Kind.REGION),
        ),
        "DEPARTEMENT": Dimension(
            "DEPARTEMENT",
            "departement_id",
            place.departement_id,
            joins,
            _TERRITORY,
            universe=_current(Kind.DEPARTEMENT),
        ),
        "EPCI": Dimension(
            "EPCI", "epci_id", place.epci_id, joins, _TERRITORY, universe=_current(Kind.EPCI)
        ),
        "POPULATION_CLASS": Dimension(
            "POPULATION_CLASS",
            "population_class",
            population_class(place.population),
            joins,
            values=tuple(PopulationClass),
        ),
    }


def _holders(initiative_id: sa.ColumnElement[Any], name: str) -> tuple[Join, Join, Any]:
    """The joins from an initiative to its holders, and the collectivity at their end."""
    # No table is called so: the rows may come through that of the holders itself.
    holder = table_of(InitiativeHolder).alias(f"holder_of_{name}")
    place = table_of(Collectivity).alias(f"place_of_{name}")
    return (
        Join(holder, holder.c.initiative_id == initiative_id, holder.c.position),
        Join(place, place.c.id == holder.c.collectivity_id),
        place.c,
    )


def _year(column: sa.ColumnElement[Any]) -> Dimension:
    years = sa.select(_edition.year.label("value")).distinct()
    return Dimension("YEAR", "year", column, universe=years)


def _categories(column: sa.ColumnElement[Any], joins: tuple[Join, ...] = ()) -> Dimension:
    every = sa.select(_category.id.label("value"))
    return Dimension("CATEGORY", "category_id", column, joins, _CATEGORY, universe=every)


def _prizes(column: sa.ColumnElement[Any], joins: tuple[Join, ...] = ()) -> Dimension:
    every = sa.select(_prize.id.label("value"))
    return Dimension("PRIZE", "prize_id", column, joins, _PRIZE, universe=every)


def _metrics_of(initiative_id: sa.ColumnElement[Any], name: str) -> Number:
    metric = table_of(Metric).alias(f"{name}_metric")
    join = Join(metric, metric.c.initiative_id == initiative_id)
    return Number(metric.c.value_micro, metric.c.id, (join,), metric.c.unit, scale=1)


def _award_noun() -> Noun:
    edition = table_of(Edition).alias("award_edition")
    laureate = table_of(Laureate).alias("award_laureate")
    place = table_of(Collectivity).alias("award_place")
    winner = Join(laureate, laureate.c.award_id == _award.id, laureate.c.position)
    where = Join(place, place.c.id == laureate.c.collectivity_id)
    dimensions = {
        "PRIZE": _prizes(edition.c.prize_id, (Join(edition, edition.c.id == _award.edition_id),)),
        "YEAR": _year(_award.year),
        "LEVEL": Dimension("LEVEL", "level", _award.level, values=tuple(Level)),
        "CATEGORY": _categories(_award.category_id),
        **_territories(place.c, (winner, where)),
    }
    numbers = {
        "year": Number(_award.year, _award.id),
        "values": _metrics_of(_award.initiative_id, "award"),
    }
    return Noun("Award", dimensions, ((winner,), laureate.c.collectivity_id), numbers)


def _initiative_noun() -> Noun:
    link = table_of(InitiativeCategory).alias("initiative_theme")
    theme = Join(link, link.c.initiative_id == _initiative.id)
    holder, where, place = _holders(_initiative.id, "initiative")
    dimensions = {
        "YEAR": _year(_initiative.year),
        "CATEGORY": _categories(link.c.category_id, (theme,)),
        **_territories(place, (holder, where)),
    }
    numbers = {
        "year": Number(_initiative.year, _initiative.id),
        "values": _metrics_of(_initiative.id, "initiative"),
    }
    people = ((holder,), holder.table.c.collectivity_id)
    return Noun("Initiative", dimensions, people, numbers)


def _metric_noun() -> Noun:
    link = table_of(InitiativeCategory).alias("metric_theme")
    theme = Join(link, link.c.initiative_id == _metric.initiative_id)
    holder, where, place = _holders(_metric.initiative_id, "metric")
    units = sa.select(_metric.unit.label("value")).distinct()
    names = sa.select(_metric.name_fr.label("value")).distinct()
    dimensions = {
        "UNIT": Dimension("UNIT", "unit", _metric.unit, universe=units),
        "NAME": Dimension("NAME", "name", _metric.name_fr, universe=names),
        "YEAR": _year(_metric.year),
        "CATEGORY": _categories(link.c.category_id, (theme,)),
        **_territories(place, (holder, where)),
    }
    numbers = {
        "year": Number(_metric.year, _metric.id),
        "values": Number(_metric.value_micro, _metric.id, (), _metric.unit, scale=1),
    }
    people = ((holder,), holder.table.c.collectivity_id)
    return Noun("Metric", dimensions, people, numbers)


def _collectivity_noun() -> Noun:
    sub_kinds = sa.select(_collectivity.sub_kind.label("value")).distinct()
    sub_kinds = sub_kinds.where(_collectivity.sub_kind.is_not(None))
    dimensions = {
        "SUB_KIND": Dimension("SUB_KIND", "sub_kind", _collectivity.sub_kind, universe=sub_kinds),
        **_territories(_collectivity, ()),
    }
    numbers = {"population": Number(_collectivity.population, _collectivity.id)}
    return Noun("Collectivity", dimensions, None, numbers)


def _edition_noun() -> Noun:
    dimensions = {"PRIZE": _prizes(_edition.prize_id), "YEAR": _year(_edition.year)}
    numbers = {
        "year": Number(_edition.year, _edition.id),
        "announced_awards": Number(_edition.announced_awards, _edition.id),
    }
    return Noun("Edition", dimensions, None, numbers)


AWARDS = _award_noun()
INITIATIVES = _initiative_noun()
METRICS = _metric_noun()
COLLECTIVITIES = _collectivity_noun()
EDITIONS = _edition_noun()
CATEGORIES = Noun("Category", {}, None, {})
PRIZES = Noun("Prize", {}, None, {})
SOURCES = Noun("Source", {}, None, {})
