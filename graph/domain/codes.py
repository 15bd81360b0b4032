"""The closed vocabularies of the graph, with the ranks that order them."""

from enum import StrEnum


class Kind(StrEnum):
    """What a collectivity is; a code is unique within its kind only."""

    REGION = "REGION"
    DEPARTEMENT = "DEPARTEMENT"
    EPCI = "EPCI"
    COMMUNE = "COMMUNE"
    OTHER = "OTHER"


class Level(StrEnum):
    """The rank of a distinction, whatever words its prize prints."""

    GRAND_PRIX = "GRAND_PRIX"
    GOLD = "GOLD"
    SILVER = "SILVER"
    BRONZE = "BRONZE"
    LAUREATE = "LAUREATE"
    SPECIAL = "SPECIAL"
    MENTION = "MENTION"
    UNKNOWN = "UNKNOWN"


# Higher is better, so that one descending index serves "newest first, best first".
LEVEL_RANK = {level: 10 * rank for rank, level in enumerate(reversed(Level))}


class RunStatus(StrEnum):
    """How a look at a list ended."""

    IMPORTED = "IMPORTED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    HELD_BACK = "HELD_BACK"
    FAILED = "FAILED"


class SourceStatus(StrEnum):
    """Whether a source is as its publisher has it."""

    NOT_HARVESTED = "NOT_HARVESTED"
    CURRENT = "CURRENT"
    FAILING = "FAILING"


class Role(StrEnum):
    """How a collectivity takes part in an initiative."""

    LEAD = "LEAD"
    PARTNER = "PARTNER"


class Qualifier(StrEnum):
    """How a printed figure relates to the true one."""

    ABOUT = "ABOUT"
    NEARLY = "NEARLY"
    MORE_THAN = "MORE_THAN"
    AT_LEAST = "AT_LEAST"
    UP_TO = "UP_TO"


class Action(StrEnum):
    """What a release did to a record."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    WITHDRAWN = "WITHDRAWN"
    RESTORED = "RESTORED"


class WithdrawalReason(StrEnum):
    """Why a record was withdrawn."""

    NOT_LISTED = "NOT_LISTED"
    MERGED = "MERGED"
    BY_OPERATOR = "BY_OPERATOR"


class ReviewStatus(StrEnum):
    """What became of a name that no rule decides."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    CORRECTED = "CORRECTED"


class RecordType(StrEnum):
    """What has an id; the word is the name of the type, in capitals."""

    AWARD = "AWARD"
    CATEGORY = "CATEGORY"
    COLLECTIVITY = "COLLECTIVITY"
    EDITION = "EDITION"
    INITIATIVE = "INITIATIVE"
    METRIC = "METRIC"
    PRIZE = "PRIZE"
    SOURCE = "SOURCE"


class PopulationClass(StrEnum):
    """How many inhabitants a collectivity has, in the steps that French statistics use."""

    UNDER_2000 = "UNDER_2000"
    FROM_2000_TO_9999 = "FROM_2000_TO_9999"
    FROM_10000_TO_49999 = "FROM_10000_TO_49999"
    FROM_50000_TO_199999 = "FROM_50000_TO_199999"
    FROM_200000 = "FROM_200000"


# The least population of each class.
POPULATION_FROM = {
    PopulationClass.UNDER_2000: 0,
    PopulationClass.FROM_2000_TO_9999: 2_000,
    PopulationClass.FROM_10000_TO_49999: 10_000,
    PopulationClass.FROM_50000_TO_199999: 50_000,
    PopulationClass.FROM_200000: 200_000,
}
