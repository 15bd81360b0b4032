"""Bodies that belong to a collectivity: how they are called, and what they are called by here."""

from collections.abc import Mapping
from typing import NamedTuple

from graph.domain.codes import Kind
from graph.domain.text import fold
from seed.who.words import ARTICLES, Words

_SLUG_CHARACTERS = 120


class BodyType(NamedTuple):
    """What a body is, in French, and the kinds of what it may belong to, the likeliest first.

    One that has a `short` form is called by it and its place whatever a list prints, so that
    all spellings lead to one body; others keep their name. `is_around`: it belongs to the
    département around the place in its name, as a syndicate of several communes does.
    """

    sub_kind: str
    parents: tuple[Kind, ...]
    short: str | None = None
    is_around: bool = False


_COMMUNE, _EPCI, _DEPARTEMENT = (Kind.COMMUNE,), (Kind.EPCI,), (Kind.DEPARTEMENT,)
_PLACE = (Kind.COMMUNE, Kind.EPCI, Kind.DEPARTEMENT, Kind.REGION)

_CCAS = BodyType("centre communal d’action sociale", _COMMUNE, "CCAS")
_CIAS = BodyType("centre intercommunal d’action sociale", _EPCI, "CIAS")
_SDIS = BodyType("service départemental d’incendie et de secours", _DEPARTEMENT, "SDIS")
_CDG = BodyType("centre de gestion de la fonction publique territoriale", _DEPARTEMENT, "CDG")
_MDPH = BodyType("maison départementale des personnes handicapées", _DEPARTEMENT, "MDPH")
_OPH = BodyType("office public de l’habitat", _PLACE)
_SCHOOLS = BodyType("caisse des écoles", _COMMUNE, "Caisse des écoles")
_OFFICE = BodyType("office", _PLACE)
_TOURISM = BodyType("office de tourisme", _PLACE)
_SYNDICATE = BodyType("syndicat", _DEPARTEMENT, is_around=True)
_MIXED = BodyType("syndicat mixte", _DEPARTEMENT, is_around=True)
_PARK = BodyType("syndicat mixte de parc naturel régional", _DEPARTEMENT, is_around=True)
_PETR = BodyType("pôle d’équilibre territorial et rural", _DEPARTEMENT, is_around=True)
_POLE = BodyType("pôle métropolitain", _DEPARTEMENT, is_around=True)
_GIP = BodyType("groupement d’intérêt public", _DEPARTEMENT, is_around=True)
_MUSEUM = BodyType("musée", _PLACE)
_LIBRARY = BodyType("bibliothèque", _PLACE)
_BOARD = BodyType("régie", _PLACE)
_AGENCY = BodyType("agence", _PLACE)
_COMPANY = BodyType("société d’économie mixte ou publique locale", _PLACE)
_CARE = BodyType("établissement de santé ou d’hébergement", _COMMUNE)
_SCHOOL = BodyType("établissement d’enseignement", _PLACE)

BODY_TYPES: Mapping[str, BodyType] = {
    "ccas": _CCAS,
    "centre communal d action sociale": _CCAS,
    "centre communal action sociale": _CCAS,
    "cias": _CIAS,
    "centre intercommunal d action sociale": _CIAS,
    "sdis": _SDIS,
    "sdmis": _SDIS,
    "service departemental d incendie et de secours": _SDIS,
    "cdg": _CDG,
    "centre de gestion": _CDG,
    "centre departemental de gestion": _CDG,
    "centre de gestion de la fonction publique territoriale": _CDG,
    "mdph": _MDPH,
    "maison departementale des personnes handicapees": _MDPH,
    "oph": _OPH,
    "opac": _OPH,
    "office public de l habitat": _OPH,
    "office public hlm": _OPH,
    "caisse des ecoles": _SCHOOLS,
    "office": _OFFICE,
    "office de tourisme": _TOURISM,
    "office du tourisme": _TOURISM,
    "office municipal": _OFFICE,
    "syndicat": _SYNDICATE,
    "syndicat mixte": _MIXED,
    "syndicat mixte du parc naturel regional": _PARK,
    "parc naturel regional": _PARK,
    "pnr": _PARK,
    "smictom": _SYNDICATE,
    "sictom": _SYNDICATE,
    "sivom": _SYNDICATE,
    "sivu": _SYNDICATE,
    "siaep": _SYNDICATE,
    "petr": _PETR,
    "pole d equilibre territorial et rural": _PETR,
    "pole metropolitain": _POLE,
    "gip": _GIP,
    "groupement d interet public": _GIP,
    "musee": _MUSEUM,
    "bibliotheque": _LIBRARY,
    "mediatheque": _LIBRARY,
    "regie": _BOARD,
    "agence d urbanisme": _AGENCY,
    "agence departementale": _AGENCY,
    "spl": _COMPANY,
    "sem": _COMPANY,
    "centre hospitalier": _CARE,
    "ehpad": _CARE,
    "college": _SCHOOL,
    "lycee": _SCHOOL,
    "universite": _SCHOOL,
}
_MAX_WORDS = max(len(phrase.split()) for phrase in BODY_TYPES)

_BEHIND = ("ccas", "cias", "sdis")

# How the official names of intercommunalités go on behind their type.
_LINKED = ("de la ", "de l'", "du ", "des ", "de ", "d'")
_VOWELS = frozenset("aeiouyh")


def body_before(words: Words) -> tuple[BodyType, Words] | None:
    """The type of body that a name begins with, and the words behind it."""
    start = 1 if len(words) > 1 and words[0] in ARTICLES else 0
    for count in range(min(_MAX_WORDS, len(words) - start), 0, -1):
        found = BODY_TYPES.get(" ".join(words[start : start + count]))
        if found:
            return found, words[start + count :]
    return None


def body_behind(words: Words) -> tuple[BodyType, Words] | None:
    """The type that a name ends with: "Gennevilliers CCAS"."""
    if len(words) > 1 and words[-1] in _BEHIND:
        return BODY_TYPES[words[-1]], words[:-1]
    return None


def name_of(short: str, place: str) -> str:
    """A body called by its place: "CCAS d’Antony", "CCAS du Mans", "CIAS du Pays de Gex"."""
    if place.startswith(_LINKED):
        return f"{short} {place}"
    for article, link in (("Les ", "des "), ("Le ", "du ")):
        if place.startswith(article):
            return f"{short} {link}{place.removeprefix(article)}"
    if fold(place)[:1] in _VOWELS and not place.startswith("Y"):
        return f"{short} d’{place}"
    return f"{short} de {place}"


def slug_of(name: str) -> str:
    """The code of a body by its name."""
    return fold(name).replace(" ", "-")[:_SLUG_CHARACTERS].strip("-")
