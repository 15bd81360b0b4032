"""`where` inputs: one per type; fields given together must all hold."""

from enum import Enum

import strawberry
from strawberry import Maybe, enum_value

from graph.resolvers import (
    award,
    category,
    collectivity,
    dataset,
    edition,
    holder,
    initiative,
    laureate,
    metric,
    prize,
    source,
)
from graph.resolvers.where import Fields
from graph.schema import prices
from graph.schema.filters import (
    BooleanFilter,
    DecimalFilter,
    IntFilter,
    KindFilter,
    LevelFilter,
    PartialDateFilter,
    PostalCodeFilter,
    QualifierFilter,
    RoleFilter,
    RunStatusFilter,
    StringFilter,
    TextFilter,
)

_AND = "All of these hold. A filter has at most 100 conditions, 12 deep."
_OR = "At least one of these holds. A filter has at most 100 conditions, 12 deep."
_NOT = "This does not hold."
_ALL = "Fields given together must all hold."
_SEARCH = (
    ", found whatever their accents, case and endings; quotes for a phrase, a leading `-` for what "
    "must not occur, the last word may be a beginning. Read from an index."
)


@strawberry.enum(description="Which of several laureates or holders tell where a record lies.")
class Attribution(Enum):
    ANY_HOLDER = enum_value(
        "ANY_HOLDER",
        description="All of them: what two régions won jointly lies in both, and counts in both.",
    )
    LEAD_ONLY = enum_value(
        "LEAD_ONLY",
        description="The one that is named first, so that each record lies in one place.",
    )


@strawberry.input(
    description=(
        "A territory, by one of its codes. Région ⊃ département ⊃ commune, and EPCI ⊃ commune; "
        "a territory lies in itself. A body (CCAS, SDIS, syndicat …) lies where the collectivity "
        "lies that it belongs to; an EPCI, where most of its inhabitants live. An award lies "
        "where its laureates lie, an initiative and its metrics where its holders do: "
        "`attribution` tells which of several. A code of no territory finds nothing."
    )
)
class Within:
    region: Maybe[str] = strawberry.field(description="INSEE code of a région, such as `53`.")
    departement: Maybe[str] = strawberry.field(
        description="Code of a département, such as `45`, `2A`, `974`."
    )
    epci: Maybe[str] = strawberry.field(
        description="SIREN of an EPCI with taxing powers, such as `200071892`."
    )
    commune: Maybe[str] = strawberry.field(
        description="INSEE code of a commune; former, delegated and associated ones lead on."
    )
    attribution: Maybe[Attribution] = strawberry.field(
        description="Which of several laureates or holders tell where a record lies; ANY_HOLDER by "
        "default. Not for collectivities, which have neither."
    )


@strawberry.input(description=f"Which and how many awards a record has. {_ALL}")
class AwardsFilter:
    some: Maybe["AwardWhere"] = strawberry.field(
        description="At least one is such.", metadata=prices.RELATED
    )
    none: Maybe["AwardWhere"] = strawberry.field(
        description="None is such.", metadata=prices.RELATED_TO_ALL
    )
    count: Maybe[IntFilter] = strawberry.field(
        description="How many there are, or satisfy `where`.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["AwardWhere"] = strawberry.field(
        description="Which of them `count` counts; all without it."
    )


@strawberry.input(description=f"Which and how many initiatives a record has. {_ALL}")
class InitiativesFilter:
    some: Maybe["InitiativeWhere"] = strawberry.field(
        description="At least one is such.", metadata=prices.RELATED
    )
    none: Maybe["InitiativeWhere"] = strawberry.field(
        description="None is such.", metadata=prices.RELATED_TO_ALL
    )
    count: Maybe[IntFilter] = strawberry.field(
        description="How many there are, or satisfy `where`.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["InitiativeWhere"] = strawberry.field(
        description="Which of them `count` counts; all without it."
    )


