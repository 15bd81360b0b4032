"""Metrics by key: the initiative's slug, the French name, the date."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.tables import Metric, columns_of

_metric = columns_of(Metric)
_ORDER = ascending(_metric.key)

metrics = all_rows("metrics", Metric, order=_ORDER)
metrics_by_initiative_id = related(
    "metrics_by_initiative_id", Metric, by=_metric.initiative_id, order=_ORDER
)
metrics_by_source_id = related("metrics_by_source_id", Metric, by=_metric.source_id, order=_ORDER)
