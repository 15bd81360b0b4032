"""Sources by key: their address, or a name where they have none."""

from graph.loaders.batch import all_rows, ascending, related
from graph.storage.tables import InitiativeSource, Source, columns_of

_source, _link = columns_of(Source), columns_of(InitiativeSource)
_ORDER = ascending(_source.key)

sources = all_rows("sources", Source, order=_ORDER)
source_by_id = related("source_by_id", Source, by=_source.id, order=_ORDER)
sources_by_initiative_id = related(
    "sources_by_initiative_id",
    Source,
    by=_link.initiative_id,
    order=_ORDER,
    through=(InitiativeSource, _link.source_id == _source.id),
)
