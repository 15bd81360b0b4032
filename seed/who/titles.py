"""What a name says of its bearer: "Ville de", "Conseil départemental", "CC", "(mairie)"."""

from collections.abc import Mapping
from typing import NamedTuple

from graph.domain.codes import Kind
from seed.who.words import ARTICLES, Words


class Title(NamedTuple):
    """The kinds that words speak of, and the type of an EPCI if they tell it."""

    kinds: frozenset[Kind]
    epci_type: str | None = None


_COMMUNE = Title(frozenset({Kind.COMMUNE}))
_DEPARTEMENT = Title(frozenset({Kind.DEPARTEMENT}))
_REGION = Title(frozenset({Kind.REGION}))
_EITHER = Title(frozenset({Kind.REGION, Kind.DEPARTEMENT}))


def _epci(epci_type: str | None) -> Title:
    return Title(frozenset({Kind.EPCI}), epci_type)


# By folded words; the longest that fits is taken.
TITLES: Mapping[str, Title] = {
    "commune": _COMMUNE,
    "commune de la ville": _COMMUNE,
    "commune nouvelle": _COMMUNE,
    "commune deleguee": _COMMUNE,
    "commune associee": _COMMUNE,
    "conseil municipal": _COMMUNE,
    "hotel de ville": _COMMUNE,
    "mairie": _COMMUNE,
    "municipalite": _COMMUNE,
    "village": _COMMUNE,
    "ville": _COMMUNE,
    "villes": _COMMUNE,
    "assemblee departementale": _DEPARTEMENT,
    "cd": _DEPARTEMENT,
    "cg": _DEPARTEMENT,
    "conseil departemental": _DEPARTEMENT,
    "conseil general": _DEPARTEMENT,
    "dep": _DEPARTEMENT,
    "departement": _DEPARTEMENT,
    "dept": _DEPARTEMENT,
    "dpt": _DEPARTEMENT,
    "hotel du departement": _DEPARTEMENT,
    "conseil regional": _REGION,
    "cr": _REGION,
    "hotel de region": _REGION,
    "hotel de la region": _REGION,
    "region": _REGION,
    "collectivite": _EITHER,
    "collectivite d outre mer": _EITHER,
    "collectivite territoriale": _EITHER,
    "collectivite territoriale unique": _EITHER,
    "agglo": _epci(None),
    "agglomeration": _epci(None),
    "ca": _epci("CA"),
    "cc": _epci("CC"),
    "cdc": _epci("CC"),
    "com com": _epci("CC"),
    "comcom": _epci("CC"),
    "communaute": _epci(None),
    "communaute d agglo": _epci("CA"),
    "communaute d agglomeration": _epci("CA"),
    "communaute de commune": _epci("CC"),
    "communaute de communes": _epci("CC"),
    "communaute de villes": _epci(None),
    "communaute intercommunale": _epci(None),
    "communaute urbaine": _epci("CU"),
    "cu": _epci("CU"),
    "epci": _epci(None),
    "ept": _epci("EPT"),
    "etablissement public territorial": _epci("EPT"),
    "eurometropole": _epci("METRO"),
    "intercommunalite": _epci(None),
    "metropole": _epci("METRO"),
    "territoire": _epci("EPT"),
}
_MAX_WORDS = max(len(phrase.split()) for phrase in TITLES)

# Behind a name these say what it is as well: "Pays de Gex agglo", "Loiret département".
_BEHIND = frozenset(TITLES) - {"cd", "cg", "cr", "dep", "territoire", "village", "ville", "villes"}

# No word of a text: it stands for the name behind a title.
_NAME = ""

# The article that a link holds: "Ville du Mans" is that of Le Mans.
_RESTORED: Mapping[Words, Words] = {
    ("de", "la"): ("la",),
    ("de", "l"): ("l",),
    ("de", "le"): ("le",),
    ("de", "les"): ("les",),
    ("du",): ("le",),
    ("des",): ("les",),
    ("de",): (),
    ("d",): (),
}


def title_before(words: Words) -> tuple[Title, Words] | None:
    """The title that a name begins with, and the words of the name behind it."""
    start = 1 if len(words) > 1 and words[0] in ARTICLES else 0
    for count in range(min(_MAX_WORDS, len(words) - start), 0, -1):
        title = TITLES.get(" ".join(words[start : start + count]))
        if title:
            return title, with_article(words[start + count :])
    return None


def title_behind(words: Words) -> tuple[Title, Words] | None:
    """The title that a name ends with, and the words of the name before it."""
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        phrase = " ".join(words[-count:])
        if phrase in _BEHIND:
            return TITLES[phrase], words[:-count]
    return None


def with_article(words: Words) -> Words:
    """A name behind a title: "du mans" is "le mans", "de paris" is "paris"."""
    for count in (2, 1):
        article = _RESTORED.get(words[:count])
        if article is not None and len(words) > count:
            return (*article, *words[count:])
    return words


def joined(outer: Title | None, inner: Title) -> Title:
    """What both say together; the inner one where they say different things."""
    if outer is None:
        return inner
    kinds = outer.kinds & inner.kinds or inner.kinds
    return Title(kinds, inner.epci_type or outer.epci_type)


def bare_title(words: Words) -> Title | None:
    """The title that words are, if they are nothing else: "conseil départemental"."""
    found = title_before((*words, _NAME)) if words else None
    return found[0] if found and found[1] == (_NAME,) else None
