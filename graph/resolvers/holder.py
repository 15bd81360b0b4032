"""Holders: filters and orders."""

from graph.resolvers import collectivity
from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, One, Value
from graph.storage.criteria import Link
from graph.storage.tables import Collectivity, InitiativeHolder, columns_of

_holder, _collectivity = columns_of(InitiativeHolder), columns_of(Collectivity)

FIELDS: Fields = {
    "role": Value(_holder.role),
    "collectivity": One(
        Link(_holder.collectivity_id, _collectivity.id), lambda: collectivity.FIELDS
    ),
}
KEYS: Keys = {"role": By(_holder.role)}