@strawberry.input(description=f"Which and how many editions a record has. {_ALL}")
class EditionsFilter:
    some: Maybe["EditionWhere"] = strawberry.field(
        description="At least one is such.", metadata=prices.RELATED
    )
    none: Maybe["EditionWhere"] = strawberry.field(
        description="None is such.", metadata=prices.RELATED_TO_ALL
    )
    count: Maybe[IntFilter] = strawberry.field(
        description="How many there are, or satisfy `where`.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["EditionWhere"] = strawberry.field(
        description="Which of them `count` counts; all without it."
    )


@strawberry.input(description=f"Which and how many metrics a record has. {_ALL}")
class MetricsFilter:
    some: Maybe["MetricWhere"] = strawberry.field(
        description="At least one is such.", metadata=prices.RELATED
    )
    none: Maybe["MetricWhere"] = strawberry.field(
        description="None is such.", metadata=prices.RELATED_TO_ALL
    )
    count: Maybe[IntFilter] = strawberry.field(
        description="How many there are, or satisfy `where`.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["MetricWhere"] = strawberry.field(
        description="Which of them `count` counts; all without it."
    )


@strawberry.input(description=f"Which and how many collectivities a record has. {_ALL}")
class CollectivitiesFilter:
    some: Maybe["CollectivityWhere"] = strawberry.field(
        description="At least one is such.", metadata=prices.RELATED
    )
    none: Maybe["CollectivityWhere"] = strawberry.field(
        description="None is such.", metadata=prices.RELATED_TO_ALL
    )
    count: Maybe[IntFilter] = strawberry.field(
        description="How many there are, or satisfy `where`.", metadata=prices.RELATED_TO_ALL
    )
    where: Maybe["CollectivityWhere"] = strawberry.field(
        description="Which of them `count` counts; all without it."
    )


