"""Collectivities: filters, orders, and look-ups by the codes that people have."""

from graph.domain.codes import Kind
from graph.loaders.collectivity import collectivities
from graph.resolvers import award, initiative
from graph.resolvers.argument import checked_text
from graph.resolvers.order import By, ByRank, ByRelated, Keys
from graph.resolvers.where import Each, Fields, Many, One, Search, Text, Value
from graph.resolvers.within import Within, has_code, is_part_of_commune
from graph.storage.criteria import Compare, Criterion, FirstOf, Link
from graph.storage.selection import Selection
from graph.storage.tables import (
    Award,
    Collectivity,
    FormerCode,
    Initiative,
    InitiativeHolder,
    Laureate,
    PostalCode,
    columns_of,
)

_collectivity, _former, _postal = (
    columns_of(table) for table in (Collectivity, FormerCode, PostalCode)
)
_award, _laureate = columns_of(Award), columns_of(Laureate)
_initiative, _holder = columns_of(Initiative), columns_of(InitiativeHolder)

_AWARDS = Many(
    Link(_collectivity.id, _laureate.collectivity_id, _laureate.award_id, _award.id),
    lambda: award.FIELDS,
)
_INITIATIVES = Many(
    Link(_collectivity.id, _holder.collectivity_id, _holder.initiative_id, _initiative.id),
    lambda: initiative.FIELDS,
)


def _place(name: str) -> One:
    return One(Link(_collectivity[name], _collectivity.id), lambda: FIELDS)


FIELDS: Fields = {
    "kind": Value(_collectivity.kind),
    "code": Value(_collectivity.code),
    "name": Text(_collectivity.name, _collectivity.name_folded),
    "sub_kind": Value(_collectivity.sub_kind),
    "siren": Value(_collectivity.siren),
    "population": Value(_collectivity.population),
    "is_current": Value(_collectivity.is_current),
    "postal_code": Each(Link(_collectivity.id, _postal.collectivity_id), Value(_postal.code)),
    "parent": _place("parent_id"),
    "departement": _place("departement_id"),
    "region": _place("region_id"),
    "epci": _place("epci_id"),
    "awards": _AWARDS,
    "initiatives": _INITIATIVES,
    "within": Within(),
    "search": Search(_collectivity.id, "Collectivity"),
}
KEYS: Keys = {
    "name": By(_collectivity.name_folded),
    "kind": By(_collectivity.kind),
    "code": By(_collectivity.code),
    "population": By(_collectivity.population, is_nullable=True),
    "awards": ByRelated(_AWARDS),
    "initiatives": ByRelated(_INITIATIVES),
    "search_rank": ByRank(),
}

IS_COMMUNE: Criterion = Compare(_collectivity.kind, "eq", Kind.COMMUNE.value)


def collectivity_by_code(kind: Kind, code: str) -> Selection:
    """The collectivity of an official code, or of the slug of an OTHER.

    A commune code of the past leads to what bears it now: a delegated or associated commune,
    which tells its successor, or else the commune that took it over.
    """
    code = checked_text(kind.lower(), code.strip())
    if kind is Kind.COMMUNE:
        return Selection(collectivities, _answers_to_commune_code(code.upper()))
    code = code if kind is Kind.OTHER else code.upper()
    return Selection(collectivities, has_code(kind, code))


def collectivity_by_siren(siren: str) -> Selection:
    """The commune, EPCI or EPT of a SIREN; spaces are ignored."""
    siren = checked_text("siren", "".join(siren.split()))
    return Selection(collectivities, Compare(_collectivity.siren, "eq", siren))


def _answers_to_commune_code(code: str) -> Criterion:
    return FirstOf(
        _collectivity.id,
        (
            (_collectivity.id, has_code(Kind.COMMUNE, code)),
            (_collectivity.id, is_part_of_commune(code)),
            (_former.collectivity_id, Compare(_former.code, "eq", code)),
        ),
    )
