"""Collectivities by all that names can be: built once, about as large as the official code."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.entries import Entry, OtherName, answers_to, core_of
from seed.who.nearly import Neighbours, is_near
from seed.who.readings import Reading
from seed.who.reasons import Reason
from seed.who.words import LINKS, core_words, loose_key, whole_key, words_of

# A name but for one letter is another place's more often, the fewer letters it has.
_LONG_LETTERS, _LONGEST_LETTERS = 8, 12
# Where only a hundred names are meant, a shorter one suffices.
_FEW = frozenset({Kind.DEPARTEMENT, Kind.REGION})
_FEW_MIN_LETTERS = 4
# What a core key must have to say anything.
_CORE_MIN_LETTERS = 3
# The type that a list may still tell, and that of today. The EPT took the place of others in 2016.
_OUTGROWN = frozenset(
    (then, now)
    for then, later in {
        "CC": ("CA", "CU", "METRO", "EPT"),
        "CA": ("CU", "METRO", "EPT"),
        "CU": ("METRO",),
    }.items()
    for now in later
)

Kinds = frozenset[Kind]


class Found(NamedTuple):
    """An entry that a name may mean, and how it was found."""

    entry: Entry
    score: float
    why: tuple[Reason, ...]


class Index:
    """Finds entries by the words of a reading."""

    def __init__(self, entries: Iterable[Entry], others: Iterable[OtherName]) -> None:
        self.by_key: dict[tuple[Kind, str], Entry] = {}
        self.by_code: dict[str, list[Entry]] = defaultdict(list)
        self.by_siren: dict[str, Entry] = {}
        self._whole: dict[str, list[Entry]] = defaultdict(list)
        self._loose: dict[str, list[Entry]] = defaultdict(list)
        self._core: dict[str, list[Entry]] = defaultdict(list)
        self._sigles: dict[str, list[Entry]] = defaultdict(list)
        self._others: dict[str, list[tuple[Entry, OtherName]]] = defaultdict(list)
        self._other_cores: dict[str, list[tuple[Entry, OtherName]]] = defaultdict(list)
        for entry in entries:
            self._add(entry)
        for other in others:
            self._add_other(other)

    def _add(self, entry: Entry) -> None:
        self.by_key[entry.kind, entry.code] = entry
        self.by_code[entry.code].append(entry)
        if entry.siren:
            self.by_siren[entry.siren] = entry
        whole = entry.spaced.replace(" ", "")
        self._whole[whole].append(entry)
        if Kind.EPCI in entry.answers_to:
            for key, is_sigle in core_of(entry.name):
                keys = self._sigles if is_sigle else self._core
                if len(key) >= _CORE_MIN_LETTERS and entry not in keys[key]:
                    keys[key].append(entry)
            return
        words = entry.spaced.split()
        if not LINKS.isdisjoint(words) and (loose := loose_key(words)):
            self._loose[loose].append(entry)

    def _add_other(self, other: OtherName) -> None:
        entry = self.by_key.get((other.kind, other.code))
        if entry is None:
            if other.sub_kind is None:
                return
            parent = other.parent and self.by_key.get(other.parent)
            entry = Entry(
                other.kind,
                other.code,
                other.name,
                other.sub_kind,
                departements=parent.departements if parent else frozenset(),
                parent=other.parent,
                answers_to=answers_to(other.kind, other.sub_kind),
                is_held=False,
            )
            self.by_key[entry.kind, entry.code] = entry
        words = words_of(other.name)
        self._others[whole_key(words)].append((entry, other))
        if entry.kind == Kind.EPCI and (core := whole_key(core_words(words))):
            self._other_cores[core].append((entry, other))

    def of_kind(self, kind: Kind) -> Iterator[Entry]:
        """All entries of a kind."""
        return (entry for entry in self.by_key.values() if entry.kind == kind)

    def is_unique(self, entry: Entry) -> bool:
        """Whether no other of its kind has its name."""
        namesakes = self._whole[whole_key(entry.spaced.split())]
        return all(each is entry or each.kind != entry.kind for each in namesakes)

    def find(self, reading: Reading, kinds: Kinds | None, year: int | None) -> list[Found]:
        """Those that the words name in full, by every way that does not guess."""
        whole, loose = whole_key(reading.words), loose_key(reading.words)
        spaced = " ".join(reading.words)
        found = []
        for entry in self._whole.get(whole, ()):
            is_spaced = entry.spaced == spaced
            score = scores.WHOLE if is_spaced else scores.SPACES
            found.append(Found(entry, score, (reasons.WHOLE if is_spaced else reasons.SPACES,)))
        # A name without links has no loose key of its own.
        for entries in (self._loose.get(loose, ()), self._whole.get(loose, ())):
            found += [Found(entry, scores.LINKS, (reasons.LINKS,)) for entry in entries]
        if kinds is None or Kind.EPCI in kinds:
            found += self._epcis(reading)
        found += [self._known_as(*each, year) for each in self._others.get(whole, ())]
        if reading.title and Kind.EPCI in reading.title.kinds:
            # "CU du Grand Lyon", but not "Lille" for Lille Métropole.
            core = whole_key(core_words(reading.words))
            found += [self._known_as(*each, year) for each in self._other_cores.get(core, ())]
        return _of_kinds(found, kinds)

    def _epcis(self, reading: Reading) -> list[Found]:
        core = whole_key(core_words(reading.words))
        said = reading.title.epci_type if reading.title else None
        found = [_by_type(entry, said) for entry in self._core.get(core, ())]
        sigles = self._sigles.get(core, ())
        return found + [Found(entry, scores.SIGLE, (reasons.SIGLE,)) for entry in sigles]

    @staticmethod
    def _known_as(entry: Entry, other: OtherName, year: int | None) -> Found:
        why = reasons.known_as(entry.name)
        if entry.name == other.name:
            why = reasons.WHOLE
        if other.is_of(year):
            return Found(entry, scores.KNOWN_AS, (why,))
        return Found(entry, scores.KNOWN_AS * scores.OUT_OF_TIME, (why, reasons.OUT_OF_TIME))

    def find_nearly(self, reading: Reading, kinds: Kinds | None) -> list[Found]:
        """Those that the words name but for one letter."""
        whole = whole_key(reading.words)
        if kinds and kinds <= _FEW:
            near = [each for kind in kinds for each in self.of_kind(kind) if _is_near(each, whole)]
            return [Found(entry, scores.NEARLY_LONG, (reasons.NEARLY,)) for entry in near]
        found = []
        for key in sorted(self._neighbours.near(whole)):
            score = _nearly(whole, key)
            found += [Found(entry, score, (reasons.NEARLY,)) for entry in self._whole[key]]
        if kinds is None or Kind.EPCI in kinds:
            core = whole_key(core_words(reading.words))
            said = reading.title.epci_type if reading.title else None
            for key in sorted(self._core_neighbours.near(core)):
                score = _nearly(core, key)
                for entry in self._core[key]:
                    by_type = _by_type(entry, said)
                    nearly = min(score, by_type.score)
                    found.append(Found(entry, nearly, (*by_type.why, reasons.NEARLY)))
        return _of_kinds(found, kinds)

    def find_some(self, reading: Reading, kinds: Kinds | None) -> list[Found]:
        """Those whose name holds all the words, or of an intercommunalité some: proposals only."""
        words = set(core_words(reading.words))
        known = [word for word in words if word in self._words]
        if not known:
            return []
        rarest = min(known, key=lambda word: (len(self._words[word]), word))
        found = []
        for entry in self._words[rarest]:
            held = set(core_words(entry.spaced.split()))
            if words <= held or (Kind.EPCI in entry.answers_to and held <= words):
                found.append(Found(entry, scores.SOME_WORDS, (reasons.SOME_WORDS,)))
        return _of_kinds(found, kinds)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self._whole)

    @cached_property
    def _core_neighbours(self) -> Neighbours:
        return Neighbours(self._core)

    @cached_property
    def _words(self) -> Mapping[str, list[Entry]]:
        words: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.by_key.values():
            for word in set(core_words(entry.spaced.split())):
                words[word].append(entry)
        return dict(words)


def _is_near(entry: Entry, text: str) -> bool:
    return len(text) >= _FEW_MIN_LETTERS and is_near(text, entry.spaced.replace(" ", ""))


def _nearly(text: str, key: str) -> float:
    # Who writes wrong writes the first letter right; another one begins another name.
    if len(text) < _LONG_LETTERS or text[0] != key[0]:
        return scores.NEARLY_SHORT
    return scores.NEARLY if len(text) < _LONGEST_LETTERS else scores.NEARLY_LONG


def _of_kinds(found: list[Found], kinds: Kinds | None) -> list[Found]:
    if kinds is None:
        return found
    return [each for each in found if not kinds.isdisjoint(each.entry.answers_to)]


def _by_type(entry: Entry, said: str | None) -> Found:
    """An intercommunalité by its core words, and by the type that is said, if one is."""
    if said is None or entry.epci_type is None:
        return Found(entry, scores.TYPE_UNTOLD, (reasons.TYPE_UNTOLD,))
    if said == entry.epci_type:
        return Found(entry, scores.WHOLE, (reasons.WHOLE,))
    if (said, entry.epci_type) in _OUTGROWN:
        return Found(entry, scores.TYPE_OUTGROWN, (reasons.TYPE_OUTGROWN,))
    return Found(entry, scores.TYPE_OTHER, (reasons.TYPE_OTHER,))
