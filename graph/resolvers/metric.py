"""Metrics: filters."""

from graph.resolvers import initiative
from graph.resolvers.where import Fields, Relative
from graph.storage.tables import Initiative, Metric, columns_of

_metric = columns_of(Metric)
FIELDS: Fields = {
    "year": _metric.year,
    "unit": _metric.unit,
    "initiative": Relative(
        _metric.initiative_id, columns_of(Initiative).id, lambda: initiative.FIELDS
    ),
}
