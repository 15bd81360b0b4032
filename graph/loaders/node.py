"""Records of any type by their global id."""

from graph.loaders.award import awards
from graph.loaders.category import categories
from graph.loaders.collectivity import collectivities
from graph.loaders.edition import editions
from graph.loaders.initiative import initiatives
from graph.loaders.metric import metrics
from graph.loaders.prize import prizes
from graph.loaders.source import sources
from graph.storage.selection import Relation

_ROOTS = (awards, categories, collectivities, editions, initiatives, metrics, prizes, sources)

# `<record>_by_uid` for each type of the graph, by the name of the type.
RECORD_BY_UID = {
    root.type_name: Relation(
        f"{root.type_name}_by_uid", root.type_name, root.target, root.order, root.target.c.uid
    )
    for root in _ROOTS
}
