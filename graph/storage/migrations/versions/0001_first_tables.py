"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from graph.storage.tables import Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _source()
    _collectivity()
    _former_code()
    _category()
    _prize()
    _edition()
    _initiative()
    _initiative_holder()
    _initiative_category()
    _initiative_source()
    _award()
    _laureate()
    _metric()
    _release()


def downgrade() -> None:
    for table in (
        "release",
        "metric",
        "laureate",
        "award",
        "initiative_source",
        "initiative_category",
        "initiative_holder",
        "initiative",
        "edition",
        "prize",
        "category",
        "former_code",
        "collectivity",
        "source",
    ):
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer(), primary_key=True, nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, Text, nullable=False)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, Text, nullable=False, unique=True)


def _maybe_text(name: str) -> sa.Column[Any]:
    return sa.Column(name, Text, nullable=True)


def _int(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _maybe_int(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=True)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _foreign(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=False)


def _maybe_foreign(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=True)


def _one_of(column: str, *words: str) -> sa.CheckConstraint:
    values = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({values})", name=f"{column}_is_known")


def _source() -> None:
    op.create_table(
        "source",
        _id(),
        _key("uid"),
        _key("key"),
        _maybe_text("url"),
        _maybe_text("title"),
        _maybe_text("publisher"),
        _maybe_text("licence_name"),
        _maybe_text("licence_url"),
        _maybe_text("retrieved_on"),
    )


def _collectivity() -> None:
    edges = ("parent_id", "departement_id", "region_id", "epci_id", "ept_id", "successor_id")
    op.create_table(
        "collectivity",
        _id(),
        _key("uid"),
        _text("kind"),
        _maybe_text("sub_kind"),
        _text("code"),
        _text("name"),
        sa.Column("siren", Text, nullable=True, unique=True),
        _maybe_int("population"),
        _maybe_int("population_year"),
        _text("postal_codes"),
        _flag("is_current"),
        *(_maybe_foreign(edge, "collectivity") for edge in edges),
        _maybe_text("note"),
        sa.UniqueConstraint("kind", "code"),
        _one_of("kind", "REGION", "DEPARTEMENT", "EPCI", "COMMUNE", "OTHER"),
    )
    op.create_index("ix_collectivity_code", "collectivity", ["code"])
    for edge in edges:
        op.create_index(f"ix_collectivity_{edge}", "collectivity", [edge, "kind", "code"])


def _former_code() -> None:
    op.create_table(
        "former_code",
        sa.Column("code", Text, primary_key=True, nullable=False),
        _foreign("collectivity_id", "collectivity"),
    )
    op.create_index("ix_former_code_collectivity_id", "former_code", ["collectivity_id"])


def _category() -> None:
    op.create_table(
        "category",
        _id(),
        _key("uid"),
        _key("slug"),
        _text("label_fr"),
        _text("label_en"),
        _maybe_text("note"),
    )


def _prize() -> None:
    op.create_table(
        "prize",
        _id(),
        _key("uid"),
        _key("slug"),
        _text("name"),
        _text("organiser"),
        _maybe_text("since"),
        _maybe_text("url"),
        _foreign("source_id", "source"),
    )
    op.create_index("ix_prize_source_id", "prize", ["source_id"])


def _edition() -> None:
    op.create_table(
        "edition",
        _id(),
        _key("uid"),
        _key("key"),
        _foreign("prize_id", "prize"),
        _int("year"),
        _maybe_text("jury_date"),
        _maybe_text("jury_president"),
        _maybe_text("jury_president_role"),
        _maybe_text("ceremony_date"),
        _maybe_text("ceremony_place"),
        _maybe_int("announced_awards"),
        _maybe_int("announced_gold"),
        _maybe_int("announced_silver"),
        _maybe_int("announced_bronze"),
        _foreign("source_id", "source"),
        _maybe_text("note"),
        sa.UniqueConstraint("prize_id", "year"),
    )
    op.create_index("ix_edition_year_key", "edition", ["year", "key"])
    op.create_index("ix_edition_source_id", "edition", ["source_id"])


def _initiative() -> None:
    op.create_table(
        "initiative",
        _id(),
        _key("uid"),
        _key("slug"),
        _text("title"),
        _flag("title_is_descriptive"),
        _maybe_text("summary"),
        _maybe_text("url"),
        _maybe_text("launched_on"),
        _maybe_int("year"),
        _maybe_text("note"),
    )
    op.create_index("ix_initiative_year", "initiative", ["year"])


def _initiative_holder() -> None:
    op.create_table(
        "initiative_holder",
        _id(),
        _foreign("initiative_id", "initiative"),
        _foreign("collectivity_id", "collectivity"),
        _text("role"),
        _int("position"),
        sa.UniqueConstraint("initiative_id", "collectivity_id"),
        sa.UniqueConstraint("initiative_id", "position"),
        _one_of("role", "LEAD", "PARTNER"),
    )
    op.create_index(
        "ix_initiative_holder_collectivity",
        "initiative_holder",
        ["collectivity_id", "initiative_id"],
    )


def _initiative_category() -> None:
    op.create_table(
        "initiative_category",
        _id(),
        _foreign("initiative_id", "initiative"),
        _foreign("category_id", "category"),
        sa.UniqueConstraint("initiative_id", "category_id"),
    )
    op.create_index(
        "ix_initiative_category_category", "initiative_category", ["category_id", "initiative_id"]
    )


def _initiative_source() -> None:
    op.create_table(
        "initiative_source",
        _id(),
        _foreign("initiative_id", "initiative"),
        _foreign("source_id", "source"),
        sa.UniqueConstraint("initiative_id", "source_id"),
    )
    op.create_index(
        "ix_initiative_source_source", "initiative_source", ["source_id", "initiative_id"]
    )


def _award() -> None:
    op.create_table(
        "award",
        _id(),
        _key("uid"),
        _key("key"),
        _foreign("edition_id", "edition"),
        _int("year"),
        _text("level"),
        _int("level_rank"),
        _maybe_text("level_as_printed"),
        _maybe_foreign("category_id", "category"),
        _maybe_text("category_as_printed"),
        _maybe_text("sponsor"),
        _maybe_foreign("initiative_id", "initiative"),
        _foreign("source_id", "source"),
        _maybe_text("note"),
        _one_of(
            "level",
            "GRAND_PRIX",
            "GOLD",
            "SILVER",
            "BRONZE",
            "LAUREATE",
            "SPECIAL",
            "MENTION",
            "UNKNOWN",
        ),
    )
    order = ["year", "level_rank", "key"]
    op.create_index("ix_award_order", "award", order)
    op.create_index("ix_award_edition", "award", ["edition_id", *order])
    op.create_index("ix_award_category", "award", ["category_id", *order])
    op.create_index("ix_award_initiative", "award", ["initiative_id", *order])
    op.create_index("ix_award_source_id", "award", ["source_id"])


def _laureate() -> None:
    op.create_table(
        "laureate",
        _id(),
        _foreign("award_id", "award"),
        _foreign("collectivity_id", "collectivity"),
        _int("position"),
        _text("name_as_printed"),
        _maybe_text("service"),
        sa.UniqueConstraint("award_id", "position"),
        sa.UniqueConstraint("award_id", "collectivity_id"),
    )
    op.create_index("ix_laureate_collectivity", "laureate", ["collectivity_id", "award_id"])


def _metric() -> None:
    op.create_table(
        "metric",
        _id(),
        _key("uid"),
        _key("key"),
        _foreign("initiative_id", "initiative"),
        _text("name_fr"),
        _text("name_en"),
        sa.Column("value_micro", sa.BigInteger(), nullable=False),
        _text("unit"),
        _maybe_int("year"),
        _maybe_text("as_of"),
        _maybe_text("qualifier"),
        _maybe_text("qualifier_kind"),
        _flag("is_target"),
        _foreign("source_id", "source"),
        _maybe_text("note"),
        _one_of("qualifier_kind", "ABOUT", "NEARLY", "MORE_THAN", "AT_LEAST", "UP_TO"),
    )
    op.create_index("ix_metric_initiative", "metric", ["initiative_id", "key"])
    op.create_index("ix_metric_unit", "metric", ["unit"])
    op.create_index("ix_metric_source_id", "metric", ["source_id"])


def _release() -> None:
    op.create_table(
        "release",
        _id(),
        _key("version"),
        _text("updated_at"),
        _text("checksum"),
        _text("licence_name"),
        _text("licence_url"),
        _text("attribution"),
    )
