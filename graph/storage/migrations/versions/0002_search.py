"""Folded names, postal codes, the commune that something lies in, and the search tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The next load fills them; until then they are empty.
_FOLDED = (
    ("collectivity", "name_folded"),
    ("category", "label_folded"),
    ("prize", "name_folded"),
    ("initiative", "title_folded"),
    ("metric", "name_folded"),
)
_PRINTED = ("category_as_printed_folded", "sponsor_folded")
_INDEXES = (
    ("collectivity", ("name_folded",), "ix_collectivity_name_folded"),
    ("collectivity", ("commune_id", "kind", "code"), "ix_collectivity_commune_id"),
    ("collectivity", ("kind", "population"), "ix_collectivity_kind_population"),
    ("initiative", ("title_folded",), "ix_initiative_title_folded"),
    ("metric", ("name_folded",), "ix_metric_name_folded"),
)


def upgrade() -> None:
    for table, column in _FOLDED:
        op.add_column(table, _text(column, server_default=""))
    for column in _PRINTED:
        op.add_column("award", sa.Column(column, Text))
    op.add_column(
        "collectivity",
        sa.Column("commune_id", sa.Integer(), sa.ForeignKey("collectivity.id"), nullable=True),
        # SQLite cannot add the reference afterwards.
        inline_references=True,
    )
    for table, columns, name in _INDEXES:
        op.create_index(name, table, columns)
    _postal_code()
    _search()


def downgrade() -> None:
    for table in ("search_posting", "search_term", "search_entry", "postal_code"):
        op.drop_table(table)
    for table, _, name in _INDEXES:
        op.drop_index(name, table)
    for table, column in (*_FOLDED, ("collectivity", "commune_id")):
        op.drop_column(table, column)
    for column in _PRINTED:
        op.drop_column("award", column)


def _id() -> sa.Column[Any]:
    return _int("id", primary_key=True)


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, Text, nullable=False, **options)


def _int(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, **options)


def _postal_code() -> None:
    op.create_table(
        "postal_code",
        _id(),
        _text("code"),
        sa.Column(
            "collectivity_id", sa.Integer(), sa.ForeignKey("collectivity.id"), nullable=False
        ),
        sa.UniqueConstraint("code", "collectivity_id"),
    )
    op.create_index("ix_postal_code_collectivity_id", "postal_code", ["collectivity_id"])


def _search() -> None:
    op.create_table(
        "search_entry",
        _id(),
        _text("uid", unique=True),
        _text("type_name"),
        _int("record_id"),
        _int("prominence"),
        _text("label"),
        _text("text"),
        _text("words"),
        sa.UniqueConstraint("type_name", "record_id"),
    )
    op.create_table("search_term", _id(), _text("term", unique=True), _int("rarity"))
    op.create_table(
        "search_posting",
        _int("term_id", primary_key=True),
        _int("entry_id", primary_key=True),
        _int("weight"),
        sqlite_with_rowid=False,
    )
