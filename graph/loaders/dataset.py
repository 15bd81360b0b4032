"""How much of each edition is loaded."""

import sqlalchemy as sa

from graph.loaders.batch import descending
from graph.storage.selection import Relation
from graph.storage.tables import Award, Edition, Prize, columns_of, table_of

_edition, _prize, _award = columns_of(Edition), columns_of(Prize), columns_of(Award)

_loaded = (
    sa.select(sa.func.count())
    .select_from(table_of(Award))
    .where(_award.edition_id == _edition.id)
    .scalar_subquery()
)
COVERAGE = (
    sa.select(
        _prize.slug.label("prize"),
        _edition.year,
        _edition.key,
        _edition.announced_awards.label("announced"),
        _loaded.label("loaded"),
    )
    .join_from(table_of(Edition), table_of(Prize), _edition.prize_id == _prize.id)
    .subquery("coverage")
)
coverage = Relation("coverage", "Coverage", COVERAGE, descending(COVERAGE.c.year, COVERAGE.c.key))
