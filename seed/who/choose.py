"""Of all that a name may mean, the one it means, or the reason why none is chosen."""

from collections.abc import Iterable, Sequence
from itertools import islice

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.asked import Body, Candidate, Decision
from seed.who.entries import Entry
from seed.who.index import Found
from seed.who.reasons import Reason

_OTHERS_MAX = 8
_DOMINANT_TIMES = 100
_DOMINANT_MIN_POPULATION = 10_000

_Key = tuple[Kind, str]

# Where one collectivity has the competences of two codes, the one that stands for it: Paris is
# found as a commune; Martinique, Guyane and the collectivités d'outre-mer as régions, Mayotte as
# the département that the law calls it.
_ONE_INSTITUTION: dict[frozenset[_Key], _Key] = {
    frozenset({(Kind.COMMUNE, "75056"), (Kind.DEPARTEMENT, "75")}): (Kind.COMMUNE, "75056"),
    frozenset({(Kind.REGION, "06"), (Kind.DEPARTEMENT, "976")}): (Kind.DEPARTEMENT, "976"),
    frozenset({(Kind.REGION, "02"), (Kind.DEPARTEMENT, "972")}): (Kind.REGION, "02"),
    frozenset({(Kind.REGION, "03"), (Kind.DEPARTEMENT, "973")}): (Kind.REGION, "03"),
    **{
        frozenset({(Kind.REGION, code), (Kind.DEPARTEMENT, code)}): (Kind.REGION, code)
        for code in ("975", "977", "978", "984", "986", "987", "988", "989")
    },
}


def best_of_each(found: Iterable[Found]) -> list[Found]:
    """Each entry once, by the best way that it was found; the likeliest first."""
    best: dict[int, Found] = {}
    for each in found:
        known = best.get(id(each.entry))
        if known is None or each.score > known.score:
            best[id(each.entry)] = each
    return sorted(
        best.values(),
        key=lambda each: (
            -each.score,
            each.entry.rank,
            -each.entry.population,
            each.entry.kind,
            each.entry.code,
        ),
    )


def choose(found: Iterable[Found], *, by_size: bool = True) -> Decision:
    """The decision between all that were found.

    `by_size`: a homonym may be chosen because the others have hardly any inhabitants.
    """
    ordered = best_of_each(found)
    if not ordered:
        return nobody(reasons.NOBODY)
    top = ordered[0]
    same = [each for each in ordered if top.score - each.score <= scores.SAME]
    ranks = {each.entry.rank for each in same}
    first = [each for each in same if each.entry.rank == min(ranks)]
    near = [each for each in ordered if top.score - each.score <= scores.SAME_OF_CURRENT]
    if top.entry.rank and any(not each.entry.rank for each in near):
        first = [top, *(each for each in near if not each.entry.rank)]
    if len(first) == 1:
        return _one(first[0], ordered, is_alone=len(ranks) == 1)
    chosen = _of_one_institution(first) or (_dominant(first) if by_size else None)
    if chosen:
        return _decision(chosen, ordered)
    return Decision(
        None,
        None,
        None,
        min(scores.TIED, top.score),
        (reasons.tied(len(first)),),
        candidates(first + [each for each in ordered if each not in first]),
    )


def nobody(*why: Reason, score: float = 0.0, others: Sequence[Candidate] = ()) -> Decision:
    """The decision that names nobody."""
    return Decision(None, None, None, score, why, tuple(others))


def _one(found: Found, ordered: list[Found], *, is_alone: bool) -> Decision:
    if is_alone or _is_part_of(ordered, found.entry):
        return _decision(found, ordered)
    why = (*found.why, reasons.CURRENT_FIRST)
    return _decision(Found(found.entry, found.score * scores.DELEGATED, why), ordered)


def _is_part_of(ordered: list[Found], entry: Entry) -> bool:
    """Whether all namesakes of the past became part of `entry`, as its seat mostly did."""
    past = [each.entry for each in ordered if each.entry.rank]
    return all(each.successor == (entry.kind, entry.code) for each in past)


def _of_one_institution(same: list[Found]) -> Found | None:
    keys = frozenset((each.entry.kind, each.entry.code) for each in same)
    key = _ONE_INSTITUTION.get(keys)
    for each in same:
        if (each.entry.kind, each.entry.code) == key:
            return each._replace(why=(*each.why, reasons.ONE_INSTITUTION))
    return None


def _dominant(same: list[Found]) -> Found | None:
    first, *others = sorted(same, key=lambda each: -each.entry.population)
    population = first.entry.population
    if population < _DOMINANT_MIN_POPULATION or any(not each.entry.is_official for each in others):
        return None
    if sum(each.entry.population for each in others) * _DOMINANT_TIMES > population:
        return None
    score = min(first.score, scores.DOMINANT)
    return Found(first.entry, score, (*first.why, reasons.dominant(len(others))))


def _decision(found: Found, ordered: list[Found]) -> Decision:
    entry = found.entry
    why = found.why
    if entry.rank and entry.successor and entry.sub_kind:
        why = (*why, reasons.delegated(entry.sub_kind, entry.successor[1]))
    others = candidates(each for each in ordered if each.entry is not entry)
    body = None if entry.is_held else body_of(entry)
    return Decision(entry.kind, entry.code, entry.name, found.score, why, others, body)


def body_of(entry: Entry) -> Body:
    """What is to be created for an entry that the database does not hold."""
    parent_kind, parent_code = entry.parent or (None, None)
    return Body(entry.code, entry.sub_kind or "", entry.name, parent_kind, parent_code)


def candidates(found: Iterable[Found]) -> tuple[Candidate, ...]:
    """The first of those found, as they are shown."""
    return tuple(
        Candidate(
            each.entry.kind,
            each.entry.code,
            each.entry.name,
            each.entry.departement,
            round(each.score, 3),
        )
        for each in islice(found, _OTHERS_MAX)
    )
