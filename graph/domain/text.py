"""Text as searches compare it: folded words, their stems, and the words that say nothing."""

import re
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # a C module without types

from graph.domain.errors import shown

# No language has a longer word, and an index entry of PostgreSQL holds at most 2,700 bytes.
_WORD_MAX_LETTERS = 64

_APOSTROPHES = frozenset("'’`\u00b4\u02bc\u2018\u2032\uff07")
_LETTERS_OF_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
# Accents, enclosing signs, and characters that show nothing, such as a soft hyphen.
_UNWRITTEN = frozenset({"Mn", "Me", "Cf"})
_ELISION = re.compile(r"(?<![^ '])(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'")

_PREFIX_MIN_LETTERS = 3
# A hyphen excludes at the start of a word alone: Saint-Étienne excludes nothing.
_TOKEN = re.compile(r'((?<!\S)-)?(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|([^\s"«“]+))')

_SNIPPET_CHARACTERS = 160

# One stemmer holds a buffer that two threads must not share.
_stemmer = Stemmer.Stemmer("french", 0)
_stemmer_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a search looks for, in folded words; a phrase is its words joined by one space.

    `prefix` is the last of `words` where it may be the beginning of a longer one.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded_words: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()
    prefix: str | None = None

    @property
    def size(self) -> int:
        """How many words there are to look for, those of phrases and excluded ones included."""
        excluded = (*self.excluded_words, *self.excluded_phrases)
        return sum(len(part.split()) for part in (*self.words, *self.phrases, *excluded))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The words to find, those of phrases included; each once, stop words left out."""
        quoted = [word for phrase in self.phrases for word in phrase.split()]
        return _telling((*quoted, *self.words))


class _Plain(dict[int, str]):
    """What each character is folded to, but for apostrophes, which are made one kind."""

    # Latin, Greek, Cyrillic and punctuation; others are rare, and could fill the memory.
    _kept = range(0x2100)

    def __missing__(self, code: int) -> str:
        plain = _fold_character(chr(code))
        if code in self._kept:
            self[code] = plain
        return plain


def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    # Twice, since lower case can bring up characters that fall apart in their turn.
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    written = "".join(part for part in parts if unicodedata.category(part) not in _UNWRITTEN)
    letters = written.translate(_LETTERS_OF_LIGATURES)
    return "".join(letter if letter.isalnum() else " " for letter in letters)


_PLAIN = _Plain()


def fold(text: str) -> str:
    """`text` in lower case, without accents, its words separated by one space.

    Ligatures become letters, and everything that is neither letter nor digit separates:
    "L’Haÿ-les-Roses" is "l hay les roses". Folding twice changes nothing more.
    """
    return " ".join(text.translate(_PLAIN).replace("'", " ").split())


def words(text: str) -> list[str]:
    """The folded words of `text` in order, without elisions: "l’eau" has the word "eau"."""
    plain = text.translate(_PLAIN)
    if "'" in plain:
        plain = _ELISION.sub(" ", plain).replace("'", " ")
    return [word[:_WORD_MAX_LETTERS] for word in plain.split()]


# Not among them: what names a place, as Est, Elle, Pas or Y do.
STOP_WORDS = frozenset(
    words(
        "à au aux avec c ce ces cet cette chez d dans de des du en entre et il ils j je l la "
        "le les leur leurs lorsqu lui m mais me mes mon n ne nos notre nous on ou par pour "
        "puisqu qu quand que quel quelle qui quoiqu s sa se ses si sous sur t ta te tes toi "
        "ton tu un une vos votre vous"
    )
)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """What a folded word shares with its other forms, by the French Snowball rules.

    They expect accents, and miss some endings without them; both sides of a search do alike.
    """
    with _stemmer_lock:
        return str(_stemmer.stemWord(word))


def parse_search(text: str) -> SearchQuery:
    """What a text that people type looks for.

    Quotes ("…", « … », “…”) hold a phrase; a hyphen in front excludes a word or a phrase. All
    else is words, whatever it means elsewhere. ValueError if nothing is left to look for.
    """
    read: dict[tuple[bool, bool], list[str]] = defaultdict(list)
    last = None
    for token in _TOKEN.finditer(text):
        minus, *quoted, plain = token.groups()
        found = words("".join(filter(None, (*quoted, plain))))
        # An excluded name of several words is meant as a whole.
        is_phrase = plain is None or (minus is not None and len(found) > 1)
        read[minus is not None, is_phrase] += [" ".join(found)] if is_phrase else found
        last = found[-1] if found and not minus and not is_phrase else None
    query = SearchQuery(
        words=_telling(read[False, False]),
        phrases=_distinct(filter(None, read[False, True])),
        excluded_words=_telling(read[True, False]),
        excluded_phrases=_distinct(filter(None, read[True, True])),
    )
    _check(query, text)
    may_go_on = last in query.words and len(last) >= _PREFIX_MIN_LETTERS and fold(text[-1])
    return replace(query, prefix=last) if may_go_on else query


def snippet(text: str, query: SearchQuery) -> str:
    """The passage of `text` where most of a search is found, as HTML; its beginning if nothing is.

    At most 160 characters and an ellipsis where it is cut, between words. `<mark>` is around
    each word found; all else is escaped.
    """
    hits = _hits(text, query)
    start, end = _passage(text, hits)
    parts = ["…"] if start else []
    done = start
    for hit in hits:
        if done <= hit.start < end:
            found = text[hit.start : min(hit.end, end)]
            parts += (escape(text[done : hit.start]), f"<mark>{escape(found)}</mark>")
            done = hit.start + len(found)
    parts.append(escape(text[done:end].rstrip()))
    return "".join(parts) + ("…" if end < len(text) else "")


class _Located(NamedTuple):
    """A folded word and where it stands in the text that shows it."""

    word: str
    start: int
    end: int


def _located(text: str) -> Iterator[_Located]:
    """The words that `words` gives, each with its place."""
    word, start, end = "", 0, 0
    for position, character in enumerate(f"{text} "):
        for letter in _PLAIN[ord(character)]:
            if letter.isalnum():
                start = start if word else position
                end = position + 1
                word += letter
            elif word:
                if letter != "'" or not _ELISION.fullmatch(f"{word}'"):
                    yield _Located(word[:_WORD_MAX_LETTERS], start, end)
                word = ""
        # An accent may stand by itself, behind its letter.
        end = position + 1 if word else end


def _hits(text: str, query: SearchQuery) -> list[_Located]:
    """The words of `text` that a search means, in order."""
    located = list(_located(text))
    meant = {form for word in query.words for form in (word, stem(word))}

    def is_meant(word: str) -> bool:
        if query.prefix and word.startswith(query.prefix):
            return True
        return word not in STOP_WORDS and not meant.isdisjoint((word, stem(word)))

    found = {number for number, each in enumerate(located) if is_meant(each.word)}
    for phrase in query.phrases:
        parts = phrase.split()
        for number in range(len(located) - len(parts) + 1):
            numbers = range(number, number + len(parts))
            if [located[each].word for each in numbers] == parts:
                found.update(numbers)
    return [located[number] for number in sorted(found)]


def _passage(text: str, hits: list[_Located]) -> tuple[int, int]:
    """Where the passage with the most different words found starts and ends."""
    if len(text) <= _SNIPPET_CHARACTERS:
        return 0, len(text)
    groups = [_near(hits[number : number + _SNIPPET_CHARACTERS]) for number in range(len(hits))]
    best = max(groups, key=lambda group: len({stem(hit.word) for hit in group}), default=[])
    first, last = (best[0].start, best[-1].end) if best else (0, 0)
    before = max(0, _SNIPPET_CHARACTERS - (last - first)) // 2
    start = max(0, min(first - before, len(text) - _SNIPPET_CHARACTERS))
    if start:
        start = next((at for at in range(start, first) if text[at - 1].isspace()), first)
    end = min(start + _SNIPPET_CHARACTERS, len(text))
    if end < len(text):
        found = (at for at in range(end, last, -1) if text[at].isspace())
        end = next(found, min(last or end, end))
    return start, end


def _near(hits: list[_Located]) -> list[_Located]:
    """The first hit and those that fit into a passage with it."""
    limit = hits[0].start + _SNIPPET_CHARACTERS
    return [hit for hit in hits if hit.end <= limit] or hits[:1]


def _check(query: SearchQuery, text: str) -> None:
    if not (query.words or query.phrases):
        raise ValueError(
            f"{shown(text)} leaves nothing to look for; write at least one word that is not "
            "excluded and says more than “de” or “la”"
        )


def _telling(found: Iterable[str]) -> tuple[str, ...]:
    return _distinct(word for word in found if word not in STOP_WORDS)


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, where it stands last: the last word is the one that is being typed."""
    return tuple(reversed(dict.fromkeys(reversed(list(found)))))
