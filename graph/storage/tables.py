"""The tables. Private: the public contract is `graph.schema`, which names what it shows.

Every record has an internal integer `id` (joins only, never shown), a public `uid` and a
natural key that the database keeps unique. Text that orders or identifies is compared byte
by byte on both engines (collation "C"), so both give the same pages.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from graph.domain.codes import Action, Kind, Level, Qualifier, ReviewStatus, Role, RunStatus

# PostgreSQL would otherwise sort by the locale it was created with; SQLite sorts bytes.
Text = sa.String().with_variant(sa.String(collation="C"), "postgresql")

USUAL_RANK = 100


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table of a model, for statements."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]  # set by SQLModel


def columns_of(model: type[SQLModel]) -> Any:
    """The columns of a model's table by name."""
    return table_of(model).c


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def _folded(**options: Any) -> Any:
    """A column derived by `graph.domain.text.fold`; empty where nothing was loaded since it came.

    The database fills it in because SQLite cannot add a column without a value to full rows.
    """
    return _text(default="", sa_column_kwargs={"server_default": ""}, **options)


def _counter() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def _key() -> Any:
    return _text(unique=True)


def _foreign(target: str, **options: Any) -> Any:
    return Field(foreign_key=f"{target}.id", **options)


def _one_of(
    column: str,
    words: type[Action | Kind | Level | Qualifier | ReviewStatus | Role | RunStatus],
) -> CheckConstraint:
    values = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_is_known")


class Source(SQLModel, table=True):
    """Where records come from. `key` is the address, or a name where there is none.

    A list that is imported again and again is a source as well; where two such lists dispute
    a record, that of the lower `rank` is shown.
    """

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    key: str = _key()
    url: str | None = _text(default=None)
    title: str | None = _text(default=None)
    publisher: str | None = _text(default=None)
    licence_name: str | None = _text(default=None)
    licence_url: str | None = _text(default=None)
    retrieved_on: str | None = _text(default=None)
    rank: int = Field(default=USUAL_RANK, sa_column_kwargs={"server_default": str(USUAL_RANK)})


class Run(SQLModel, table=True):
    """A look at a list that is harvested, and what came of it.

    `source_key` is that of a source, which is there once something was imported. `release` is
    the one that the content came with. `etag`, `last_modified` and `digest` (SHA-256) are the
    validators of the content, of use as long as it is read by the same `recipe`. Instants are
    ISO 8601 in UTC; `not_before` is when the server wants to be asked again. `message` is for
    the operator and never shown to others.
    """

    __table_args__ = (_one_of("status", RunStatus), Index("ix_run_source_key", "source_key", "id"))

    id: int | None = Field(default=None, primary_key=True)
    source_key: str = _text()
    started_at: str = _text()
    ended_at: str = _text()
    status: str = _text()
    release: str | None = _text(default=None)
    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    quarantined: int = 0
    size_bytes: int | None = Field(default=None, sa_type=sa.BigInteger)
    message: str | None = _text(default=None)
    etag: str | None = _text(default=None)
    last_modified: str | None = _text(default=None)
    digest: str | None = _text(default=None)
    recipe: str | None = _text(default=None)
    not_before: str | None = _text(default=None)


