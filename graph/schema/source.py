"""Sources and licences."""

import strawberry

from graph.loaders.award import awards_by_source_id
from graph.loaders.edition import editions_by_source_id
from graph.loaders.initiative import initiatives_by_source_id
from graph.loaders.metric import metrics_by_source_id
from graph.loaders.prize import prizes_by_source_id
from graph.schema import lazy
from graph.schema.connection import bounded_list, connection
from graph.schema.fields import column, embedded
from graph.schema.node import ID, Node
from graph.schema.scalars import PartialDate
from graph.schema.where import (
    AwardWhere,
    EditionWhere,
    InitiativeWhere,
    MetricWhere,
    PrizeWhere,
)
from graph.storage.tables import Source as Table
from graph.storage.tables import columns_of

_source = columns_of(Table)


@strawberry.type(description="The terms under which something may be reused.")
class Licence:
    name: str = column(_source.licence_name, "The name of the licence.")
    url: str | None = column(_source.licence_url, "Its text.")


@strawberry.type(description="Where a record comes from.")
class Source(Node):
    id: strawberry.ID = column(_source.uid, ID)
    url: str | None = column(
        _source.url, "The address; null for a document that has none, which `title` names."
    )
    title: str | None = column(_source.title, "What the document is, in French.")
    publisher: str | None = column(_source.publisher, "Who published it; null when not known.")
    licence: Licence | None = embedded(
        _source.licence_name, "The licence of the document; null when none is stated."
    )
    retrieved_on: PartialDate | None = column(
        _source.retrieved_on, "When it was read; null when that was not recorded."
    )
    awards: lazy.AwardConnectionRef | None = connection(
        awards_by_source_id, _source.id, AwardWhere, "The awards it tells of."
    )
    metrics: lazy.MetricConnectionRef | None = connection(
        metrics_by_source_id, _source.id, MetricWhere, "The figures it gives."
    )
    initiatives: lazy.InitiativeConnectionRef | None = connection(
        initiatives_by_source_id,
        _source.id,
        InitiativeWhere,
        "The initiatives it tells of.",
    )
    editions: lazy.EditionConnectionRef | None = connection(
        editions_by_source_id, _source.id, EditionWhere, "The editions it tells of."
    )
    prizes: list[lazy.PrizeRef] | None = bounded_list(
        prizes_by_source_id, _source.id, PrizeWhere, "The prizes it tells of."
    )
