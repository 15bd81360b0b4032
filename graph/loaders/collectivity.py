"""Collectivities by kind and code; laureates and holders in the order of their source."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.selection import Relation
from graph.storage.tables import Collectivity, Laureate, columns_of, table_of

_collectivity = columns_of(Collectivity)
_laureate = columns_of(Laureate)
_predecessor = table_of(Collectivity).alias("predecessor")
_ORDER = ascending(_collectivity.kind, _collectivity.code)

collectivities = all_rows("collectivities", Collectivity, order=_ORDER)
collectivity_by_id = related("collectivity_by_id", Collectivity, by=_collectivity.id, order=_ORDER)
collectivities_by_parent_id = related(
    "collectivities_by_parent_id", Collectivity, by=_collectivity.parent_id, order=_ORDER
)
collectivities_by_departement_id = related(
    "collectivities_by_departement_id", Collectivity, by=_collectivity.departement_id, order=_ORDER
)
collectivities_by_epci_id = related(
    "collectivities_by_epci_id", Collectivity, by=_collectivity.epci_id, order=_ORDER
)
collectivities_by_ept_id = related(
    "collectivities_by_ept_id", Collectivity, by=_collectivity.ept_id, order=_ORDER
)
collectivities_by_successor_id = related(
    "collectivities_by_successor_id", Collectivity, by=_collectivity.successor_id, order=_ORDER
)
successors_by_collectivity_id = Relation(
    "successors_by_collectivity_id",
    Collectivity.__name__,
    table_of(Collectivity),
    _ORDER,
    _predecessor.c.id,
    (_predecessor, _predecessor.c.successor_id == _collectivity.id),
)
laureates_by_award_id = related(
    "laureates_by_award_id",
    Collectivity,
    by=_laureate.award_id,
    order=ascending(_laureate.position),
    through=(Laureate, _laureate.collectivity_id == _collectivity.id),
)
