"""What suggestions are found by."""

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The next load fills them; until then nothing is suggested.
_TABLES = ("suggestion_key", "suggestion_best")


def upgrade() -> None:
    for table in _TABLES:
        op.create_table(
            table,
            sa.Column("key", Text, primary_key=True, nullable=False),
            sa.Column("place", sa.Integer(), primary_key=True, nullable=False),
            sa.Column("match", sa.Integer(), nullable=False),
            sa.Column("kind", Text, nullable=False),
            sa.Column("collectivity_id", sa.Integer(), nullable=False),
            sqlite_with_rowid=False,
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
