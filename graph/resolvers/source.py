"""Sources: filters and orders."""

from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, Value
from graph.storage.tables import Source, columns_of

_source = columns_of(Source)

FIELDS: Fields = {
    "url": Value(_source.url),
    "title": Value(_source.title),
    "publisher": Value(_source.publisher),
    "licence_name": Value(_source.licence_name),
}
KEYS: Keys = {
    "url": By(_source.url, is_nullable=True),
    "title": By(_source.title, is_nullable=True),
    "publisher": By(_source.publisher, is_nullable=True),
}
