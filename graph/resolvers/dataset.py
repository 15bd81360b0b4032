"""Coverage: filters and orders."""

from graph.loaders.dataset import COVERAGE
from graph.resolvers.order import By, Keys
from graph.resolvers.where import Fields, Value

FIELDS: Fields = {
    "prize": Value(COVERAGE.c.prize),
    "year": Value(COVERAGE.c.year),
    "announced": Value(COVERAGE.c.announced),
    "loaded": Value(COVERAGE.c.loaded),
}
KEYS: Keys = {
    "prize": By(COVERAGE.c.prize),
    "year": By(COVERAGE.c.year),
    "announced": By(COVERAGE.c.announced, is_nullable=True),
    "loaded": By(COVERAGE.c.loaded),
}
