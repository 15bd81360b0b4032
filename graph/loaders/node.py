"""Records of any type by their global id; what was withdrawn is looked for where none is."""

from graph.domain.uid import type_of_uid
from graph.loaders.award import awards
from graph.loaders.category import categories
from graph.loaders.change import withdrawn_by_uid
from graph.loaders.collectivity import collectivities
from graph.loaders.edition import editions
from graph.loaders.initiative import initiatives
from graph.loaders.metric import metrics
from graph.loaders.prize import prizes
from graph.loaders.source import sources
from graph.storage.selection import Relation, Selection

_ROOTS = (awards, categories, collectivities, editions, initiatives, metrics, prizes, sources)

# `<record>_by_uid` for each type of the graph, by the name of the type.
RECORD_BY_UID = {
    root.type_name: Relation(
        f"{root.type_name}_by_uid",
        root.type_name,
        root.target,
        root.order,
        root.target.c.uid,
        otherwise=withdrawn_by_uid,
    )
    for root in _ROOTS
}


def record_of_uid(uid: str) -> Selection:
    """The record of a global id that is known to be one."""
    return Selection(RECORD_BY_UID[type_of_uid(uid) or ""]).of(uid)
