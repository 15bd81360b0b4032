"""The files declared: their columns, what names a row, and what a row refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.domain.codes import Kind, Level, Qualifier, Role
from seed import cells
from seed.cells import Cell, maybe


@dataclass(frozen=True)
class Reference:
    """Columns that name a row of another file; nothing is meant where all are empty.

    `into` is the column of the table that holds the id. `kind` completes a code whose column
    says what it is the code of.
    """

    columns: tuple[str, ...]
    target: str
    into: str
    kind: Kind | None = None


@dataclass(frozen=True, eq=False)
class File:
    """A file of the data set. Files with the same `target` share their keys.

    `extra` columns may stand in a list from elsewhere; the committed files have none of them.
    `defaults` are the cells of a required column that such a list lacks.
    """

    name: str
    target: str
    key: tuple[str, ...]
    columns: Mapping[str, Cell]
    references: tuple[Reference, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Cell] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def readable(self) -> dict[str, Cell]:
        """All columns that a list may have."""
        return {**self.columns, **self.extra}


_SOURCE = Reference(("source",), "source", "source_id")
_INITIATIVE = Reference(("initiative",), "initiative", "initiative_id")
_PARENT = Reference(("parent_kind", "parent_code"), "collectivity", "parent_id")
_HOLDER = Reference(("kind", "code"), "collectivity", "collectivity_id")

SOURCES = File(
    "sources.csv",
    "source",
    ("key",),
    {
        "key": cells.KEY,
        "url": maybe(cells.ADDRESS),
        "title": maybe(cells.TEXT),
        "publisher": maybe(cells.NAME),
        "licence_name": maybe(cells.NAME),
        "licence_url": maybe(cells.ADDRESS),
        "retrieved_on": maybe(cells.DATE),
    },
)
COLLECTIVITIES = File(
    "collectivities.csv.gz",
    "collectivity",
    ("kind", "code"),
    {
        "kind": cells.word(Kind),
        "sub_kind": maybe(cells.NAME),
        "code": cells.CODE,
        "name": cells.NAME,
        "siren": maybe(cells.SIREN),
        "population": maybe(cells.COUNT),
        "population_year": maybe(cells.YEAR),
        "postal_codes": maybe(cells.POSTAL_CODES),
        "is_current": cells.FLAG,
        "parent_kind": maybe(cells.word(Kind)),
        "parent_code": maybe(cells.CODE),
        "departement": maybe(cells.CODE),
        "region": maybe(cells.CODE),
        "epci": maybe(cells.CODE),
        "ept": maybe(cells.CODE),
        "successor": maybe(cells.CODE),
    },
    (
        _PARENT,
        Reference(("departement",), "collectivity", "departement_id", Kind.DEPARTEMENT),
        Reference(("region",), "collectivity", "region_id", Kind.REGION),
        Reference(("epci",), "collectivity", "epci_id", Kind.EPCI),
        Reference(("ept",), "collectivity", "ept_id", Kind.OTHER),
        Reference(("successor",), "collectivity", "successor_id", Kind.COMMUNE),
    ),
    unique=(("siren",),),
    defaults={"is_current": "1"},
)
BODIES = File(
    "bodies.csv",
    "collectivity",
    ("kind", "code"),
    {
        "code": cells.SLUG,
        "sub_kind": cells.NAME,
        "name": cells.NAME,
        "parent_kind": maybe(cells.word(Kind)),
        "parent_code": maybe(cells.CODE),
        "is_current": cells.FLAG,
        "successor_kind": maybe(cells.word(Kind)),
        "successor_code": maybe(cells.CODE),
        "note": maybe(cells.TEXT),
    },
    (_PARENT, Reference(("successor_kind", "successor_code"), "collectivity", "successor_id")),
    constants={"kind": Kind.OTHER.value},
    defaults={"is_current": "1"},
)
FORMER_CODES = File(
    "former_codes.csv.gz",
    "former_code",
    ("code",),
    {"code": cells.CODE, "commune": cells.CODE},
    (Reference(("commune",), "collectivity", "collectivity_id", Kind.COMMUNE),),
)
CATEGORIES = File(
    "categories.csv",
    "category",
    ("slug",),
    {
        "slug": cells.SLUG,
        "label_fr": cells.NAME,
        "label_en": cells.NAME,
        "note": maybe(cells.TEXT),
    },
)
PRIZES = File(
    "prizes.csv",
    "prize",
    ("slug",),
    {
        "slug": cells.SLUG,
        "name": cells.NAME,
        "organiser": cells.NAME,
        "since": maybe(cells.PARTIAL_DATE),
        "url": maybe(cells.ADDRESS),
        "source": cells.KEY,
    },
    (_SOURCE,),
)
EDITIONS = File(
    "editions.csv",
    "edition",
    ("prize", "year"),
    {
        "prize": cells.SLUG,
        "year": cells.YEAR,
        "jury_date": maybe(cells.DATE),
        "jury_president": maybe(cells.NAME),
        "jury_president_role": maybe(cells.NAME),
        "ceremony_date": maybe(cells.DATE),
        "ceremony_place": maybe(cells.NAME),
        "announced_awards": maybe(cells.COUNT),
        "announced_gold": maybe(cells.COUNT),
        "announced_silver": maybe(cells.COUNT),
        "announced_bronze": maybe(cells.COUNT),
        "source": cells.KEY,
        "note": maybe(cells.TEXT),
    },
    (Reference(("prize",), "prize", "prize_id"), _SOURCE),
)
INITIATIVES = File(
    "initiatives.csv",
    "initiative",
    ("slug",),
    {
        "slug": cells.SLUG,
        "title": cells.NAME,
        "title_is_descriptive": cells.FLAG,
        "summary": maybe(cells.TEXT),
        "url": maybe(cells.ADDRESS),
        "launched_on": maybe(cells.PARTIAL_DATE),
        "note": maybe(cells.TEXT),
    },
    extra={"holders": maybe(cells.TEXT), "holders_departement": maybe(cells.NAME)},
    defaults={"title_is_descriptive": "0"},
)
HOLDERS = File(
    "holders.csv",
    "initiative_holder",
    ("initiative", "kind", "code"),
    {
        "initiative": cells.SLUG,
        "position": cells.COUNT,
        "role": cells.word(Role),
        "kind": cells.word(Kind),
        "code": cells.CODE,
    },
    (_INITIATIVE, _HOLDER),
    unique=(("initiative", "position"),),
    defaults={"role": Role.LEAD.value},
)
AWARDS = File(
    "awards.csv",
    "award",
    ("key",),
    {
        "key": cells.SLUG,
        "prize": cells.SLUG,
        "year": cells.YEAR,
        "level": cells.word(Level),
        "level_as_printed": maybe(cells.NAME),
        "category": maybe(cells.SLUG),
        "category_as_printed": maybe(cells.NAME),
        "sponsor": maybe(cells.NAME),
        "initiative": maybe(cells.SLUG),
        "source": cells.KEY,
        "note": maybe(cells.TEXT),
    },
    (
        Reference(("prize", "year"), "edition", "edition_id"),
        Reference(("category",), "category", "category_id"),
        _INITIATIVE,
        _SOURCE,
    ),
    extra={"laureates": maybe(cells.TEXT), "laureates_departement": maybe(cells.NAME)},
    defaults={"level": Level.UNKNOWN.value},
)
LAUREATES = File(
    "laureates.csv",
    "laureate",
    ("award", "kind", "code"),
    {
        "award": cells.SLUG,
        "position": cells.COUNT,
        "kind": cells.word(Kind),
        "code": cells.CODE,
        "name_as_printed": cells.NAME,
        "service": maybe(cells.NAME),
    },
    (Reference(("award",), "award", "award_id"), _HOLDER),
    unique=(("award", "position"),),
)
METRICS = File(
    "metrics.csv",
    "metric",
    (),  # see `rules.metric_key`
    {
        "initiative": cells.SLUG,
        "name_fr": cells.NAME,
        "name_en": cells.NAME,
        "value": cells.DECIMAL,
        "unit": cells.NAME,
        "year": maybe(cells.YEAR),
        "as_of": maybe(cells.PARTIAL_DATE),
        "qualifier": maybe(cells.NAME),
        "qualifier_kind": maybe(cells.word(Qualifier)),
        "is_target": cells.FLAG,
        "source": cells.KEY,
        "note": maybe(cells.TEXT),
    },
    (_INITIATIVE, _SOURCE),
    defaults={"is_target": "0"},
)

FILES = (
    SOURCES,
    COLLECTIVITIES,
    BODIES,
    FORMER_CODES,
    CATEGORIES,
    PRIZES,
    EDITIONS,
    INITIATIVES,
    HOLDERS,
    AWARDS,
    LAUREATES,
    METRICS,
)

# What people call them, in the templates, in mappings and in the names of their own files.
TABLES: Mapping[str, File] = {
    "source": SOURCES,
    "collectivity": COLLECTIVITIES,
    "body": BODIES,
    "former_code": FORMER_CODES,
    "category": CATEGORIES,
    "prize": PRIZES,
    "edition": EDITIONS,
    "initiative": INITIATIVES,
    "holder": HOLDERS,
    "award": AWARDS,
    "laureate": LAUREATES,
    "metric": METRICS,
}
