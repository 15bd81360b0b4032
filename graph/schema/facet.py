"""Facets: the values of a list's rows, each with a label and how many rows have it."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from graph.domain.labels import label_en, label_fr
from graph.execution.declaration import Cardinality, Derived, Edge
from graph.loaders import group as nouns
from graph.resolvers.group import select_facet
from graph.schema import prices
from graph.schema.fields import column, computed, declare
from graph.storage.groups import GROUP, Noun

_First = Annotated[
    int | None,
    argument(
        description="How many values, those of the most rows first: 0 to 100, 100 by default."
    ),
]

# The conditions of a list that say which value of a dimension its rows have.
_OWN = {
    "CATEGORY": ("category",),
    "DEPARTEMENT": ("within", "departement"),
    "EPCI": ("within", "epci"),
    "KIND": ("kind",),
    "LEVEL": ("level",),
    "PRIZE": ("prize",),
    "REGION": ("within", "region"),
    "SUB_KIND": ("sub_kind",),
    "UNIT": ("unit",),
    "YEAR": ("year",),
}


@strawberry.type(description="A value of a facet.")
class FacetValue:
    value: str | None = column(
        GROUP.c.value,
        "The value as filters take it: a code, slug, year or word; null for what is unknown.",
    )
    label: str = computed(
        (GROUP.c.label, GROUP.c.value, GROUP.c.dimension), "Its label in French.", label_fr
    )
    label_en: str = computed(
        (GROUP.c.label_en, GROUP.c.value, GROUP.c.dimension), "Its label in English.", label_en
    )
    count: int = column(GROUP.c.count, "How many rows have it.")


def _facet(noun: Noun, dimension: str, description: str) -> Any:
    own = _OWN.get(dimension, ())

    def resolve(root: Any, first: _First = UNSET):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        few = None if first is UNSET else first
        return Derived(lambda listed: select_facet(listed, noun, dimension, own, few), root)

    return declare(Edge(Cardinality.LIST), resolve, description, prices.facet(noun.type_name))


_ALL = (
    "Which values the rows of the list have, and how often, whatever the page. A facet leaves out "
    "what `where` asks of its own field of all rows, so that it offers the other values as well."
)
_HOLDERS = "; what several of them hold counts in each"

Values = list[FacetValue] | None


def _kind(noun: Noun, whose: str) -> Any:
    return _facet(noun, "KIND", f"By the kind of {whose}.")


def _region(noun: Noun, whose: str) -> Any:
    return _facet(noun, "REGION", f"By the région of {whose}.")


def _departement(noun: Noun, whose: str) -> Any:
    return _facet(noun, "DEPARTEMENT", f"By the département of {whose}.")


def _epci(noun: Noun, whose: str) -> Any:
    return _facet(noun, "EPCI", f"By the EPCI of {whose}.")


def _population(noun: Noun, whose: str) -> Any:
    return _facet(noun, "POPULATION_CLASS", f"By the inhabitants of {whose}, in classes.")


_LAUREATES = "the laureates" + _HOLDERS
_OF_HOLDERS = "the holders" + _HOLDERS
_ITSELF = "the collectivity"


@strawberry.type(description=_ALL)
class AwardFacets:
    prize: Values = _facet(nouns.AWARDS, "PRIZE", "By prize.")
    year: Values = _facet(nouns.AWARDS, "YEAR", "By year.")
    level: Values = _facet(nouns.AWARDS, "LEVEL", "By level.")
    category: Values = _facet(nouns.AWARDS, "CATEGORY", "By category.")
    kind: Values = _kind(nouns.AWARDS, _LAUREATES)
    region: Values = _region(nouns.AWARDS, _LAUREATES)
    departement: Values = _departement(nouns.AWARDS, _LAUREATES)
    epci: Values = _epci(nouns.AWARDS, _LAUREATES)
    population_class: Values = _population(nouns.AWARDS, _LAUREATES)


@strawberry.type(description=_ALL)
class InitiativeFacets:
    year: Values = _facet(nouns.INITIATIVES, "YEAR", "By the year of the first award.")
    category: Values = _facet(
        nouns.INITIATIVES, "CATEGORY", "By category; one with several counts in each."
    )
    kind: Values = _kind(nouns.INITIATIVES, _OF_HOLDERS)
    region: Values = _region(nouns.INITIATIVES, _OF_HOLDERS)
    departement: Values = _departement(nouns.INITIATIVES, _OF_HOLDERS)
    epci: Values = _epci(nouns.INITIATIVES, _OF_HOLDERS)
    population_class: Values = _population(nouns.INITIATIVES, _OF_HOLDERS)


@strawberry.type(description=_ALL)
class MetricFacets:
    unit: Values = _facet(nouns.METRICS, "UNIT", "By unit.")
    year: Values = _facet(nouns.METRICS, "YEAR", "By year.")
    category: Values = _facet(nouns.METRICS, "CATEGORY", "By the categories of the initiative.")
    kind: Values = _kind(nouns.METRICS, _OF_HOLDERS)
    region: Values = _region(nouns.METRICS, _OF_HOLDERS)
    departement: Values = _departement(nouns.METRICS, _OF_HOLDERS)
    epci: Values = _epci(nouns.METRICS, _OF_HOLDERS)


@strawberry.type(description=_ALL)
class CollectivityFacets:
    kind: Values = _kind(nouns.COLLECTIVITIES, _ITSELF)
    sub_kind: Values = _facet(nouns.COLLECTIVITIES, "SUB_KIND", "By sub-kind.")
    region: Values = _region(nouns.COLLECTIVITIES, _ITSELF)
    departement: Values = _departement(nouns.COLLECTIVITIES, _ITSELF)
    epci: Values = _epci(nouns.COLLECTIVITIES, _ITSELF)
    population_class: Values = _population(nouns.COLLECTIVITIES, _ITSELF)


@strawberry.type(description=_ALL)
class EditionFacets:
    prize: Values = _facet(nouns.EDITIONS, "PRIZE", "By prize.")
    year: Values = _facet(nouns.EDITIONS, "YEAR", "By year.")


def facets() -> Any:
    """The facets of a connection."""

    def resolve(root: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        return root

    return strawberry.field(resolver=resolve, description=_ALL)
