"""Decides whom a name means: by its code, by its words, by where it is, or not at all."""

import gc
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import sqlalchemy as sa

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.asked import Asked, Candidate, Decision, question_of
from seed.who.attach import attach
from seed.who.choose import candidates, choose, nobody
from seed.who.codes import Coded, Codes
from seed.who.entries import Entry, OtherName, other_names, read_entries, read_former_codes
from seed.who.index import Found, Index
from seed.who.memory import reviewed
from seed.who.readings import signs, signs_and_words
from seed.who.search import Search
from seed.who.words import words_of

# Names that a list repeats are decided once; a decision takes some 2 kB.
_KEPT_DECISIONS = 10_000


class Register:
    """All that names can lead to, in memory: some 40,000 collectivities and bodies."""

    def __init__(
        self,
        entries: Iterable[Entry],
        former_codes: Mapping[str, str],
        decided: Mapping[str, Decision] | None = None,
        others: Iterable[OtherName] | None = None,
    ) -> None:
        self._index = Index(entries, other_names() if others is None else others)
        self._codes = Codes(self._index, former_codes)
        self._search = Search(self._index)
        self._decided = decided or {}
        self._cached = lru_cache(maxsize=_KEPT_DECISIONS)(self._identify)

    @classmethod
    def of(cls, connection: sa.Connection) -> "Register":
        """The register of a database, with what reviews decided. Three statements."""
        was_enabled = gc.isenabled()
        gc.disable()  # to look for circles among all that is kept takes a third of the time
        try:
            read = read_entries(connection), read_former_codes(connection)
            return cls(*read, reviewed(connection))
        finally:
            if was_enabled:
                gc.enable()

    @property
    def is_empty(self) -> bool:
        """Whether no collectivity is loaded."""
        return not any(entry.is_held for entry in self._index.by_key.values())

    def identify(self, asked: Asked) -> Decision:
        """Whom a name means; the same question always gives the same decision."""
        return self._cached(asked)

    def _identify(self, asked: Asked) -> Decision:
        if self._decided and (decided := self._decided_before(asked)):
            return decided
        if beside := self._codes.beside(asked):
            return self._compared(beside, asked) if words_of(asked.text) else _of_code(beside)
        if instead := self._codes.instead(asked):
            return _of_code(instead)
        return self._by_name(asked)

    def _decided_before(self, asked: Asked) -> Decision | None:
        """What a review decided, as long as it leads somewhere."""
        decided = self._decided.get(question_of(asked))
        if decided is None or decided.kind is None or decided.code is None:
            return None
        if (decided.kind, decided.code) in self._index.by_key:
            return replace(decided, body=None)
        return decided if decided.body else None

    def _compared(self, coded: Coded, asked: Asked) -> Decision:
        """The one of the code, unless the name that stands beside it is that of another."""
        named = self._search.named(self._search.read(asked), asked.kind, asked.year)
        if not coded.entries:
            # The name may be right where the code is not; a person has to look.
            return nobody(coded.why, others=candidates(named))
        if len(coded.entries) > 1:
            both = [each for each in named if each.entry in coded.entries]
            return choose(both) if both else _of_code(coded)
        (entry,) = coded.entries
        if not named:
            return choose([Found(entry, scores.LINKS, (coded.why, reasons.NAME_UNKNOWN))])
        if any(_is_same_place(each.entry, entry) for each in named):
            return choose([Found(entry, coded.score, (coded.why, reasons.AGREED))])
        why = (coded.why, reasons.disagreed(entry.name))
        decision = choose([Found(entry, scores.CONTRADICTED, why)])
        return replace(decision, others=candidates(named))

    def _by_name(self, asked: Asked) -> Decision:
        if not words_of(asked.text):
            return nobody(reasons.EMPTY)
        printed = self._search.read(asked)
        found = self._search.named(printed, asked.kind, asked.year)
        # A body that somebody entered may lack an article in another list.
        is_known = any(
            each.score >= (scores.SPACES if each.entry.is_official else scores.LINKS)
            for each in found
        )
        if asked.kind in (None, Kind.OTHER) and not is_known:
            body = attach(printed, asked, self._search)
            if body:
                return body
        decision = choose(found)
        return decision if decision.is_sure else self._joint(asked, decision)

    def identify_each(self, asked: Asked) -> tuple[Decision, ...]:
        """One decision, or one for each of several that share a cell: "Angers / Angers Loire".

        Several only where a slash, "+", "&" or ";" stands between them, and each is sure.
        """
        decision = self.identify(asked)
        if decision.is_sure:
            return (decision,)
        parts = self._parts(asked, signs(asked.text))
        return parts or (decision,)

    def _joint(self, asked: Asked, decision: Decision) -> Decision:
        """The decision, or that the text names several, of which each is known."""
        parts = self._parts(asked, signs_and_words(asked.text))
        if not parts:
            return decision
        found = _candidates(parts)
        names = " ; ".join(f"{one.name} ({one.kind}:{one.code})" for one in found)
        return nobody(reasons.parts(names), score=scores.PARTS, others=found)

    def _parts(self, asked: Asked, texts: list[str]) -> tuple[Decision, ...]:
        """The decision on each part, if there are several and all are sure."""
        if len(texts) < 2:  # noqa: PLR2004  # several
            return ()
        parts = tuple(
            self.identify(replace(asked, text=text, code=None, siren=None)) for text in texts
        )
        return parts if all(part.is_sure for part in parts) else ()


def _of_code(coded: Coded) -> Decision:
    if not coded.entries:
        return nobody(coded.why)
    return choose(
        [Found(entry, coded.score, (coded.why,)) for entry in coded.entries], by_size=False
    )


def _candidates(decisions: Iterable[Decision]) -> list[Candidate]:
    return [
        Candidate(each.kind, each.code, each.name or "", None, each.score)
        for each in decisions
        if each.kind and each.code
    ]


def _is_same_place(named: Entry, entry: Entry) -> bool:
    """Whether they are one, or one became part of the other."""
    keys = {(each.kind, each.code) for each in (named, entry)}
    return named is entry or not keys.isdisjoint({named.successor, entry.successor})
