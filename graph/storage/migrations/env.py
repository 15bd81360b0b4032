"""What Alembic runs a migration with: the connection that `graph.storage.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

import graph.storage.tables  # noqa: F401  # fills SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    # SQLite cannot alter a column: Alembic copies the table instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
