"""The words that initiatives are alike by."""

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The next load fills it; until then initiatives are alike by their categories alone.
    op.create_table(
        "initiative_word",
        sa.Column("initiative_id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("stem", Text, primary_key=True, nullable=False),
        sa.Column("shown", Text, nullable=False),
        sa.Column("rarity", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_initiative_word_stem", "initiative_word", ["stem", "initiative_id"])


def downgrade() -> None:
    op.drop_table("initiative_word")
