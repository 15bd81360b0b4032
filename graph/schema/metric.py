"""Metrics."""

import strawberry

from graph.domain.decimals import from_micro
from graph.loaders import group
from graph.loaders.initiative import initiative_by_id
from graph.loaders.source import source_by_id
from graph.schema import lazy
from graph.schema.aggregate import MetricAggregate, aggregate
from graph.schema.connection import Connection
from graph.schema.enums import Qualifier
from graph.schema.facet import MetricFacets, facets
from graph.schema.fields import column, to_one
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.scalars import Decimal, PartialDate
from graph.storage.tables import Metric as Table
from graph.storage.tables import columns_of

_metric = columns_of(Table)


@strawberry.type(description="A measured figure of an initiative.")
class Metric(Node):
    id: strawberry.ID = column(_metric.uid, ID)
    name: str = column(_metric.name_fr, "What is measured, in French.")
    name_en: str = column(_metric.name_en, "What is measured, in English.")
    value: Decimal = column(_metric.value_micro, "The figure, in `unit`.", from_micro)
    unit: str = column(
        _metric.unit, "The unit, a French singular or a symbol: `personne`, `EUR`, `km`, `%`."
    )
    year: int | None = column(
        _metric.year, "The year measured, or that of the award when the source gives no date."
    )
    as_of: PartialDate | None = column(
        _metric.as_of, "The date the figure holds for; null when the source gives none."
    )
    qualifier: str | None = column(
        _metric.qualifier,
        "The words before the figure, in French (« près de », « plus de »); null when exact.",
    )
    qualifier_kind: Qualifier | None = column(
        _metric.qualifier_kind, "What those words mean; null when exact."
    )
    is_target: bool = column(
        _metric.is_target, "True for an aim (objectif), false for a measure.", bool
    )
    note: str | None = column(_metric.note, "Remarks on the figure, in French.")
    initiative: lazy.InitiativeRef = to_one(
        initiative_by_id, _metric.initiative_id, "The initiative that it measures."
    )
    source: lazy.SourceRef = to_one(source_by_id, _metric.source_id, "Where the figure is told.")
    provenance: Provenance | None = provenance(_metric.uid)
    claims: list[Claim] = claims(_metric.uid)


@strawberry.type(description="A page of metrics.")
class MetricConnection(Connection[Metric]):
    aggregate: MetricAggregate | None = aggregate(group.METRICS)
    facets: MetricFacets = facets()
