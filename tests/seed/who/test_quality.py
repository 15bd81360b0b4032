"""How often names are identified right: floors for the award names and for generated ones."""

from collections.abc import Iterable

import pytest

from bench.names import (
    DEVELOPMENT,
    SPELLINGS,
    Case,
    absent,
    generated,
    is_withheld,
    printed,
    with_departement,
)
from seed.who import Register
from seed.who.entries import Entry

# Each name of the half is right, or on this list with where it ends up.
NOT_FOUND = {
    DEVELOPMENT: {
        # Dissolved, or abroad: the official code does not hold them.
        "Marne-la-Vallée Val Maubuée",
        "SAN Ouest Provence",
        "Dolny Śląsk",
        "Hollókő",
        # Homonyms without a département beside them.
        "Saint-Paul",
        "Villepinte",
        "Saint Louis",
        "Ville d’Allonnes",
    },
}


def _wrong(cases: Iterable[Case], register: Register) -> tuple[list[str], list[str]]:
    """The names that got a wrong answer, and those that got none."""
    wrong, none = [], []
    for case in cases:
        decisions = register.identify_each(case.asked)
        if not all(decision.is_sure for decision in decisions):
            none.append(case.asked.text)
        elif not any((each.kind, each.code) == (case.kind, case.code) for each in decisions):
            wrong.append(case.asked.text)
    return wrong, none


def test_the_names_that_rules_are_made_on_are_right_or_listed(official: Register) -> None:
    cases = printed(DEVELOPMENT)
    wrong, none = _wrong(cases, official)
    assert len(cases) > 100
    assert wrong == []
    assert set(none) == NOT_FOUND[DEVELOPMENT]


# A sample; `bench/who.py` asks all. Without a département beside them homonyms are not decided.
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_official_names_are_found_in_all_usual_spellings(
    official: Register, entries: list[Entry], spelling: str
) -> None:
    cases = [*generated(entries, spelling)][::50]
    wrong, none = _wrong(cases, official)
    is_mistyped = spelling == "mistyped"
    assert len(cases) > 700
    assert len(wrong) <= 0.02 * len(cases)
    assert len(none) <= (0.62 if is_mistyped else 0.12) * len(cases)
    wrong, none = _wrong(with_departement(cases, entries), official)
    assert len(wrong) <= 0.003 * len(cases)
    assert len(none) <= (0.35 if is_mistyped else 0.003) * len(cases)


def test_names_of_nobody_are_seldom_taken_for_somebody(
    entries: list[Entry], former_codes: dict[str, str]
) -> None:
    known = [entry for entry in entries if entry.is_official]
    register = Register([entry for entry in known if not is_withheld(entry)], {})
    cases = [case._replace(code=None) for case in [*absent(known)][::5]]
    placed = [case._replace(code=None) for case in with_departement([*absent(known)][::5], known)]
    assert len(cases) > 700
    assert len(former_codes) > 4_000
    assert len(_wrong(placed, register)[0]) <= 0.01 * len(placed)
    assert len(_wrong(cases, register)[0]) <= 0.12 * len(cases)
