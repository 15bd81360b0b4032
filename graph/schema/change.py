"""What releases did to records, in order; records that are gone."""

from typing import Annotated, Any

import orjson
import strawberry
from strawberry import UNSET, Maybe, argument

from graph.domain import codes, withdrawal
from graph.execution.declaration import Cardinality, Column, Edge, LookedUp, RecordOfUid
from graph.loaders.change import CHANGES, WITHDRAWN
from graph.loaders.release import release_by_id, state_by_uid
from graph.resolvers.change import Log, Since
from graph.schema import prices
from graph.schema.connection import After, Before, First, Last, known, page_of
from graph.schema.enums import Action, RecordType, WithdrawalReason
from graph.schema.fields import column, computed, declare, items, to_one
from graph.schema.node import Node
from graph.schema.release import Release
from graph.schema.scalars import JSON
from graph.storage.facts import CHANGED_FIELD
from graph.storage.selection import Selection
from graph.storage.tables import RecordState, columns_of

_state = columns_of(RecordState)
_STATE = Selection(state_by_uid)


@strawberry.type(
    description="A record that is no longer there: what remains of it, found by its id."
)
class Withdrawn(Node):
    id: strawberry.ID = column(WITHDRAWN.c.uid, "The global id that it had.")
    type: RecordType = column(WITHDRAWN.c.kind, "What it was.")
    label: str = column(
        WITHDRAWN.c.label, "What it was called: a name, title or label in French, or a key."
    )
    withdrawn_in: Release = to_one(
        release_by_id, WITHDRAWN.c.withdrawn_id, "The release that withdrew it."
    )
    reason: str = column(
        WITHDRAWN.c.reason, "Why it was withdrawn, in English and French.", withdrawal.text_of
    )
    reason_code: WithdrawalReason = column(
        WITHDRAWN.c.reason, "The same as a code.", withdrawal.code_of
    )


@strawberry.type(description="A field of a record that a release changed.")
class FieldChange:
    name: str = column(
        CHANGED_FIELD.c.name,
        "The name of the field here; what is inside an object has both names in one, such as "
        "`licenceName` for `licence { name }`.",
    )
    before: JSON | None = column(
        CHANGED_FIELD.c.before,
        "The value before: other records by their ids, lists whole; null when unknown.",
    )
    after: JSON | None = column(CHANGED_FIELD.c.after, "The value since, in the same form.")


def _fields(told: str | None) -> list[dict[str, Any]]:
    changed = orjson.loads(told) if told else {}
    return [
        {"name": name, "before": before, "after": after}
        for name, (before, after) in changed.items()
    ]


def _reason(action: str, reason: str | None) -> str | None:
    return withdrawal.text_of(reason) if action == codes.Action.WITHDRAWN else None


def _reason_code(action: str, reason: str | None) -> str | None:
    return withdrawal.code_of(reason) if action == codes.Action.WITHDRAWN else None


def _node(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    return RecordOfUid(root)


def _label(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
    return _STATE.of(root)


@strawberry.type(description="What a release did to a record.")
class Change:
    action: Action = column(CHANGES.c.action, "What was done.")
    release: Release = to_one(release_by_id, CHANGES.c.release_id, "The release that did it.")
    type: RecordType = column(CHANGES.c.kind, "What the record is.")
    id: strawberry.ID = column(CHANGES.c.uid, "The global id of the record.")
    fields: list[FieldChange] = items(
        CHANGES.c.fields,
        "The fields that a CHANGED record has other values of, by name; empty otherwise. The year "
        "of an initiative is told, which follows from its awards; nothing else is that derives "
        "from other records, such as its categories or where a body lies.",
        _fields,
    )
    reason: str | None = computed(
        (CHANGES.c.action, CHANGES.c.reason),
        "Why it was withdrawn, in English and French; null of other changes, which nothing but "
        "the list itself explains.",
        _reason,
    )
    reason_code: WithdrawalReason | None = computed(
        (CHANGES.c.action, CHANGES.c.reason), "The same as a code.", _reason_code
    )
    label: str | None = declare(
        Edge(Cardinality.ONE, CHANGES.c.uid, Column((_state.label,))),
        _label,
        "What a record was called that is withdrawn now; null otherwise.",
    )
    node: Node = declare(
        Edge(Cardinality.ONE, CHANGES.c.uid),
        _node,
        "The record as it is now, or a `Withdrawn` in its place.",
    )


@strawberry.input(one_of=True, description="From where on changes are told: after one of these.")
class ChangesSince:
    cursor: Maybe[str] = strawberry.field(
        description="An `endCursor` of any earlier page of changes, whatever its arguments."
    )
    release: Maybe[str] = strawberry.field(
        description="The version of a release, such as that of the data that was read whole."
    )
    time: Maybe[str] = strawberry.field(
        description="An instant (`2026-01-31T12:00:00Z`) or a day (`2026-01-31`, from its start "
        "in UTC): what was loaded then or later. A long import bears the time when it ended to "
        "be read, so that to resume, a cursor or a release is surer."
    )


def _changes(  # noqa: PLR0913, PLR0917  # as a connection's
    since: Annotated[
        ChangesSince | None,
        argument(description="From where on; from the first release without it."),
    ] = UNSET,
    types: Annotated[
        list[RecordType] | None,
        argument(
            description="Changes of which types of record; of all without it.",
            metadata=prices.LOG_READ,
        ),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Any:
    page = page_of(first, after, last, before)
    given = known(since)
    return LookedUp(Log(given and _since(given), known(types), page).select)


def _since(given: ChangesSince) -> Since:
    return Since(
        **{
            name: value.value
            for name in ("cursor", "release", "time")
            if (value := getattr(given, name)) is not None
        }
    )


changes = declare(
    Edge(Cardinality.PAGE),
    _changes,
    "What each release did to records, in order and complete: the last `endCursor` as "
    "`since: {cursor}` or `after`, at any later time, misses nothing and repeats nothing. Where "
    "a page is empty, keep the cursor before.",
    prices.CHANGES,
)
