"""Whom a code means: an official one of any kind, one of the past, a SIREN or SIRET."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.asked import Asked
from seed.who.entries import Entry
from seed.who.index import Index
from seed.who.numbers import SIREN_DIGITS, digits_of, is_sound
from seed.who.reasons import Reason
from seed.who.words import words_of

_COMMUNE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_SAID_CODE = re.compile(r"(?:(cd|cg|d|dep|dept|dpt|cr) ?)?([0-9][0-9ab]|9[78][0-9])")
_KIND_AND_CODE = re.compile(rf"({'|'.join(Kind)}):(\S+)")


class Coded(NamedTuple):
    """The entries that have a code, and how it was read. Several have one of several kinds."""

    entries: list[Entry]
    why: Reason
    score: float = scores.CODE


class Codes:
    """Reads codes."""

    def __init__(self, index: Index, former_codes: Mapping[str, str]) -> None:
        self._index = index
        self._former_codes = former_codes

    def beside(self, asked: Asked) -> Coded | None:
        """Whom the code or the SIREN means that stands beside a name; None if none does."""
        if code := (asked.code or "").strip():
            return self._official(code, asked.kind) or Coded([], reasons.unknown_code(code))
        if siren := (asked.siren or "").strip():
            return self._numbered(digits_of(siren) or siren)
        return None

    def instead(self, asked: Asked) -> Coded | None:
        """Whom a code means that is written where the name should be; None if it is no code."""
        text = asked.text.strip()
        if match := _KIND_AND_CODE.fullmatch(text):
            code = match[2]
            return self._official(code, Kind(match[1])) or Coded([], reasons.unknown_code(code))
        if digits := digits_of(text):
            return self._numbered(digits)
        if _COMMUNE_CODE.fullmatch(text.upper()):
            return self._official(text, asked.kind)
        return self._said(text, asked.kind)

    def _official(self, code: str, kind: Kind | None) -> Coded | None:
        """Of one code the exact kind; or else what exists today."""
        found = self._index.by_code.get(code.upper()) or self._index.by_code.get(code) or []
        found = [entry for entry in found if kind is None or kind in entry.answers_to]
        exact = [entry for entry in found if entry.kind == kind]
        current = [entry for entry in found if not entry.rank]
        if found:
            return Coded(exact or current or found, reasons.code(found[0].code))
        if digits := digits_of(code):
            return self._numbered(digits)
        current_code = self._former_codes.get(code.upper())
        if current_code and kind in (None, Kind.COMMUNE):
            entry = self._index.by_key[Kind.COMMUNE, current_code]
            return Coded([entry], reasons.former_code(code), scores.LINKS)
        return None

    def _numbered(self, digits: str) -> Coded:
        siren = digits[:SIREN_DIGITS]
        if entry := self._index.by_siren.get(siren):
            if len(digits) == SIREN_DIGITS or is_sound(digits):
                return Coded([entry], reasons.siren(siren))
            return Coded([], reasons.wrong_digits(digits))
        is_number = digits_of(digits) is not None and is_sound(digits)
        return Coded([], (reasons.unknown_siren if is_number else reasons.wrong_digits)(digits))

    def _said(self, text: str, kind: Kind | None) -> Coded | None:
        """A département or région: "CD45", "45" alone, "CR 53"."""
        said = _SAID_CODE.fullmatch(" ".join(words_of(text)))
        if said is None:
            return None
        kinds = {None: (Kind.DEPARTEMENT, Kind.REGION), "cr": (Kind.REGION,)}
        allowed = kinds.get(said[1], (Kind.DEPARTEMENT,))
        code = said[2].upper()
        found = [
            entry
            for entry in self._index.by_code.get(code, ())
            if entry.kind in allowed and kind in (None, entry.kind)
        ]
        return Coded(found, reasons.code(code)) if found else None
