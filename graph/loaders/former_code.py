"""Former commune codes, in ascending order."""

from graph.loaders.batch import ascending, related
from graph.storage.tables import FormerCode, columns_of

_former = columns_of(FormerCode)

former_codes_by_collectivity_id = related(
    "former_codes_by_collectivity_id",
    FormerCode,
    by=_former.collectivity_id,
    order=ascending(_former.code),
)
