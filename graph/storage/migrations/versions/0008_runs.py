"""The history of harvests."""

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COUNTS = ("created", "changed", "withdrawn", "quarantined")
_VALIDATORS = ("message", "etag", "last_modified", "digest", "recipe", "not_before")


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("source_key", Text, nullable=False),
        sa.Column("started_at", Text, nullable=False),
        sa.Column("ended_at", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("release", Text),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("size_bytes", sa.BigInteger()),
        *(sa.Column(name, Text) for name in _VALIDATORS),
        sa.CheckConstraint(
            "status IN ('IMPORTED', 'UNCHANGED', 'REFUSED', 'FAILED')", name="status_is_known"
        ),
    )
    op.create_index("ix_run_source_key", "run", ["source_key", "id"])


def downgrade() -> None:
    op.drop_table("run")