class Collectivity(SQLModel, table=True):
    """A territory or body. `code` is official, or a slug for an OTHER that has none.

    `postal_codes` are five-digit codes separated by a space. `departement_id` and
    `region_id` of a département or a région are its own, as is `commune_id` of a commune;
    what lies in one commune, such as a delegated one or a CCAS, has that of the current commune.
    """

    __table_args__ = (
        UniqueConstraint("kind", "code"),
        Index("ix_collectivity_kind_population", "kind", "population"),
        _one_of("kind", Kind),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    kind: str = _text()
    sub_kind: str | None = _text(default=None)
    code: str = _text(index=True)
    name: str = _text()
    siren: str | None = _text(default=None, unique=True)
    population: int | None = None
    population_year: int | None = None
    postal_codes: str = _text(default="")
    is_current: bool = True
    parent_id: int | None = _foreign("collectivity", default=None)
    departement_id: int | None = _foreign("collectivity", default=None)
    region_id: int | None = _foreign("collectivity", default=None)
    epci_id: int | None = _foreign("collectivity", default=None)
    ept_id: int | None = _foreign("collectivity", default=None)
    successor_id: int | None = _foreign("collectivity", default=None)
    note: str | None = _text(default=None)
    name_folded: str = _folded(index=True)
    commune_id: int | None = _foreign("collectivity", default=None)


# Edges from a territory to what lies in it, in the order their pages are read.
for _column in (
    "parent_id",
    "departement_id",
    "region_id",
    "epci_id",
    "ept_id",
    "successor_id",
    "commune_id",
):
    Index(
        f"ix_collectivity_{_column}",
        columns_of(Collectivity)[_column],
        columns_of(Collectivity).kind,
        columns_of(Collectivity).code,
    )


class FormerCode(SQLModel, table=True):
    """A commune code of the past and the current commune that it leads to."""

    __tablename__ = "former_code"

    code: str = _text(primary_key=True)
    collectivity_id: int = _foreign("collectivity", index=True)


class PostalCode(SQLModel, table=True):
    """A postal code of a collectivity; several share one, and one may have several."""

    __tablename__ = "postal_code"
    __table_args__ = (UniqueConstraint("code", "collectivity_id"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = _text()
    collectivity_id: int = _foreign("collectivity", index=True)


class Category(SQLModel, table=True):
    """A stable theme; what a prize printed that year belongs to its award."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    slug: str = _key()
    label_fr: str = _text()
    label_en: str = _text()
    note: str | None = _text(default=None)
    label_folded: str = _folded()


class Prize(SQLModel, table=True):
    """A programme that rewards collectivities. `since` is a partial date."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    slug: str = _key()
    name: str = _text()
    organiser: str = _text()
    since: str | None = _text(default=None)
    url: str | None = _text(default=None)
    source_id: int = _foreign("source", index=True)
    name_folded: str = _folded()


class Edition(SQLModel, table=True):
    """One year of a prize. `key` is `<prize slug>-<year>`; announced totals may be unknown."""

    __table_args__ = (
        UniqueConstraint("prize_id", "year"),
        Index("ix_edition_year_key", "year", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    key: str = _key()
    prize_id: int = _foreign("prize")
    year: int
    jury_date: str | None = _text(default=None)
    jury_president: str | None = _text(default=None)
    jury_president_role: str | None = _text(default=None)
    ceremony_date: str | None = _text(default=None)
    ceremony_place: str | None = _text(default=None)
    announced_awards: int | None = None
    announced_gold: int | None = None
    announced_silver: int | None = None
    announced_bronze: int | None = None
    source_id: int = _foreign("source", index=True)
    note: str | None = _text(default=None)


class Initiative(SQLModel, table=True):
    """What a collectivity did. `year` is that of its first award; `launched_on` is partial."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    slug: str = _key()
    title: str = _text()
    title_is_descriptive: bool = False
    summary: str | None = _text(default=None)
    url: str | None = _text(default=None)
    launched_on: str | None = _text(default=None)
    year: int | None = Field(default=None, index=True)
    note: str | None = _text(default=None)
    title_folded: str = _folded(index=True)


class InitiativeHolder(SQLModel, table=True):
    """A collectivity that carries an initiative; `position` starts at 0 with the lead."""

    __tablename__ = "initiative_holder"
    __table_args__ = (
        UniqueConstraint("initiative_id", "collectivity_id"),
        UniqueConstraint("initiative_id", "position"),
        Index("ix_initiative_holder_collectivity", "collectivity_id", "initiative_id"),
        _one_of("role", Role),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = _foreign("initiative")
    collectivity_id: int = _foreign("collectivity")
    role: str = _text()
    position: int


class InitiativeCategory(SQLModel, table=True):
    """A theme of an initiative, as its awards give it."""

    __tablename__ = "initiative_category"
    __table_args__ = (
        UniqueConstraint("initiative_id", "category_id"),
        Index("ix_initiative_category_category", "category_id", "initiative_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = _foreign("initiative")
    category_id: int = _foreign("category")


class InitiativeSource(SQLModel, table=True):
    """A source that tells of an initiative."""

    __tablename__ = "initiative_source"
    __table_args__ = (
        UniqueConstraint("initiative_id", "source_id"),
        Index("ix_initiative_source_source", "source_id", "initiative_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = _foreign("initiative")
    source_id: int = _foreign("source")


class Award(SQLModel, table=True):
    """A distinction of an edition; joint winners share it. `year` repeats the edition's.

    The copy of `year` lets one index serve "newest first" without a join.
    """

    __table_args__ = (
        _one_of("level", Level),
        Index("ix_award_order", "year", "level_rank", "key"),
        Index("ix_award_edition", "edition_id", "year", "level_rank", "key"),
        Index("ix_award_category", "category_id", "year", "level_rank", "key"),
        Index("ix_award_initiative", "initiative_id", "year", "level_rank", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    key: str = _key()
    edition_id: int = _foreign("edition")
    year: int
    level: str = _text()
    level_rank: int
    level_as_printed: str | None = _text(default=None)
    category_id: int | None = _foreign("category", default=None)
    category_as_printed: str | None = _text(default=None)
    sponsor: str | None = _text(default=None)
    initiative_id: int | None = _foreign("initiative", default=None)
    source_id: int = _foreign("source", index=True)
    note: str | None = _text(default=None)
    category_as_printed_folded: str | None = _text(default=None)
    sponsor_folded: str | None = _text(default=None)


class Laureate(SQLModel, table=True):
    """A winner of an award, with the name and the service that the source prints."""

    __table_args__ = (
        UniqueConstraint("award_id", "position"),
        UniqueConstraint("award_id", "collectivity_id"),
        Index("ix_laureate_collectivity", "collectivity_id", "award_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    award_id: int = _foreign("award")
    collectivity_id: int = _foreign("collectivity")
    position: int
    name_as_printed: str = _text()
    service: str | None = _text(default=None)


class AwardPlace(SQLModel, table=True):
    """That a laureate of an award lies in a région or a département, in the order of awards.

    `position` is the lowest of such laureates, 0 for the lead. Derived, as the search tables are,
    and without foreign keys as well.
    """

    __tablename__ = "award_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    place_id: int = Field(primary_key=True)
    year: int = Field(primary_key=True)
    level_rank: int = Field(primary_key=True)
    key: str = _text(primary_key=True)
    award_id: int
    position: int


class InitiativePlace(SQLModel, table=True):
    """The same of the holders of initiatives."""

    __tablename__ = "initiative_place"
    __table_args__ = ({"sqlite_with_rowid": False},)

    place_id: int = Field(primary_key=True)
    slug: str = _text(primary_key=True)
    initiative_id: int
    position: int


class Metric(SQLModel, table=True):
    """A measured figure of an initiative, in millionths (see `graph.domain.decimals`)."""

    __table_args__ = (
        _one_of("qualifier_kind", Qualifier),
        Index("ix_metric_initiative", "initiative_id", "key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    key: str = _key()
    initiative_id: int = _foreign("initiative")
    name_fr: str = _text()
    name_en: str = _text()
    value_micro: int = Field(sa_type=sa.BigInteger)
    unit: str = _text(index=True)
    year: int | None = None
    as_of: str | None = _text(default=None)
    qualifier: str | None = _text(default=None)
    qualifier_kind: str | None = _text(default=None)
    is_target: bool = False
    source_id: int = _foreign("source", index=True)
    note: str | None = _text(default=None)
    name_folded: str = _folded(index=True)


class SearchEntry(SQLModel, table=True):
    """A record as the search knows it; `seed.index` writes the search tables.

    `record_id` is the id in the table of `type_name`. `text` says in French what the record is
    found by, beginning with its `label`. `words` are the folded words of the text, each between
    two spaces, so that a phrase is a part of it. Among equal hits the higher `prominence` comes
    first: inhabitants or a year.
    """

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("type_name", "record_id"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = _key()
    type_name: str = _text()
    record_id: int
    prominence: int
    label: str = _text()
    text: str = _text()
    words: str = _text()


class SearchTerm(SQLModel, table=True):
    """A folded word or a stem of one, and how many `entries` have it.

    The rarer among the entries, the higher its `rarity`.
    """

    __tablename__ = "search_term"

    id: int | None = Field(default=None, primary_key=True)
    term: str = _key()
    rarity: int
    entries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class SearchPosting(SQLModel, table=True):
    """That a term occurs in an entry; `weight` is higher in a name, and in a short one.

    An index holds the entries of each term from the best on. Ids refer to the tables above
    without a foreign key: all three are written in one go, and to check some 300,000 references
    would double the time of a load.
    """

    __tablename__ = "search_posting"
    # SQLite would otherwise hold each row twice, in the table and in the index of its key.
    __table_args__ = ({"sqlite_with_rowid": False},)

    term_id: int = Field(primary_key=True)
    entry_id: int = Field(primary_key=True)
    weight: int


Index(
    "ix_search_posting_best",
    columns_of(SearchPosting).term_id,
    columns_of(SearchPosting).weight.desc(),
    columns_of(SearchPosting).entry_id,
)


class Release(SQLModel, table=True):
    """A state of the data; the highest id is the one that is served.

    `version` is `<date>.<number of that day>`, `updated_at` an ISO 8601 instant in UTC,
    `checksum` is that of the files which were imported, from the list `feed_id`. The counts are
    of records; the first release created all of its own.
    """

    id: int | None = Field(default=None, primary_key=True)
    version: str = _key()
    updated_at: str = _text()
    checksum: str = _text()
    licence_name: str = _text()
    licence_url: str = _text()
    attribution: str = _text()
    feed_id: int | None = None
    note: str | None = _text(default=None)
    created: int = _counter()
    changed: int = _counter()
    withdrawn: int = _counter()


class RecordState(SQLModel, table=True):
    """What is known of a record beside its facts, whether it is still there or not.

    `feed_id` is the source whose list brought it, `digest` that of its row there, with what
    hangs on it alone (laureates, holders, postal codes). The releases are those that it came
    with, that changed it last and that withdrew it; then `label` says what it was. Numbers
    refer without a foreign key, which would double the time of a long import.
    """

    __tablename__ = "record_state"
    __table_args__ = (
        Index("ix_record_state_feed", "feed_id", "type_name"),
        {"sqlite_with_rowid": False},
    )

    uid: str = _text(primary_key=True)
    type_name: str = _text()
    feed_id: int
    digest: int = Field(sa_type=sa.BigInteger)
    created_id: int
    touched_id: int
    withdrawn_id: int | None = None
    label: str | None = _text(default=None)


class Claim(SQLModel, table=True):
    """What another list says of a record that is shown as `record_state.feed_id` says it.

    `row` is the staged row with what hangs on it, as JSON (see `seed.claims`).
    """

    __table_args__ = (Index("ix_claim_feed", "feed_id", "type_name"),)

    uid: str = _text(primary_key=True)
    feed_id: int = Field(primary_key=True)
    type_name: str = _text()
    digest: int = Field(sa_type=sa.BigInteger)
    row: str = _text()


class Change(SQLModel, table=True):
    """What a release did to a record, in the order of `id`.

    `action` is CREATED, CHANGED, WITHDRAWN or RESTORED; `fields` of a change are JSON:
    `{"title": ["before", "after"]}`, by the names of the API. `reason` is that of a withdrawal,
    as `graph.domain.withdrawal` writes it.
    """

    __table_args__ = (
        _one_of("action", Action),
        Index("ix_change_release", "release_id", "id"),
        Index("ix_change_uid", "uid", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    release_id: int
    type_name: str = _text()
    uid: str = _text()
    action: str = _text()
    fields: str | None = _text(default=None)
    reason: str | None = _text(default=None)


class Quarantine(SQLModel, table=True):
    """A row of a list that was refused while the rest of it was imported.

    `table_name` is the native table, `cells` and `faults` are JSON: text by column, and
    column, value and reason of each fault.
    """

    __table_args__ = (UniqueConstraint("feed", "file", "line", "table_name"),)

    id: int | None = Field(default=None, primary_key=True)
    feed: str = _text()
    file: str = _text()
    line: int
    table_name: str = _text()
    cells: str = _text()
    faults: str = _text()
    refused_at: str = _text()


class SuggestionKey(SQLModel, table=True):
    """What a current collectivity is suggested for: a squeezed name or a code that begins so.

    Of what is found together, the lower `match` comes first, then the lower `place`. The id
    refers without a foreign key, as in the search tables, and for the same reason.
    """

    __tablename__ = "suggestion_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: str = _text(primary_key=True)
    place: int = Field(primary_key=True)
    match: int
    kind: str = _text()
    collectivity_id: int


class SuggestionBest(SQLModel, table=True):
    """The first collectivities of each kind for a `key` that too many keys begin with."""

    __tablename__ = "suggestion_best"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: str = _text(primary_key=True)
    place: int = Field(primary_key=True)
    match: int
    kind: str = _text()
    collectivity_id: int


class InitiativeWord(SQLModel, table=True):
    """A word of an initiative's title or summary by its stem, as it is `shown` there.

    The rarer among the initiatives, the higher its `rarity`. Derived, as the search tables are.
    """

    __tablename__ = "initiative_word"
    __table_args__ = (
        Index("ix_initiative_word_stem", "stem", "initiative_id"),
        {"sqlite_with_rowid": False},
    )

    initiative_id: int = Field(primary_key=True)
    stem: str = _text(primary_key=True)
    shown: str = _text()
    rarity: int


class NameDecision(SQLModel, table=True):
    """A printed name that no rule decides, what is proposed, and what a person decided.

    `question` is the folded text with the hints that stood beside it; `asked_*` are these hints
    as they were given. `reasons` and `others` are JSON. A body that has to be created has a
    `body_sub_kind`; its slug is the `code`. What it refers to may come and go, so nothing is a
    foreign key.
    """

    __tablename__ = "name_decision"
    __table_args__ = (
        _one_of("status", ReviewStatus),
        Index("ix_name_decision_status", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question: str = _key()
    text: str = _text()
    asked_kind: str | None = _text(default=None)
    asked_departement: str | None = _text(default=None)
    asked_code: str | None = _text(default=None)
    asked_siren: str | None = _text(default=None)
    status: str = _text()
    kind: str | None = _text(default=None)
    code: str | None = _text(default=None)
    name: str | None = _text(default=None)
    body_sub_kind: str | None = _text(default=None)
    parent_kind: str | None = _text(default=None)
    parent_code: str | None = _text(default=None)
    score: float
    reasons: str = _text()
    others: str = _text()
    asked_at: str = _text()
    decided_at: str | None = _text(default=None)
