"""Pages as ranges of an index: the best entries of a term, and the records of a territory."""

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEST = "ix_search_posting_best"
_PLACES = """
INSERT INTO {name}_place (place_id, {order}, {name}_id, position)
SELECT place.id, {order}, {name}.id, min(link.position)
FROM {link} AS link
JOIN {name} ON {name}.id = link.{name}_id
JOIN collectivity ON collectivity.id = link.collectivity_id
JOIN collectivity AS place ON place.id IN (collectivity.region_id, collectivity.departement_id)
GROUP BY place.id, {name}.id
"""
# What a load writes into the tables from then on.
FILL = (
    """
    UPDATE search_term
    SET entries = (SELECT count(*) FROM search_posting WHERE term_id = search_term.id)
    """,
    _PLACES.format(name="award", link="laureate", order="year, level_rank, key"),
    _PLACES.format(name="initiative", link="initiative_holder", order="slug"),
)


def upgrade() -> None:
    op.add_column(
        "search_term", sa.Column("entries", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index(_BEST, "search_posting", ["term_id", sa.text("weight DESC"), "entry_id"])
    op.create_table(
        "award_place",
        sa.Column("place_id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("year", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("level_rank", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("key", Text, primary_key=True, nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "initiative_place",
        sa.Column("place_id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("slug", Text, primary_key=True, nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("initiative_place")
    op.drop_table("award_place")
    op.drop_index(_BEST, "search_posting")
    op.drop_column("search_term", "entries")
