"""The words of names as they are compared: folded, abbreviations written out, links apart."""

import re
from collections.abc import Iterable, Sequence

from graph.domain.text import fold

Words = tuple[str, ...]

# Longer than any name. What is behind is not read, whatever a cell holds.
TEXT_MAX_CHARACTERS = 300

_WRITTEN_OUT = {
    "st": ("saint",),
    "ste": ("sainte",),
    "sts": ("saints",),
    "stes": ("saintes",),
    "nd": ("notre", "dame"),
    "gd": ("grand",),
    "gde": ("grande",),
    "gds": ("grands",),
    "mt": ("mont",),
    "vx": ("vieux",),
}
# "Chalon s/ Saône", "Ivry-s/-Seine", "Rosny s/s Bois".
_SOUS = re.compile(r"(?<!\w)s\s*/\s*s(?!\w)|(?<!\w)ss(?!\w)", re.IGNORECASE)
_SUR = re.compile(r"(?<!\w)s\s*/|(?<!\w)/\s*s(?!\w)", re.IGNORECASE)

ARTICLES = frozenset({"l", "la", "le", "les"})
LINKS = ARTICLES | {"a", "au", "aux", "d", "de", "des", "du", "et"}

# What an intercommunalité is called by, wherever it stands in the name.
_TYPE_WORDS = frozenset(
    {
        "agglo",
        "agglomeration",
        "ca",
        "cc",
        "communaute",
        "cu",
        "ept",
        "eurometropole",
        "intercommunalite",
        "metropole",
    }
)


def words_of(text: str) -> Words:
    """The folded words of a name: "St-Étienne" has the words "saint" and "etienne"."""
    text = text[:TEXT_MAX_CHARACTERS]
    if "/" in text or "ss" in text:
        text = _SUR.sub(" sur ", _SOUS.sub(" sous ", text))
    return written_out(fold(text))


def written_out(folded: str) -> Words:
    """The words of a folded text, abbreviations written out."""
    words = folded.split()
    if _WRITTEN_OUT.keys().isdisjoint(words):
        return tuple(words)
    return tuple(part for word in words for part in _WRITTEN_OUT.get(word, (word,)))


def whole_key(words: Iterable[str]) -> str:
    """What all ways to space a name share: "villeneuve"."""
    return "".join(words)


def loose_key(words: Iterable[str]) -> str:
    """The same without articles and links; empty if there is nothing else."""
    return "".join([word for word in words if word not in LINKS])


def core_words(words: Sequence[str]) -> Words:
    """What tells an intercommunalité from others: no links, no words for what it is."""
    if "communes" in words:
        words = " ".join(words).replace("communaute de communes", "").split()
    return tuple([word for word in words if word not in LINKS and word not in _TYPE_WORDS])
