"""Where a record comes from, and what lists say of it that do not agree."""

from typing import Any

import sqlalchemy as sa
import strawberry

from graph.execution.declaration import Cardinality, Edge
from graph.loaders.claim import CLAIMED, claims_by_uid
from graph.loaders.release import release_by_id, state_by_uid
from graph.loaders.source import source_by_id
from graph.schema import lazy, prices
from graph.schema.fields import column, declare, to_one, to_value
from graph.schema.release import Release
from graph.schema.scalars import JSON, PartialDate
from graph.storage.selection import Selection
from graph.storage.tables import RecordState, Source, columns_of

_state = columns_of(RecordState)


@strawberry.type(description="Where a record comes from (provenance).")
class Provenance:
    source: lazy.SourceRef = to_one(
        source_by_id,
        _state.feed_id,
        "The list that it came with, whose licence holds for it. What the list cites is the "
        "`source` of the record itself, where it has one.",
    )
    retrieved_on: PartialDate | None = to_value(
        source_by_id,
        _state.feed_id,
        columns_of(Source).retrieved_on,
        "The day when the content of this list was taken from its publisher, as `retrievedOn` of "
        "the `source`; later looks that found the same are in its `lastRun`.",
    )
    created_in: Release = to_one(
        release_by_id, _state.created_id, "The release that it first came with."
    )
    changed_in: Release = to_one(
        release_by_id,
        _state.touched_id,
        "The release that last changed it, or brought it again: its list was read for that one.",
    )


@strawberry.type(
    description=(
        "What a list says of a field that another list says otherwise. Shown is the list of the "
        "lower rank, which whoever runs the server sets; of equal ranks that whose key comes "
        "first by its letters."
    )
)
class Claim:
    field: str = column(CLAIMED.c.field, "The name of the field, as in `changes { fields }`.")
    value: JSON = column(
        CLAIMED.c.value, "What the list says: other records by their ids, lists whole."
    )
    is_shown: bool = column(CLAIMED.c.is_shown, "Whether the record shows this value.")
    source: lazy.SourceRef = to_one(source_by_id, CLAIMED.c.feed_id, "The list.")


def provenance(uid: sa.ColumnElement[Any]) -> Any:
    """Where the record of this id comes from."""
    return to_one(
        state_by_uid,
        uid,
        "The list that it came with, and the releases that brought and last changed it; null "
        "when not recorded.",
    )


def claims(uid: sa.ColumnElement[Any]) -> Any:
    """What lists say of the record of this id and do not agree on."""
    selection = Selection(claims_by_uid)

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return selection.of(root)

    return declare(
        Edge(Cardinality.LIST, uid),
        resolve,
        "The fields that lists do not agree on, by name, each with what is shown and what other "
        "lists say, in the order of choice. Who says nothing of a field disputes nothing.",
        prices.CLAIMS,
    )
