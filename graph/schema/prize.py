"""Prizes."""

import strawberry

from graph.loaders import group
from graph.loaders.edition import editions_by_prize_id
from graph.loaders.source import source_by_id
from graph.schema import lazy, prices
from graph.schema.aggregate import PrizeAggregate, aggregate
from graph.schema.connection import Connection, bounded_list
from graph.schema.fields import column, to_one
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.scalars import PartialDate
from graph.schema.where import EditionWhere
from graph.storage.tables import Prize as Table
from graph.storage.tables import columns_of

_prize = columns_of(Table)


@strawberry.type(description="A programme (prix, concours, trophées) that rewards collectivities.")
class Prize(Node):
    id: strawberry.ID = column(_prize.uid, ID)
    slug: str = column(_prize.slug, "The stable short name, such as `prix-territoria`.")
    name: str = column(_prize.name, "The name, in French.")
    organiser: str = column(_prize.organiser, "Who awards it.")
    since: PartialDate | None = column(_prize.since, "When it was first awarded.")
    url: str | None = column(_prize.url, "The page of the prize.")
    source: lazy.SourceRef = to_one(source_by_id, _prize.source_id, "Where this is told.")
    editions: list[lazy.EditionRef] | None = bounded_list(
        editions_by_prize_id,
        _prize.id,
        EditionWhere,
        "Its yearly editions, newest first.",
        prices.EDITIONS,
    )
    provenance: Provenance | None = provenance(_prize.uid)
    claims: list[Claim] = claims(_prize.uid)


@strawberry.type(description="A page of prizes.")
class PrizeConnection(Connection[Prize]):
    aggregate: PrizeAggregate | None = aggregate(group.PRIZES)
