"""Names that no rule decides, and what reviews decided."""

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_decision",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("question", Text, nullable=False),
        sa.Column("text", Text, nullable=False),
        *(
            sa.Column(name, Text, nullable=True)
            for name in ("asked_kind", "asked_departement", "asked_code", "asked_siren")
        ),
        sa.Column("status", Text, nullable=False),
        *(
            sa.Column(name, Text, nullable=True)
            for name in (
                *("kind", "code", "name"),
                *("body_sub_kind", "parent_kind", "parent_code"),
            )
        ),
        sa.Column("score", sa.Float(), nullable=False),
        *(sa.Column(name, Text, nullable=False) for name in ("reasons", "others", "asked_at")),
        sa.Column("decided_at", Text, nullable=True),
        sa.UniqueConstraint("question"),
        sa.CheckConstraint("status IN ('OPEN', 'ACCEPTED', 'CORRECTED')", name="status_is_known"),
    )
    op.create_index("ix_name_decision_status", "name_decision", ["status", "id"])


def downgrade() -> None:
    op.drop_table("name_decision")
