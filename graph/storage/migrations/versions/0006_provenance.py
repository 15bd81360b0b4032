"""Which list a record came with, what each release did, other claims, refused rows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from graph.domain.codes import Action
from graph.domain.uid import make_uid
from graph.storage.tables import Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The list of the committed files, as `seed.feed` names it.
_KEY, _TITLE = "terrigraph", "Palmarès et collectivités réunis par Terrigraph"

_COUNTERS = ("created", "changed", "withdrawn")
_RECORDS = {
    "award": "Award",
    "category": "Category",
    "collectivity": "Collectivity",
    "edition": "Edition",
    "initiative": "Initiative",
    "metric": "Metric",
    "prize": "Prize",
    "source": "Source",
}


def upgrade() -> None:
    op.add_column("source", _number("rank", server_default="100"))
    op.add_column("release", sa.Column("feed_id", sa.Integer()))
    op.add_column("release", sa.Column("note", Text))
    for name in _COUNTERS:
        op.add_column("release", _number(name, server_default="0"))
    _record_state()
    _claim()
    _change()
    _quarantine()
    _know_what_is_there()


def downgrade() -> None:
    for table in ("quarantine", "change", "claim", "record_state"):
        op.drop_table(table)
    for name in (*_COUNTERS, "note", "feed_id"):
        op.drop_column("release", name)
    op.drop_column("source", "rank")


def _number(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, **options)


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, Text, nullable=False, **options)


def _record_state() -> None:
    op.create_table(
        "record_state",
        _text("uid", primary_key=True),
        _text("type_name"),
        _number("feed_id"),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        _number("created_id"),
        _number("touched_id"),
        sa.Column("withdrawn_id", sa.Integer()),
        sa.Column("label", Text),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_record_state_feed", "record_state", ["feed_id", "type_name"])


def _claim() -> None:
    op.create_table(
        "claim",
        _text("uid", primary_key=True),
        sa.Column("feed_id", sa.Integer(), primary_key=True, autoincrement=False),
        _text("type_name"),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        _text("row"),
    )
    op.create_index("ix_claim_feed", "claim", ["feed_id", "type_name"])


def _change() -> None:
    words = ", ".join(f"'{action}'" for action in Action)
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _number("release_id"),
        _text("type_name"),
        _text("uid"),
        _text("action"),
        sa.Column("fields", Text),
        sa.Column("reason", Text),
        sa.CheckConstraint(f"action IN ({words})", name="action_is_known"),
    )
    op.create_index("ix_change_release", "change", ["release_id", "id"])
    op.create_index("ix_change_uid", "change", ["uid", "id"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        _text("feed"),
        _text("file"),
        _number("line"),
        _text("table_name"),
        _text("cells"),
        _text("faults"),
        _text("refused_at"),
        sa.UniqueConstraint("feed", "file", "line", "table_name"),
    )


def _know_what_is_there() -> None:
    """All records so far came with the committed list, in the release that is served.

    The next load learns their digests; the log begins with them, so that it is complete.
    """
    connection = op.get_bind()
    release = connection.scalar(sa.text("SELECT max(id) FROM release"))
    if release is None:
        return
    connection.execute(
        sa.text(
            "INSERT INTO source (id, uid, key, title)"
            " SELECT max(id) + 1, :uid, :key, :title FROM source"
        ),
        {"uid": make_uid("Source", _KEY), "key": _KEY, "title": _TITLE},
    )
    feed = sa.text("SELECT id FROM source WHERE key = :key")
    feed_id = connection.scalar(feed, {"key": _KEY})
    begun = 0
    for table, type_name in _RECORDS.items():
        records = sa.table(table, sa.column("uid"))
        columns = ("uid", "type_name", "feed_id", "digest", "created_id", "touched_id")
        _copy(
            connection, "record_state", columns, records, (type_name, feed_id, 0, release, release)
        )
        number = sa.func.row_number().over(order_by=records.c.uid) + begun
        logged = ("id", "uid", "release_id", "type_name", "action")
        _copy(connection, "change", logged, records, (release, type_name, Action.CREATED), number)
        begun = connection.scalar(sa.text("SELECT coalesce(max(id), 0) FROM change")) or 0
    connection.execute(
        sa.text("UPDATE release SET created = :created WHERE id = :release"),
        {"created": begun, "release": release},
    )


def _copy(
    connection: sa.Connection,
    into: str,
    columns: tuple[str, ...],
    records: sa.TableClause,
    values: tuple[Any, ...],
    *before: sa.ColumnElement[Any],
) -> None:
    """Writes a row for each record: what comes before its uid, the uid, and these values."""
    rows = sa.select(*before, records.c.uid, *map(sa.literal, values))
    target = sa.table(into, *map(sa.column, columns))
    connection.execute(sa.insert(target).from_select(columns, rows))
