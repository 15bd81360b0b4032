"""A run may end held back, since it would withdraw too much."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAME = "status_is_known"


def upgrade() -> None:
    _allow("IMPORTED", "UNCHANGED", "REFUSED", "HELD_BACK", "FAILED")


def downgrade() -> None:
    op.execute("UPDATE run SET status = 'REFUSED' WHERE status = 'HELD_BACK'")
    _allow("IMPORTED", "UNCHANGED", "REFUSED", "FAILED")


def _allow(*words: str) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    # SQLite changes no constraint; there the table is written anew.
    with op.batch_alter_table("run") as batch:
        batch.drop_constraint(_NAME, type_="check")
        batch.create_check_constraint(_NAME, f"status IN ({listed})")
