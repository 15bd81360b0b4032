"""Metrics: filters and orders."""

from graph.resolvers import initiative
from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, One, PartialDate, Text, Value, decimal
from graph.resolvers.within import Within
from graph.storage.criteria import Link
from graph.storage.tables import Collectivity, Initiative, InitiativeHolder, Metric, columns_of

_metric, _initiative = columns_of(Metric), columns_of(Initiative)
_holder, _collectivity = columns_of(InitiativeHolder), columns_of(Collectivity)

_HOLDERS = Link(
    _metric.initiative_id, _holder.initiative_id, _holder.collectivity_id, _collectivity.id
)

FIELDS: Fields = {
    "name": Text(_metric.name_fr, _metric.name_folded),
    "unit": Value(_metric.unit),
    "value": decimal(_metric.value_micro),
    "year": Value(_metric.year),
    "as_of": PartialDate(_metric.as_of),
    "qualifier_kind": Value(_metric.qualifier_kind),
    "is_target": Value(_metric.is_target),
    "initiative": One(Link(_metric.initiative_id, _initiative.id), lambda: initiative.FIELDS),
    "within": Within(_HOLDERS, _holder.position),
}
KEYS: Keys = {
    "name": By(_metric.name_folded),
    "unit": By(_metric.unit),
    "value": By(_metric.value_micro),
    "year": By(_metric.year, is_nullable=True),
    "as_of": By(_metric.as_of, is_nullable=True),
}
