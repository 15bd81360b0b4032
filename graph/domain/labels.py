"""The closed vocabularies as the public reads them, in French and in English."""

from graph.domain.codes import Kind, Level, PopulationClass

UNKNOWN = ("Non renseigné", "Unknown")

_LEVELS = {
    Level.GRAND_PRIX: ("Grand prix", "Grand prize"),
    Level.GOLD: ("Or", "Gold"),
    Level.SILVER: ("Argent", "Silver"),
    Level.BRONZE: ("Bronze", "Bronze"),
    Level.LAUREATE: ("Lauréat", "Laureate"),
    Level.SPECIAL: ("Prix spécial", "Special prize"),
    Level.MENTION: ("Mention", "Mention"),
    Level.UNKNOWN: ("Niveau inconnu", "Unknown level"),
}
_KINDS = {
    Kind.REGION: ("Région", "Region"),
    Kind.DEPARTEMENT: ("Département", "Département"),
    Kind.EPCI: ("Intercommunalité", "Group of communes"),
    Kind.COMMUNE: ("Commune", "Commune"),
    Kind.OTHER: ("Autre organisme", "Other body"),
}
_POPULATIONS = {
    PopulationClass.UNDER_2000: ("Moins de 2 000 habitants", "Under 2,000 inhabitants"),
    PopulationClass.FROM_2000_TO_9999: (
        "De 2 000 à 9 999 habitants",
        "2,000 to 9,999 inhabitants",
    ),
    PopulationClass.FROM_10000_TO_49999: (
        "De 10 000 à 49 999 habitants",
        "10,000 to 49,999 inhabitants",
    ),
    PopulationClass.FROM_50000_TO_199999: (
        "De 50 000 à 199 999 habitants",
        "50,000 to 199,999 inhabitants",
    ),
    PopulationClass.FROM_200000: ("200 000 habitants et plus", "200,000 inhabitants and more"),
}
# (dimension, value) → label in French and in English.
_LABELS: dict[tuple[str, str], tuple[str, str]] = {
    **{("LEVEL", value.value): label for value, label in _LEVELS.items()},
    **{("KIND", value.value): label for value, label in _KINDS.items()},
    **{("POPULATION_CLASS", value.value): label for value, label in _POPULATIONS.items()},
}


def label_fr(label: str | None, value: str | None, dimension: str) -> str:
    """The French label of a value: the one that its record has, or that of the vocabulary."""
    return label or _label(value, dimension, 0)


def label_en(label: str | None, value: str | None, dimension: str) -> str:
    """The same in English."""
    return label or _label(value, dimension, 1)


def _label(value: str | None, dimension: str, language: int) -> str:
    if value is None:
        return UNKNOWN[language]
    return _LABELS[dimension, value][language] if (dimension, value) in _LABELS else value
