"""Sources and licences."""

import strawberry

from graph.loaders import group
from graph.loaders.award import awards_by_source_id
from graph.loaders.edition import editions_by_source_id
from graph.loaders.initiative import initiatives_by_source_id
from graph.loaders.metric import metrics_by_source_id
from graph.loaders.prize import prizes_by_source_id
from graph.loaders.run import (
    LAST_RUN,
    RECORDS,
    STATUS,
    last_run_by_source_key,
    records_by_source_id,
    status_by_source_id,
)
from graph.schema import lazy, prices
from graph.schema.aggregate import SourceAggregate, aggregate
from graph.schema.connection import Connection, bounded_list, connection
from graph.schema.enums import RunStatus, SourceStatus
from graph.schema.fields import column, computed, embedded, to_one, to_value
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
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


def _name(title: str | None, url: str | None, key: str) -> str:
    return title or url or key


@strawberry.type(
    description="A look at a list that is fetched again and again (moissonnage), and its outcome."
)
class Run:
    at: str = column(LAST_RUN.c.ended_at, "When it ended: ISO 8601, in UTC.")
    status: RunStatus = column(LAST_RUN.c.status, "How it ended.")
    release: str | None = column(
        LAST_RUN.c.release,
        "The release that the content came with, maybe by an earlier look; null when it brought "
        "none.",
    )
    created: int = column(LAST_RUN.c.created, "How many records it created.")
    changed: int = column(LAST_RUN.c.changed, "How many records it changed.")
    withdrawn: int = column(LAST_RUN.c.withdrawn, "How many records it withdrew.")


@strawberry.type(
    description=(
        "Where a record comes from: a page that it cites, or a list that is read again and again."
    )
)
class Source(Node):
    id: strawberry.ID = column(_source.uid, ID)
    name: str = computed(
        (_source.title, _source.url, _source.key),
        "What it is called: its title, or else its address.",
        _name,
    )
    url: str | None = column(
        _source.url, "The address; null for a document that has none, which `title` names."
    )
    title: str | None = column(_source.title, "What the document is, in French.")
    publisher: str | None = column(_source.publisher, "Who published it; null when not known.")
    licence: Licence | None = embedded(
        _source.licence_name, "The licence of the document; null when none is stated."
    )
    retrieved_on: PartialDate | None = column(
        _source.retrieved_on,
        "When it was read; null when that was not recorded. Of a list, the day when the content "
        "that is served was fetched or, of a file, imported.",
    )
    last_run: Run | None = to_one(
        last_run_by_source_key,
        _source.key,
        "The last look at it; null when it is not harvested.",
    )
    status: SourceStatus = to_value(
        status_by_source_id,
        _source.id,
        STATUS.c.status,
        "Whether it is as its publisher has it.",
    )
    records: int = to_value(
        records_by_source_id,
        _source.id,
        RECORDS.c.records,
        "How many records came with the list; of a page, how many awards, figures, initiatives, "
        "editions and prizes cite it.",
        prices.SOURCE_RECORDS,
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
    provenance: Provenance | None = provenance(_source.uid)
    claims: list[Claim] = claims(_source.uid)


@strawberry.type(description="A page of sources.")
class SourceConnection(Connection[Source]):
    aggregate: SourceAggregate | None = aggregate(group.SOURCES)
