"""What is typed into a form field, and the keys of a collectivity that it may begin.

Both are squeezed: folded, without spaces, "st" and "ste" written out. A key is a name, a name
without its first words, or a code; a typed text finds the collectivities of which a key begins
with it, or would after one correction.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from string import ascii_lowercase
from typing import NamedTuple

from graph.domain.codes import Kind
from graph.domain.errors import BadUserInput
from graph.domain.text import fold

SUGGESTIONS_DEFAULT = 10
SUGGESTIONS_MAX = 20

# Typos among the first letters are found by trying every correction; later ones by comparing
# all keys that begin with these letters, which are some 300 at most ("saintmar").
HEAD_LETTERS = 8

# With fewer letters one correction leads anywhere.
_CORRECTED_MIN_LETTERS = 4

# Longer than any key, short enough to be corrected.
_MAX_LETTERS = 80

_SAINTS = {"st": "saint", "ste": "sainte"}

# No word begins so unless "st" stands for "saint", not even most mistyped ones.
_SAINT = re.compile("st[bcdfghjklmnpqvwxz]")
_ARTICLES = frozenset({"l", "la", "le", "les"})

# The register abbreviates what an EPCI is, as in "CC du Val de Vienne"; people write it out.
_ABBREVIATIONS = {
    "communaute de communes": "cc",
    "communaute d agglomeration": "ca",
    "communaute urbaine": "cu",
}
_ABBREVIATED_MIN_LETTERS = 6
_TYPES_OF_EPCI = frozenset({"ca", "cc", "cu", "eurometropole", "metropole"})
_LINKS = _ARTICLES | {"d", "de", "des", "du"}


@dataclass(frozen=True, slots=True)
class SuggestQuery:
    """What is asked for. `prefixes` are the ways to read what is typed, squeezed.

    `spare` is one more that counts as a correction. `label` is the squeezed label of an earlier
    suggestion that has been chosen, or empty.
    """

    prefixes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    first: int
    spare: str = ""
    label: str = ""


class Match(IntEnum):
    """What it says of a collectivity that a key of it is typed in full; the best is first."""

    WHOLE = 0
    WITHOUT_ARTICLE = 1
    BEGINNING = 2


class Key(NamedTuple):
    """What finds a collectivity.

    One that `is_late` finds it after all that is found by others: people write a SIREN from
    beginning to end, and "24" for the département rather than for the région.
    """

    text: str
    match: Match = Match.BEGINNING
    is_late: bool = False


def parse_suggest(
    prefix: str, kinds: Sequence[Kind] | None = None, first: int = SUGGESTIONS_DEFAULT
) -> SuggestQuery:
    """The query for what is typed; without `kinds`, for all of them.

    BadUserInput when nothing is typed, or `first` is out of range.
    """
    if not 1 <= first <= SUGGESTIONS_MAX:
        raise BadUserInput(f"`first: {first}` is out of range; write 1 to {SUGGESTIONS_MAX}")
    name, bracket, _ = prefix.partition("(")
    words = fold(name).split() or fold(prefix).split()
    if not words:
        raise BadUserInput(
            "`prefix` holds no letter or digit; "
            'write the beginning of a name or of a code, such as "saint eti" or "38"'
        )
    spare = _squeezed(_without_article(words))
    label = squeeze(fold(prefix)) if bracket else ""
    asked = tuple(Kind) if kinds is None else tuple(kinds)
    return SuggestQuery(tuple(_readings(words)), asked, first, spare, label)


def squeeze(folded: str) -> str:
    """A folded text as keys have it: "st jean d angely" is "saintjeandangely"."""
    return _squeezed(folded.split())


def keys_of(kind: Kind, code: str, name_folded: str, postal_codes: str) -> list[Key]:
    """All that finds a collectivity, each text once with its best match."""
    keys: dict[str, Key] = {}
    for key in _keys(kind, code, name_folded.split(), postal_codes):
        keys.setdefault(key.text, key)
    return list(keys.values())


def label_of(kind: Kind, code: str, name: str, departement: str | None) -> str:
    """How a collectivity is shown among others: "Saint-Étienne (Loire)", "Loire (42)"."""
    if kind == Kind.COMMUNE and departement:
        return f"{name} ({departement})"
    if kind == Kind.DEPARTEMENT:
        return f"{name} ({code})"
    return name


def corrections(query: SuggestQuery) -> list[str]:
    """The beginnings that may have been meant, if something was mistyped.

    They are complete for the first letters; what begins with these letters as they are typed
    is to be judged by `meant` if the query `has_tail`.
    """
    found: dict[str, None] = {}
    for number, typed in enumerate(query.prefixes):
        if len(typed) >= _CORRECTED_MIN_LETTERS and typed.isalpha():
            # What another reading wrote out needs no correction.
            is_written_out = number > 0 and typed.startswith("saint")
            found.update(dict.fromkeys(_corrected(typed, len("saint") if is_written_out else 0)))
    if query.spare:
        found[query.spare] = None
    return list(found)


def has_tail(query: SuggestQuery) -> bool:
    """Whether something may have been mistyped after the first letters."""
    return any(len(typed) > HEAD_LETTERS + 1 for typed in query.prefixes)


def meant(keys: Collection[str], query: SuggestQuery) -> set[str]:
    """Those of `keys` that begin with what is typed, corrected at most once."""
    found = {key for key in keys if query.spare and key.startswith(query.spare)}
    for typed in query.prefixes:
        # One half is right at least, which is quick to see.
        middle = (HEAD_LETTERS + len(typed)) // 2
        half, other_half = typed[:middle], typed[middle + 1 :]
        found.update(
            key
            for key in keys
            if (other_half in key or key.startswith(half)) and is_nearly(key, typed)
        )
    return found


def is_nearly(key: str, typed: str) -> bool:
    """Whether `key` begins with `typed` after at most one correction.

    That is a letter more, less or other, or two neighbours changing places.
    """
    at = 0
    for written, wanted in zip(typed, key, strict=False):
        if written != wanted:
            break
        at += 1
    rest = typed[at + 1 :]
    return (
        not rest
        or key.startswith((rest, typed[at + 1] + typed[at] + typed[at + 2 :]), at)
        or key.startswith((rest, typed[at:]), at + 1)
    )


def _readings(words: list[str]) -> Iterator[str]:
    folded = " ".join(words)
    for long, short in _ABBREVIATIONS.items():
        if folded.startswith(long):
            yield short + squeeze(folded.removeprefix(long))[:_MAX_LETTERS]
            return
    # The last word may go on: "st" begins Strasbourg as well as "st etienne".
    typed = _squeezed(words[:-1]) + words[-1]
    # "stetienne", and "la chapelle st".
    saints = "".join(["saint" + word[2:] if word.startswith("st") else word for word in words])
    if not any(_SAINT.match(word) for word in words):
        yield typed[:_MAX_LETTERS]
    if saints != typed:
        yield saints[:_MAX_LETTERS]
    if len(folded) >= _ABBREVIATED_MIN_LETTERS:
        yield from (short for long, short in _ABBREVIATIONS.items() if long.startswith(folded))


def _keys(kind: Kind, code: str, words: list[str], postal_codes: str) -> Iterator[Key]:
    is_late = kind in (Kind.REGION, Kind.EPCI)
    yield Key(_squeezed(words), Match.WHOLE)
    yield Key(squeeze(fold(code)), Match.BEGINNING if kind == Kind.REGION else Match.WHOLE, is_late)
    if rest := _without_article(words):
        yield Key(_squeezed(rest), Match.WITHOUT_ARTICLE)
    if kind == Kind.EPCI and (rest := _without_type(words)):
        yield Key(_squeezed(rest))
    for postal_code in postal_codes.split():
        yield Key(postal_code)


def _squeezed(words: Sequence[str]) -> str:
    return "".join([_SAINTS.get(word, word) for word in words])


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if words and words[0] in _ARTICLES else []


def _without_type(words: list[str]) -> list[str]:
    if not words or words[0] not in _TYPES_OF_EPCI:
        return []
    at = 1
    while at < len(words) and words[at] in _LINKS:
        at += 1
    return words[at:]


def _corrected(typed: str, start: int) -> Iterator[str]:
    for at in range(start, min(len(typed) - 1, HEAD_LETTERS)):
        head, rest, after = typed[:at], typed[at:], typed[at + 1 :]
        yield head + after
        yield head + after[0] + typed[at] + after[1:]
        yield from [head + letter + rest for letter in ascii_lowercase]
        yield from [head + letter + after for letter in ascii_lowercase]
    # Whatever else the last letter should be begins with the letters before it.
    yield typed[: min(len(typed) - 1, HEAD_LETTERS)]
