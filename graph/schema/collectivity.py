"""Collectivities."""

import strawberry

from graph.loaders import collectivity as loaders
from graph.loaders import group
from graph.loaders.award import awards_by_collectivity_id
from graph.loaders.former_code import former_codes_by_collectivity_id
from graph.loaders.initiative import initiatives_by_collectivity_id
from graph.resolvers.collectivity import IS_COMMUNE
from graph.schema import lazy
from graph.schema.aggregate import CollectivityAggregate, aggregate
from graph.schema.connection import Connection, bounded_list, connection
from graph.schema.enums import Kind
from graph.schema.facet import CollectivityFacets, facets
from graph.schema.fields import column, to_one, to_values
from graph.schema.node import ID, Node
from graph.schema.provenance import Claim, Provenance, claims, provenance
from graph.schema.where import AwardWhere, CollectivityWhere, InitiativeWhere
from graph.storage.tables import Collectivity as Table
from graph.storage.tables import FormerCode, columns_of

_collectivity = columns_of(Table)


@strawberry.type(
    description=(
        "A French territorial collectivity (collectivité territoriale), an EPCI, or a body "
        "attached to one. It is known by its kind and code together: département 28 and "
        "région 28 differ. Source: official geographic code (COG), INSEE, DGCL, Etalab."
    )
)
class Collectivity(Node):
    id: strawberry.ID = column(_collectivity.uid, ID)
    kind: Kind = column(_collectivity.kind, "What it is.")
    sub_kind: str | None = column(
        _collectivity.sub_kind,
        "The legal form of an EPCI (`CC`, `CA`, `CU`, `METRO`, `MET69`) or, for OTHER, what it "
        "is, in French (`CCAS`, `EPT`, `commune déléguée` …).",
    )
    code: str = column(
        _collectivity.code,
        "The official code: INSEE code of a commune, département or région, SIREN of an EPCI. "
        "OTHER bodies without one have a stable slug.",
    )
    name: str = column(_collectivity.name, "The official name, in French.")
    siren: str | None = column(
        _collectivity.siren, "The SIREN, nine digits; known for communes, EPCI and EPT."
    )
    population: int | None = column(
        _collectivity.population,
        "Inhabitants (population municipale); of a département or région, the sum of its "
        "communes. Source: INSEE.",
    )
    population_year: int | None = column(
        _collectivity.population_year, "The year of that population; null when not known."
    )
    postal_codes: list[str] = column(
        _collectivity.postal_codes, "The postal codes of a commune. Source: La Poste.", str.split
    )
    is_current: bool = column(
        _collectivity.is_current, "Whether it exists today, under this code.", bool
    )
    note: str | None = column(_collectivity.note, "Remarks on its identity, in French.")
    parent: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.parent_id,
        "What it belongs to: a commune to its département, a département to its région, an EPCI "
        "to the département where most of its inhabitants live, a body to its collectivity.",
    )
    departement: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.departement_id,
        "The département that it lies in; a département answers itself.",
    )
    region: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.region_id,
        "The région that it lies in; a région answers itself.",
    )
    epci: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.epci_id,
        "The EPCI with taxing powers (à fiscalité propre) that it is a member of; an EPCI "
        "answers itself.",
    )
    ept: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.ept_id,
        "The EPT (établissement public territorial) of Greater Paris that it is a member of.",
    )
    successor: lazy.CollectivityRef | None = to_one(
        loaders.collectivity_by_id,
        _collectivity.successor_id,
        "What took it over: the commune of a delegated or associated one, the région of a former "
        "one; null for what exists today, and where nothing did.",
    )
    successors: list[lazy.CollectivityRef] | None = bounded_list(
        loaders.successors_by_collectivity_id,
        _collectivity.id,
        CollectivityWhere,
        "What took it over, as a list: `successor` for one that is gone, empty for what exists.",
    )
    former_codes: list[str] = to_values(
        former_codes_by_collectivity_id,
        _collectivity.id,
        columns_of(FormerCode).code,
        "INSEE codes of the past that lead to this commune, ascending.",
    )
    predecessors: list[lazy.CollectivityRef] | None = bounded_list(
        loaders.collectivities_by_successor_id,
        _collectivity.id,
        CollectivityWhere,
        "The delegated and associated communes (communes déléguées, associées) of a commune.",
    )
    children: lazy.CollectivityConnectionRef | None = connection(
        loaders.collectivities_by_parent_id,
        _collectivity.id,
        CollectivityWhere,
        "What belongs to it directly: the reverse of `parent`.",
    )
    members: lazy.CollectivityConnectionRef | None = connection(
        loaders.collectivities_by_epci_id,
        _collectivity.id,
        CollectivityWhere,
        "The member communes of an EPCI with taxing powers; empty for anything else.",
        only=IS_COMMUNE,
    )
    ept_members: lazy.CollectivityConnectionRef | None = connection(
        loaders.collectivities_by_ept_id,
        _collectivity.id,
        CollectivityWhere,
        "The member communes of an EPT; empty for anything else.",
        only=IS_COMMUNE,
    )
    communes: lazy.CollectivityConnectionRef | None = connection(
        loaders.collectivities_by_departement_id,
        _collectivity.id,
        CollectivityWhere,
        "The communes of a département; empty for anything else.",
        only=IS_COMMUNE,
    )
    awards: lazy.AwardConnectionRef | None = connection(
        awards_by_collectivity_id,
        _collectivity.id,
        AwardWhere,
        "The awards that it won itself, alone or jointly.",
    )
    initiatives: lazy.InitiativeConnectionRef | None = connection(
        initiatives_by_collectivity_id,
        _collectivity.id,
        InitiativeWhere,
        "The initiatives that it holds, as lead or partner.",
    )
    provenance: Provenance | None = provenance(_collectivity.uid)
    claims: list[Claim] = claims(_collectivity.uid)


@strawberry.type(description="A page of collectivities.")
class CollectivityConnection(Connection[Collectivity]):
    aggregate: CollectivityAggregate | None = aggregate(group.COLLECTIVITIES)
    facets: CollectivityFacets = facets()
