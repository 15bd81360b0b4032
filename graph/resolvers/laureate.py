"""Laureates as printed: filters and orders."""

from graph.resolvers import collectivity
from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, One, Value
from graph.storage.criteria import Link
from graph.storage.tables import Collectivity, Laureate, columns_of

_laureate, _collectivity = columns_of(Laureate), columns_of(Collectivity)

FIELDS: Fields = {
    "name_as_printed": Value(_laureate.name_as_printed),
    "service": Value(_laureate.service),
    "collectivity": One(
        Link(_laureate.collectivity_id, _collectivity.id), lambda: collectivity.FIELDS
    ),
}
KEYS: Keys = {
    "name_as_printed": By(_laureate.name_as_printed),
    "service": By(_laureate.service, is_nullable=True),
}
