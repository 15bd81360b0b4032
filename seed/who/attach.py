"""Bodies by the collectivity that they belong to: "CCAS de Brest", "SDIS 45", a museum."""

from collections.abc import Iterator

from graph.domain.codes import Kind
from seed.who import reasons, scores
from seed.who.asked import Asked, Body, Candidate, Decision
from seed.who.bodies import BodyType, body_before, body_behind, name_of, slug_of
from seed.who.choose import choose
from seed.who.entries import Entry
from seed.who.index import Found
from seed.who.readings import Printed, Reading, signs
from seed.who.search import Search
from seed.who.titles import Title, title_before, with_article
from seed.who.words import LINKS, TEXT_MAX_CHARACTERS, Words

_PLACES = frozenset({Kind.COMMUNE, Kind.EPCI})


def attach(printed: Printed, asked: Asked, search: Search) -> Decision | None:
    """The body that a name means; None if it does not begin like that of one."""
    found = body_before(printed.words)
    if found is None and len(signs(asked.text)) == 1:  # "Blois / CIAS" are two
        found = body_behind(printed.words)
    if found is None:
        return None
    body_type, rest = found
    parent = _parent(body_type, rest, printed, search)
    if parent.code is None or parent.kind is None:
        return _without_parent(body_type, asked, parent)
    entry = search.index.by_key[parent.kind, parent.code]
    name, slug = _called(body_type, asked, entry, search)
    score = parent.score * scores.BODY
    why = (reasons.body(body_type.sub_kind, entry.name), *parent.why)
    body = None
    if (Kind.OTHER, slug) not in search.index.by_key:
        body = Body(slug, body_type.sub_kind, name, entry.kind, entry.code)
    return Decision(Kind.OTHER, slug, name, score, why, (), body)


def _without_parent(body_type: BodyType, asked: Asked, parent: Decision) -> Decision:
    name = _as_printed(asked)
    slug = slug_of(name)
    score = min(scores.NO_PARENT, parent.score)
    body = Body(slug, body_type.sub_kind, name, None, None)
    others: tuple[Candidate, ...] = parent.others
    return Decision(Kind.OTHER, slug, name, score, (reasons.NO_PARENT, *parent.why), others, body)


def _parent(body_type: BodyType, rest: Words, printed: Printed, search: Search) -> Decision:
    kinds = frozenset(body_type.parents)
    found = search.in_full(_readings(rest, kinds)) if rest else []
    found += _by_code(body_type, rest, printed, search)
    if not found and not body_type.short:
        found = _by_tail(rest, kinds, search)
    placed = search.inside(found, printed)
    if body_type.is_around and not placed:
        placed = _around(rest, printed, search)
    if placed:
        return choose(placed)
    return choose([each._replace(score=each.score * scores.OUTSIDE) for each in found])


def _readings(words: Words, kinds: frozenset[Kind]) -> Iterator[Reading]:
    """The words behind a body's type as names of those kinds."""
    for rest in dict.fromkeys((with_article(words), words)):
        yield Reading(rest, Title(kinds))
    titled = title_before(with_article(words))
    if titled and titled[0].kinds & kinds:
        yield Reading(titled[1], Title(titled[0].kinds & kinds, titled[0].epci_type))


def _by_code(body_type: BodyType, rest: Words, printed: Printed, search: Search) -> Iterator[Found]:
    """A département by its code, "SDIS 45", or by what a list says beside the name."""
    if Kind.DEPARTEMENT not in body_type.parents:
        return
    codes = {rest[0].upper()} if len(rest) == 1 else set()
    if not rest or body_type.is_around:
        codes.update(code for found in printed.departements if len(found) == 1 for code in found)
    for code in sorted(codes):
        entry = search.index.by_key.get((Kind.DEPARTEMENT, code))
        if entry:
            yield Found(entry, scores.WHOLE, (reasons.code(code),))


def _by_tail(rest: Words, kinds: frozenset[Kind], search: Search) -> list[Found]:
    """The longest end of the words that is a place: "beaux-arts de Brest" ends with Brest."""
    for start, word in enumerate(rest):
        # "de", "de la": a place begins behind all of them.
        is_first_link = word in LINKS and (start == 0 or rest[start - 1] not in LINKS)
        is_last = start == len(rest) - 1
        if is_first_link or is_last:
            found = search.in_full(_readings(rest[start:], kinds))
            if found:
                return found
    return []


def _around(rest: Words, printed: Printed, search: Search) -> list[Found]:
    """The département around a place, which is for a person to confirm."""
    places = search.inside(_by_tail(("de", *rest), _PLACES, search), printed)
    decision = choose(places, by_size=False)
    if decision.code is None or decision.kind is None:
        return []
    place = search.index.by_key[decision.kind, decision.code]
    if place.departement is None:
        return []
    entry = search.index.by_key[Kind.DEPARTEMENT, place.departement]
    return [Found(entry, scores.SOME_WORDS, decision.why)]


def _called(body_type: BodyType, asked: Asked, parent: Entry, search: Search) -> tuple[str, str]:
    """The name and the slug of a body; both tell it from those of namesakes of its parent."""
    if body_type.short is None:
        name = _as_printed(asked)
        return name, slug_of(name)
    if parent.kind == Kind.DEPARTEMENT:
        name = f"{body_type.short} {parent.code}"
        return name, slug_of(name)
    name = name_of(body_type.short, parent.name.removeprefix(f"{parent.epci_type} "))
    slug = slug_of(name)
    return name, slug if search.index.is_unique(parent) else f"{slug}-{parent.code.lower()}"


def _as_printed(asked: Asked) -> str:
    return " ".join(asked.text[:TEXT_MAX_CHARACTERS].split())
