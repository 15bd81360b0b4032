"""Awards, and their laureates as printed."""

import strawberry

from graph.loaders import group
from graph.loaders.category import category_by_id
from graph.loaders.collectivity import collectivity_by_id, laureates_by_award_id
from graph.loaders.edition import edition_by_id
from graph.loaders.initiative import initiative_by_id
from graph.loaders.laureate import printed_laureates_by_award_id
from graph.loaders.source import source_by_id
from graph.schema import lazy
from graph.schema.aggregate import AwardAggregate, aggregate
from graph.schema.connection import Connection, bounded_list
from graph.schema.enums import Level
from graph.schema.facet import AwardFacets, facets
from graph.schema.fields import column, to_one
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.where import CollectivityWhere, PrintedLaureateWhere
from graph.storage.tables import Award as Table
from graph.storage.tables import Laureate, columns_of

_award, _laureate = columns_of(Table), columns_of(Laureate)


@strawberry.type(description="A laureate in the words of the source.")
class PrintedLaureate:
    name_as_printed: str = column(_laureate.name_as_printed, "The name that the source prints.")
    service: str | None = column(
        _laureate.service,
        "The service of the collectivity that is named (direction, mairie d’arrondissement), "
        "in French.",
    )
    collectivity: lazy.CollectivityRef = to_one(
        collectivity_by_id, _laureate.collectivity_id, "The collectivity that is meant."
    )


@strawberry.type(
    description=(
        "A distinction (prix, trophée) of an edition. Joint winners share one award, which "
        "counts once; several GOLD may fall in one category and year."
    )
)
class Award(Node):
    id: strawberry.ID = column(_award.uid, ID)
    year: int = column(_award.year, "The year of the edition.")
    level: Level = column(_award.level, "The rank; UNKNOWN when no source tells.")
    level_as_printed: str | None = column(
        _award.level_as_printed, "The rank in the words of the prize, such as `Territoria d’Or`."
    )
    category_as_printed: str | None = column(
        _award.category_as_printed, "The category in the words printed that year."
    )
    sponsor: str | None = column(_award.sponsor, "Who sponsored the category (parrain).")
    note: str | None = column(_award.note, "Remarks on the sources, in French.")
    edition: lazy.EditionRef = to_one(edition_by_id, _award.edition_id, "The edition.")
    category: lazy.CategoryRef | None = to_one(
        category_by_id, _award.category_id, "The category; null when not known."
    )
    initiative: lazy.InitiativeRef | None = to_one(
        initiative_by_id,
        _award.initiative_id,
        "What was rewarded; null when the source gives only the winner.",
    )
    laureates: list[lazy.CollectivityRef] | None = bounded_list(
        laureates_by_award_id,
        _award.id,
        CollectivityWhere,
        "The winners (lauréats); joint ones in printed order.",
    )
    printed_laureates: list[PrintedLaureate] | None = bounded_list(
        printed_laureates_by_award_id,
        _award.id,
        PrintedLaureateWhere,
        "The winners with the names printed.",
    )
    source: lazy.SourceRef = to_one(source_by_id, _award.source_id, "Where the award is told.")
    provenance: Provenance | None = provenance(_award.uid)
    claims: list[Claim] = claims(_award.uid)


@strawberry.type(description="A page of awards.")
class AwardConnection(Connection[Award]):
    aggregate: AwardAggregate | None = aggregate(group.AWARDS)
    facets: AwardFacets = facets()
