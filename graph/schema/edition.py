"""Editions."""

import strawberry

from graph.loaders import group
from graph.loaders.award import awards_by_edition_id
from graph.loaders.prize import prize_by_id
from graph.loaders.source import source_by_id
from graph.schema import lazy
from graph.schema.aggregate import EditionAggregate, aggregate
from graph.schema.connection import Connection, connection
from graph.schema.facet import EditionFacets, facets
from graph.schema.fields import column, to_one
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.scalars import PartialDate
from graph.schema.where import AwardWhere
from graph.storage.tables import Edition as Table
from graph.storage.tables import columns_of

_edition = columns_of(Table)


@strawberry.type(
    description=(
        "One year of a prize (édition). Announced totals let the coverage be told: they count "
        "what the organiser announced, `awards { totalCount }` what is loaded."
    )
)
class Edition(Node):
    id: strawberry.ID = column(_edition.uid, ID)
    year: int = column(_edition.year, "The year it is named by.")
    jury_date: PartialDate | None = column(_edition.jury_date, "When the jury met.")
    jury_president: str | None = column(_edition.jury_president, "Who presided over the jury.")
    jury_president_role: str | None = column(
        _edition.jury_president_role, "The office of the president of the jury, in French."
    )
    ceremony_date: PartialDate | None = column(
        _edition.ceremony_date, "When the awards were given (remise des prix)."
    )
    ceremony_place: str | None = column(_edition.ceremony_place, "Where the awards were given.")
    announced_awards: int | None = column(
        _edition.announced_awards, "How many awards were announced; null when not known."
    )
    announced_gold: int | None = column(
        _edition.announced_gold, "How many of them are GOLD (Or); null when not known."
    )
    announced_silver: int | None = column(
        _edition.announced_silver, "How many of them are SILVER (Argent); null when not known."
    )
    announced_bronze: int | None = column(
        _edition.announced_bronze, "How many of them are BRONZE (Bronze); null when not known."
    )
    note: str | None = column(_edition.note, "Remarks on the sources, in French.")
    prize: lazy.PrizeRef = to_one(prize_by_id, _edition.prize_id, "The prize.")
    source: lazy.SourceRef = to_one(source_by_id, _edition.source_id, "Where this is told.")
    awards: lazy.AwardConnectionRef | None = connection(
        awards_by_edition_id,
        _edition.id,
        AwardWhere,
        "The awards of the edition that are loaded, by level.",
    )
    provenance: Provenance | None = provenance(_edition.uid)
    claims: list[Claim] = claims(_edition.uid)


@strawberry.type(description="A page of editions.")
class EditionConnection(Connection[Edition]):
    aggregate: EditionAggregate | None = aggregate(group.EDITIONS)
    facets: EditionFacets = facets()
