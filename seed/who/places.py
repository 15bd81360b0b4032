"""Where a list says that somebody is: a département or région, by code or name."""

from collections.abc import Mapping

from graph.domain.codes import Kind
from seed.who.entries import Entry
from seed.who.titles import title_before
from seed.who.words import Words, loose_key, words_of

_CORSICA = frozenset({"2A", "2B"})


class Places:
    """The départements that a text names; knows the codes, names and régions of the register."""

    def __init__(self, entries: Mapping[tuple[Kind, str], Entry]) -> None:
        self._known: dict[str, frozenset[str]] = {}
        for kind in (Kind.REGION, Kind.DEPARTEMENT):  # of the same name, the smaller one
            for entry in entries.values():
                if entry.kind == kind and entry.departements:
                    self._known[loose_key(entry.spaced.split())] = entry.departements
        codes = [entry.code for entry in entries.values() if entry.kind == Kind.DEPARTEMENT]
        self._known |= {code.lower(): frozenset({code}) for code in codes}
        self._known |= {code.lower().zfill(3): frozenset({code}) for code in codes}
        if _CORSICA.issubset(codes):
            self._known |= dict.fromkeys(("20", "020"), _CORSICA)

    def __call__(self, text: str) -> frozenset[str] | None:
        """The codes of the départements: of "45", "Loiret", "Loiret (45)", "Bretagne"."""
        words = words_of(text)
        if found := self._known.get(loose_key(words)):
            return found
        if titled := title_before(words):
            if found := self._known.get(loose_key(titled[1])):
                return found
            words = titled[1]
        return self._both(words)

    def _both(self, words: Words) -> frozenset[str] | None:
        """Of a name and its code together, which must say the same."""
        if len(words) < 2:  # noqa: PLR2004  # one of each
            return None
        for name, code in ((words[:-1], words[-1]), (words[1:], words[0])):
            found = self._known.get(code)
            if found and self._known.get(loose_key(name)) == found:
                return found
        return None

    def of_postal_code(self, postal_code: str) -> frozenset[str] | None:
        """The départements that a postal code begins with, which is seldom another."""
        return self._known.get(postal_code[:3]) or self._known.get(postal_code[:2])
