"""Global ids → selections."""

from graph.domain.errors import BadUserInput, shown
from graph.domain.uid import type_of_uid
from graph.loaders.node import RECORD_BY_UID
from graph.resolvers.limits import most, over
from graph.storage.selection import Selection


def record_by_uid(uid: str) -> Selection:
    """The record of a global id. BadUserInput when it cannot be one."""
    type_name = type_of_uid(uid)
    if type_name is None:
        raise BadUserInput(f"`id: {shown(uid)}` is not an id; pass the `id` of a record, unchanged")
    return Selection(RECORD_BY_UID[type_name]).of(uid)


def records_by_uid(uids: list[str]) -> list[Selection | BadUserInput]:
    """The records of global ids, in their order; a malformed one is an error in its place."""
    at_most = most("page_max_rows")
    if len(uids) > at_most:
        message = f"`ids` has {len(uids)} items; pass at most {at_most} and ask again for the rest"
        raise over("page_max_rows", len(uids), message)
    return [_record_or_error(uid) for uid in uids]


def _record_or_error(uid: str) -> Selection | BadUserInput:
    try:
        return record_by_uid(uid)
    except BadUserInput as error:
        return error
