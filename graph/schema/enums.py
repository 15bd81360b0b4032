"""Enums: the closed vocabularies of `graph.domain.codes`, with what each word means."""

from enum import Enum

import strawberry
from strawberry import enum_value


@strawberry.enum(
    name="CollectivityKind",
    description=(
        "What a collectivity (collectivité) is. A code is unique within its kind only: "
        "département 28 and région 28 differ."
    ),
)
class Kind(Enum):
    REGION = enum_value("REGION", description="A région, or an overseas collectivity as one.")
    DEPARTEMENT = enum_value(
        "DEPARTEMENT", description="A département, or an overseas collectivity as one."
    )
    EPCI = enum_value(
        "EPCI",
        description=(
            "A group of communes with taxing powers (établissement public de coopération "
            "intercommunale à fiscalité propre)."
        ),
    )
    COMMUNE = enum_value("COMMUNE", description="A commune that exists today.")
    OTHER = enum_value(
        "OTHER",
        description=(
            "Any other body, told by `subKind`: CCAS, syndicat, EPT, commune déléguée or "
            "associée, arrondissement municipal, dissolved and foreign bodies."
        ),
    )


@strawberry.enum(
    name="AwardLevel",
    description=(
        "The rank of a distinction, in the same words for all prizes; `levelAsPrinted` keeps "
        "the words of the prize."
    ),
)
class Level(Enum):
    GRAND_PRIX = enum_value("GRAND_PRIX", description="The title of the year (grand prix).")
    GOLD = enum_value("GOLD", description="Gold (or).")
    SILVER = enum_value("SILVER", description="Silver (argent).")
    BRONZE = enum_value("BRONZE", description="Bronze (bronze).")
    LAUREATE = enum_value("LAUREATE", description="A winner (lauréat), where winners have no rank.")
    SPECIAL = enum_value("SPECIAL", description="A special prize (prix spécial).")
    MENTION = enum_value("MENTION", description="A mention (mention, coup de cœur).")
    UNKNOWN = enum_value("UNKNOWN", description="No source seen tells the level.")


@strawberry.enum(name="HolderRole", description="How a collectivity takes part in an initiative.")
class Role(Enum):
    LEAD = enum_value("LEAD", description="Carries it, alone or jointly (porteur).")
    PARTNER = enum_value("PARTNER", description="Supports it (partenaire).")


@strawberry.enum(
    name="MetricQualifier", description="How a printed figure relates to the true one."
)
class Qualifier(Enum):
    ABOUT = enum_value("ABOUT", description="About it (environ, une cinquantaine).")
    NEARLY = enum_value("NEARLY", description="A little less than it (près de).")
    MORE_THAN = enum_value("MORE_THAN", description="More than it (plus de).")
    AT_LEAST = enum_value("AT_LEAST", description="It or more (au moins).")
    UP_TO = enum_value("UP_TO", description="It or less (jusqu’à).")


@strawberry.enum(description="How a look at a list (moissonnage) ended.")
class RunStatus(Enum):
    IMPORTED = enum_value("IMPORTED", description="It had changed, and was imported.")
    UNCHANGED = enum_value("UNCHANGED", description="It was as before.")
    REFUSED = enum_value(
        "REFUSED", description="It was fetched, but has faults; what was imported before stays."
    )
    HELD_BACK = enum_value(
        "HELD_BACK",
        description="It would have withdrawn a large part of what it had brought, and waits for "
        "the operator; what was imported before stays.",
    )
    FAILED = enum_value(
        "FAILED", description="It could not be fetched; what was imported before stays."
    )


@strawberry.enum(description="Whether a source is as its publisher has it.")
class SourceStatus(Enum):
    NOT_HARVESTED = enum_value(
        "NOT_HARVESTED",
        description="A page that records cite, or a list that was imported by hand.",
    )
    CURRENT = enum_value(
        "CURRENT", description="A list that was as here when it was looked at last."
    )
    FAILING = enum_value(
        "FAILING", description="A list of which the last look failed; an earlier state is here."
    )


@strawberry.enum(description="What a record of the graph is.")
class RecordType(Enum):
    AWARD = enum_value("AWARD", description="A distinction (prix, trophée).")
    CATEGORY = enum_value("CATEGORY", description="A theme (catégorie).")
    COLLECTIVITY = enum_value("COLLECTIVITY", description="A territory or body (collectivité).")
    EDITION = enum_value("EDITION", description="A year of a prize (édition).")
    INITIATIVE = enum_value("INITIATIVE", description="What collectivities did.")
    METRIC = enum_value("METRIC", description="A measured figure of an initiative.")
    PRIZE = enum_value("PRIZE", description="A programme (prix, concours).")
    SOURCE = enum_value("SOURCE", description="A page or list that records come from.")


@strawberry.enum(name="ChangeAction", description="What a release did to a record.")
class Action(Enum):
    CREATED = enum_value("CREATED", description="It was not there before.")
    CHANGED = enum_value("CHANGED", description="Some of its fields have other values.")
    WITHDRAWN = enum_value("WITHDRAWN", description="It is no longer there; its id is kept.")
    RESTORED = enum_value(
        "RESTORED", description="It was withdrawn and is there again, maybe with other values."
    )


@strawberry.enum(description="Why a record was withdrawn.")
class WithdrawalReason(Enum):
    NOT_LISTED = enum_value("NOT_LISTED", description="Its list no longer holds it.")
    MERGED = enum_value(
        "MERGED", description="It was merged into another collectivity (fusion de communes)."
    )
    BY_OPERATOR = enum_value(
        "BY_OPERATOR", description="Whoever runs the server withdrew it, and tells why."
    )


@strawberry.enum(description="How many inhabitants a collectivity has, in classes.")
class PopulationClass(Enum):
    UNDER_2000 = enum_value("UNDER_2000", description="Under 2,000 inhabitants.")
    FROM_2000_TO_9999 = enum_value("FROM_2000_TO_9999", description="2,000 to 9,999.")
    FROM_10000_TO_49999 = enum_value("FROM_10000_TO_49999", description="10,000 to 49,999.")
    FROM_50000_TO_199999 = enum_value("FROM_50000_TO_199999", description="50,000 to 199,999.")
    FROM_200000 = enum_value("FROM_200000", description="200,000 and more.")
