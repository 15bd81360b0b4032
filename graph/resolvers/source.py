"""Sources: filters and orders."""

from graph.loaders.run import LAST_RUN
from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, One, Value
from graph.storage.criteria import Link
from graph.storage.tables import Source, columns_of

_source = columns_of(Source)

RUN_FIELDS: Fields = {
    "status": Value(LAST_RUN.c.status),
    "release": Value(LAST_RUN.c.release),
}
FIELDS: Fields = {
    "url": Value(_source.url),
    "title": Value(_source.title),
    "publisher": Value(_source.publisher),
    "licence_name": Value(_source.licence_name),
    "last_run": One(Link(_source.key, LAST_RUN.c.source_key), lambda: RUN_FIELDS),
}
KEYS: Keys = {
    "url": By(_source.url, is_nullable=True),
    "title": By(_source.title, is_nullable=True),
    "publisher": By(_source.publisher, is_nullable=True),
}
