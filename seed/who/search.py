"""Whom a printed name may mean: in full, but for one letter, or in part; where and what it says."""

from collections.abc import Iterable, Iterator, Sequence

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.asked import Asked
from seed.who.choose import best_of_each
from seed.who.entries import Entry
from seed.who.index import Found, Index
from seed.who.places import Places
from seed.who.readings import Printed, Reading, read

_BY_CODE = (Kind.DEPARTEMENT, Kind.REGION)


class Search:
    """Searches an index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._places = Places(index.by_key)

    def read(self, asked: Asked) -> Printed:
        """The printed name taken apart, with the département that stands beside it."""
        printed = read(asked.text, self._places)
        if asked.departement and asked.departement.strip():
            found = self._places(asked.departement)
            # Where nobody is: a place that is not understood agrees with no one.
            printed.departements.append(found or frozenset())
            printed.unknown_place = None if found else asked.departement.strip()
        return printed

    def named(self, printed: Printed, kind: Kind | None, year: int | None) -> list[Found]:
        """All that fit, by the surest way that finds any; or else, those of the name elsewhere."""
        elsewhere: list[Found] = []
        for number, ways in enumerate(self._ways(printed, year)):
            found = best_of_each(ways)
            fit = [each for each in found if _answers(each.entry, kind)]
            inside = self.inside(fit, printed)
            if inside:
                return [_guessed(each, printed, elsewhere) for each in inside] if number else inside
            elsewhere = elsewhere or [_weakened(each, kind, printed) for each in found]
        return elsewhere

    def in_full(self, readings: Iterable[Reading], year: int | None = None) -> list[Found]:
        """All that the readings name without a guess."""
        return [
            each
            for reading in readings
            for each in _of_part(self.index.find(reading, _kinds(reading), year), reading)
        ]

    def inside(self, found: Sequence[Found], printed: Printed) -> list[Found]:
        """Those that are where the name says they are; all, if it does not say."""
        if printed.departements:
            found = [each for each in found if _is_in_all(each.entry, printed.departements)]
            # Of some bodies nobody knows where they are.
            placed = [each for each in found if each.entry.departements]
            found = [
                each._replace(why=(*each.why, reasons.DEPARTEMENT)) for each in placed
            ] or found
        return self._by_postal_code(list(found), printed.postal_code)

    def _by_postal_code(self, found: list[Found], postal_code: str | None) -> list[Found]:
        """Of several, those with the postal code, or in the département that it begins with."""
        if postal_code is None:
            return found
        departements = self._places.of_postal_code(postal_code)
        of_code = [each for each in found if postal_code in each.entry.postal_codes.split()]
        around = [each for each in found if departements and _is_in(each.entry, departements)]
        return [each._replace(why=(*each.why, reasons.POSTAL_CODE)) for each in of_code or around]

    def _ways(self, printed: Printed, year: int | None) -> Iterator[list[Found]]:
        coded = [each for reading in printed.readings for each in self._coded(reading, printed)]
        yield coded or _agreeing(self._each_in_full(printed, year))
        for find in (self.index.find_nearly, self.index.find_some):
            yield [
                each
                for reading in _titled_if_any(printed.readings)
                for each in _of_part(find(reading, _kinds(reading)), reading)
            ]

    def _each_in_full(self, printed: Printed, year: int | None) -> list[tuple[Reading, Found]]:
        return [
            (reading, each)
            for reading in printed.readings
            for each in self.index.find(reading, _kinds(reading), year)
        ]

    def _coded(self, reading: Reading, printed: Printed) -> Iterator[Found]:
        """A département or région by its code, "CD 45", or by what stands beside its title."""
        if reading.title is None:
            return
        for kind in _BY_CODE:
            if kind not in reading.title.kinds:
                continue
            if len(reading.words) == 1:
                entry = self.index.by_key.get((kind, reading.words[0].upper()))
                if entry:
                    yield Found(entry, scores.CODE, (reasons.code(entry.code),))
            elif not reading.words and printed.departements:
                for entry in self.index.of_kind(kind):
                    if entry.departements == printed.departements[0]:
                        yield Found(entry, scores.WHOLE, ())


def _kinds(reading: Reading) -> frozenset[Kind] | None:
    return reading.title.kinds if reading.title else None


def _titled_if_any(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The readings without their titles, where there are some: "ville" is no part of a name."""
    titled = [reading for reading in readings if reading.title and reading.words]
    return titled or [reading for reading in readings if reading.words]


def _of_part(found: Iterable[Found], reading: Reading) -> list[Found]:
    return [_aside(each) if reading.part else each for each in found]


def _aside(found: Found) -> Found:
    why = (*found.why, reasons.WORDS_ASIDE)
    return found._replace(score=found.score * scores.WORDS_ASIDE, why=why)


def _agreeing(found: Sequence[tuple[Reading, Found]]) -> list[Found]:
    """Those found; what two parts lead to leaves none aside, as "Agglopolys (agglo de Blois)"."""
    parts: dict[int, set[int]] = {}
    for reading, each in found:
        if reading.part:
            parts.setdefault(id(each.entry), set()).add(reading.part)
    return [
        _aside(each) if reading.part and len(parts[id(each.entry)]) == 1 else each
        for reading, each in found
    ]


def _answers(entry: Entry, kind: Kind | None) -> bool:
    return kind is None or kind in entry.answers_to


def _is_in_all(entry: Entry, places: Sequence[frozenset[str]]) -> bool:
    return all(_is_in(entry, departements) for departements in places)


def _is_in(entry: Entry, departements: frozenset[str]) -> bool:
    return not entry.departements or not departements.isdisjoint(entry.departements)


def _weakened(found: Found, kind: Kind | None, printed: Printed) -> Found:
    score, why = scores.OUTSIDE, reasons.OUTSIDE
    if not _answers(found.entry, kind):
        score, why = scores.OTHER_KIND, reasons.OTHER_KIND
    elif printed.unknown_place:
        why = reasons.unknown_place(printed.unknown_place)
    return found._replace(score=found.score * score, why=(*found.why, why))


def _guessed(found: Found, printed: Printed, elsewhere: Sequence[Found]) -> Found:
    """One that is not named in full; `elsewhere` are those that are, but lie elsewhere."""
    score = found.score
    if elsewhere:
        score *= scores.GUESS_INSIDE
    elif printed.departements and score > scores.SOME_WORDS:
        score += scores.NEARLY_INSIDE
    return found._replace(score=score)
