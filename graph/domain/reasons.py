"""Why initiatives are alike, in sentences that the public reads."""

from graph.domain.labels import label_en, label_fr

_CLASS = "POPULATION_CLASS"


def reasons_fr(
    categories: str | None,
    words: str | None,
    departement: str | None,
    region: str | None,
    population_class: str | None,
) -> list[str]:
    """One sentence in French for each thing shared; lists come joined by `|`, in any order."""
    told = {
        "Même catégorie": _listed(categories),
        "Mots communs": _listed(words),
        "Même département": departement,
        "Même région": None if departement else region,
        "Taille comparable": population_class and label_fr(None, population_class, _CLASS).lower(),
    }
    return [f"{what} : {which}" for what, which in told.items() if which]


def reasons_en(
    categories: str | None,
    words: str | None,
    departement: str | None,
    region: str | None,
    population_class: str | None,
) -> list[str]:
    """The same in English."""
    told = {
        "Same category": _listed(categories),
        "Words in common": _listed(words),
        "Same département": departement,
        "Same région": None if departement else region,
        "Similar size": population_class and label_en(None, population_class, _CLASS).lower(),
    }
    return [f"{what}: {which}" for what, which in told.items() if which]


def _listed(joined: str | None) -> str:
    return ", ".join(sorted(set(joined.split("|")))) if joined else ""