@strawberry.input(description=f"Which categories. {_ALL}")
class CategoryWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    label: Maybe[TextFilter] = strawberry.field(description="By label in French.")
    awards: Maybe["AwardsFilter"] = strawberry.field(description="By the awards in it.")
    initiatives: Maybe["InitiativesFilter"] = strawberry.field(
        description="By the initiatives in it."
    )
    search: Maybe[str] = strawberry.field(
        description=f"Words of its labels and note{_SEARCH}", metadata=prices.SEARCHED
    )
    and_: Maybe[list["CategoryWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["CategoryWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["CategoryWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which prizes. {_ALL}")
class PrizeWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    name: Maybe[TextFilter] = strawberry.field(description="By name.")
    since: Maybe[PartialDateFilter] = strawberry.field(description="By when it was first awarded.")
    editions: Maybe["EditionsFilter"] = strawberry.field(description="By its editions.")
    and_: Maybe[list["PrizeWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["PrizeWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["PrizeWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which editions. {_ALL}")
class EditionWhere:
    year: Maybe[IntFilter] = strawberry.field(description="By year.")
    prize: Maybe[PrizeWhere] = strawberry.field(description="By the prize.")
    jury_date: Maybe[PartialDateFilter] = strawberry.field(description="By when the jury met.")
    ceremony_date: Maybe[PartialDateFilter] = strawberry.field(
        description="By when the awards were given."
    )
    announced_awards: Maybe[IntFilter] = strawberry.field(
        description="By how many awards were announced."
    )
    awards: Maybe["AwardsFilter"] = strawberry.field(description="By the awards that are loaded.")
    and_: Maybe[list["EditionWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["EditionWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["EditionWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which collectivities. {_ALL}")
class CollectivityWhere:
    kind: Maybe[KindFilter] = strawberry.field(description="By kind.")
    code: Maybe[StringFilter] = strawberry.field(
        description="By code, which is unique within a kind only."
    )
    name: Maybe[TextFilter] = strawberry.field(description="By name.")
    sub_kind: Maybe[StringFilter] = strawberry.field(description="By sub-kind.")
    siren: Maybe[StringFilter] = strawberry.field(description="By SIREN, nine digits.")
    population: Maybe[IntFilter] = strawberry.field(
        description="By inhabitants.", metadata=prices.UNINDEXED
    )
    postal_code: Maybe[PostalCodeFilter] = strawberry.field(description="By postal code.")
    is_current: Maybe[BooleanFilter] = strawberry.field(
        description="Whether it exists today, under this code."
    )
    within: Maybe[Within] = strawberry.field(description="Lies in this territory, or is it.")
    parent: Maybe["CollectivityWhere"] = strawberry.field(description="By what it belongs to.")
    departement: Maybe["CollectivityWhere"] = strawberry.field(
        description="By the département that it lies in."
    )
    region: Maybe["CollectivityWhere"] = strawberry.field(
        description="By the région that it lies in."
    )
    epci: Maybe["CollectivityWhere"] = strawberry.field(
        description="By the EPCI that it is a member of."
    )
    awards: Maybe["AwardsFilter"] = strawberry.field(
        description="By the awards that it won itself, alone or jointly."
    )
    initiatives: Maybe["InitiativesFilter"] = strawberry.field(
        description="By the initiatives that it holds, as lead or partner."
    )
    search: Maybe[str] = strawberry.field(
        description=f"Words of its name and codes{_SEARCH}", metadata=prices.SEARCHED
    )
    and_: Maybe[list["CollectivityWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["CollectivityWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["CollectivityWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which initiatives. {_ALL}")
class InitiativeWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    title: Maybe[TextFilter] = strawberry.field(description="By title.")
    title_is_descriptive: Maybe[BooleanFilter] = strawberry.field(
        description="Whether the title only describes it."
    )
    year: Maybe[IntFilter] = strawberry.field(description="By the year of the first award.")
    launched_on: Maybe[PartialDateFilter] = strawberry.field(description="By when it was launched.")
    category: Maybe[CategoryWhere] = strawberry.field(
        description="At least one of its categories is such."
    )
    awards: Maybe["AwardsFilter"] = strawberry.field(description="By what it won.")
    metrics: Maybe["MetricsFilter"] = strawberry.field(description="By what was measured of it.")
    holders: Maybe[CollectivitiesFilter] = strawberry.field(description="By who carries it.")
    within: Maybe[Within] = strawberry.field(description="The holders lie in this territory.")
    search: Maybe[str] = strawberry.field(
        description=f"Words of its title, summary, holders and categories{_SEARCH}",
        metadata=prices.SEARCHED,
    )
    and_: Maybe[list["InitiativeWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["InitiativeWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["InitiativeWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which awards. {_ALL}")
class AwardWhere:
    year: Maybe[IntFilter] = strawberry.field(description="By the year of the edition.")
    level: Maybe[LevelFilter] = strawberry.field(description="By level.")
    category_as_printed: Maybe[TextFilter] = strawberry.field(
        description="By the category printed that year."
    )
    sponsor: Maybe[TextFilter] = strawberry.field(description="By sponsor.")
    category: Maybe[CategoryWhere] = strawberry.field(
        description="By the category; an award without a known one is never found."
    )
    initiative: Maybe[InitiativeWhere] = strawberry.field(
        description="By the initiative; an award without a known one is never found."
    )
    edition: Maybe[EditionWhere] = strawberry.field(description="By the edition.")
    prize: Maybe[PrizeWhere] = strawberry.field(description="By the prize.")
    laureates: Maybe[CollectivitiesFilter] = strawberry.field(description="By the winners.")
    within: Maybe[Within] = strawberry.field(description="The laureates lie in this territory.")
    search: Maybe[str] = strawberry.field(
        description=f"Words of its category, prize, laureates and initiative{_SEARCH}",
        metadata=prices.SEARCHED,
    )
    and_: Maybe[list["AwardWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["AwardWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["AwardWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which metrics. {_ALL}")
class MetricWhere:
    name: Maybe[TextFilter] = strawberry.field(description="By name in French.")
    unit: Maybe[StringFilter] = strawberry.field(description="By unit, such as `personne`, `EUR`.")
    value: Maybe[DecimalFilter] = strawberry.field(
        description="By value; filter by `unit` as well, or metres are compared with euros."
    )
    year: Maybe[IntFilter] = strawberry.field(description="By the year measured.")
    as_of: Maybe[PartialDateFilter] = strawberry.field(
        description="By the date that the figure holds for."
    )
    qualifier_kind: Maybe[QualifierFilter] = strawberry.field(
        description="By how the figure relates to the true one."
    )
    is_target: Maybe[BooleanFilter] = strawberry.field(
        description="Whether it is an aim, not a measure."
    )
    initiative: Maybe[InitiativeWhere] = strawberry.field(description="By the initiative.")
    within: Maybe[Within] = strawberry.field(
        description="The holders of the initiative lie in this territory."
    )
    and_: Maybe[list["MetricWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["MetricWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["MetricWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which looks at a list. {_ALL}")
class RunWhere:
    status: Maybe[RunStatusFilter] = strawberry.field(description="By how it ended.")
    release: Maybe[StringFilter] = strawberry.field(
        description="By the release that the content came with."
    )
    and_: Maybe[list["RunWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["RunWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["RunWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which sources. {_ALL}")
class SourceWhere:
    url: Maybe[StringFilter] = strawberry.field(description="By address.")
    title: Maybe[StringFilter] = strawberry.field(description="By title.")
    publisher: Maybe[StringFilter] = strawberry.field(description="By publisher.")
    licence_name: Maybe[StringFilter] = strawberry.field(description="By the name of the licence.")
    last_run: Maybe[RunWhere] = strawberry.field(
        description="By the last look at it; one that is not harvested has none.",
        metadata=prices.RELATED,
    )
    and_: Maybe[list["SourceWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["SourceWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["SourceWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which holders. {_ALL}")
class HolderWhere:
    role: Maybe[RoleFilter] = strawberry.field(description="By how it takes part.")
    collectivity: Maybe[CollectivityWhere] = strawberry.field(description="By the collectivity.")
    and_: Maybe[list["HolderWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["HolderWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["HolderWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which laureates as printed. {_ALL}")
class PrintedLaureateWhere:
    name_as_printed: Maybe[StringFilter] = strawberry.field(description="By the name printed.")
    service: Maybe[StringFilter] = strawberry.field(description="By the service named.")
    collectivity: Maybe[CollectivityWhere] = strawberry.field(
        description="By the collectivity that is meant."
    )
    and_: Maybe[list["PrintedLaureateWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["PrintedLaureateWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["PrintedLaureateWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which editions. {_ALL}")
class CoverageWhere:
    prize: Maybe[StringFilter] = strawberry.field(description="By the slug of the prize.")
    year: Maybe[IntFilter] = strawberry.field(description="By year.")
    announced: Maybe[IntFilter] = strawberry.field(description="By how many awards were announced.")
    loaded: Maybe[IntFilter] = strawberry.field(description="By how many awards are loaded.")
    and_: Maybe[list["CoverageWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["CoverageWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["CoverageWhere"] = strawberry.field(name="not", description=_NOT)


# What the fields of each input are compared with.
FIELDS: dict[type, Fields] = {
    AwardWhere: award.FIELDS,
    CategoryWhere: category.FIELDS,
    CollectivityWhere: collectivity.FIELDS,
    CoverageWhere: dataset.FIELDS,
    EditionWhere: edition.FIELDS,
    HolderWhere: holder.FIELDS,
    InitiativeWhere: initiative.FIELDS,
    MetricWhere: metric.FIELDS,
    PrintedLaureateWhere: laureate.FIELDS,
    PrizeWhere: prize.FIELDS,
    SourceWhere: source.FIELDS,
}
