"""Native records into the rows that wait to be applied: uids for references, folded names.

Both are many at once, by columns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from graph.domain.codes import LEVEL_RANK, Kind
from graph.domain.text import fold
from graph.domain.uid import make_uid, make_uids
from graph.storage.tables import USUAL_RANK
from seed import files
from seed.feed import Feed
from seed.records import Block
from seed.rules import metric_key_of

Columns = Mapping[str, Sequence[Any]]
# A table, what it is given by columns, and the line that each row was read on.
Rows = Iterator[tuple[str, Columns, Sequence[int]]]

_COMMUNE = Kind.COMMUNE.value
_WITHIN = {
    "departement": Kind.DEPARTEMENT.value,
    "region": Kind.REGION.value,
    "epci": Kind.EPCI.value,
    "ept": Kind.OTHER.value,
}
_RANKS: Mapping[str | None, int | None] = {
    None: None,
    **{level.value: rank for level, rank in LEVEL_RANK.items()},
}


def rows_of(name: str) -> Callable[[Block], Rows]:
    """What gives the rows of records of a file."""
    return _ROWS[name]


def feed_row(feed: Feed, retrieved_on: str) -> dict[str, Any]:
    """The list itself, as a source; its content was retrieved on this day."""
    return {
        "uid": make_uid("Source", feed.key),
        "key": feed.key,
        "url": feed.url,
        "title": feed.title,
        "publisher": feed.publisher,
        "licence_name": feed.licence_name,
        "licence_url": feed.licence_url,
        "retrieved_on": feed.retrieved_on or retrieved_on,
        "rank": feed.rank,
    }


# Most rows refer to what another row refers to.
@lru_cache(65_536)
def _reference(type_name: str, key: str | None) -> str | None:
    return None if key is None else make_uid(type_name, key)


@lru_cache(65_536)
def _place(kind: str | None, code: str | None) -> str | None:
    return None if None in (kind, code) else make_uid("Collectivity", f"{kind}:{code}")


# The names of figures and categories are few.
@lru_cache(16_384)
def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _all(of: Callable[..., Any], *columns: Iterable[Any]) -> Sequence[Any]:
    return [*map(of, *columns)]


def _named(type_name: str, keys: Sequence[str | None]) -> Sequence[str | None]:
    """The uids of records, each of which is named once."""
    written = [key for key in keys if key is not None]
    uids = make_uids(type_name, written)
    if len(uids) == len(keys):
        return uids
    return _all(dict(zip(written, uids, strict=True)).get, keys)


def _to(type_name: str, keys: Iterable[str | None]) -> Sequence[str | None]:
    """The uids of records that other rows refer to as well."""
    return _all(_reference, repeat(type_name), keys)


def _places(kinds: Iterable[str | None], codes: Iterable[str | None]) -> Sequence[str | None]:
    return _all(_place, kinds, codes)


def _source(block: Block) -> Rows:
    of = block.columns
    ranks = [USUAL_RANK] * len(block.lines)
    yield "source", {**of, "uid": _named("Source", of["key"]), "rank": ranks}, block.lines


def _collectivity(block: Block) -> Rows:
    of, lines = block.columns, block.lines
    kinds, codes, postal = of["kind"], of["code"], [text or "" for text in of["postal_codes"]]
    uids = _places(kinds, codes)
    communes = _all(_commune, kinds, codes, of["parent_kind"], of["parent_code"], of["successor"])
    within = {f"{place}_id": _places(repeat(kind), of[place]) for place, kind in _WITHIN.items()}
    yield (
        "collectivity",
        {
            **of,
            **within,
            "uid": uids,
            "postal_codes": postal,
            "parent_id": _places(of["parent_kind"], of["parent_code"]),
            "successor_id": _places(repeat(_COMMUNE), of["successor"]),
            "note": [None] * len(lines),
            "name_folded": _all(_fold, of["name"]),
            "commune_id": _places(repeat(_COMMUNE), communes),
        },
        lines,
    )
    found = [
        (line, code, uid)
        for line, uid, text in zip(lines, uids, postal, strict=True)
        for code in dict.fromkeys(text.split())
    ]
    if found:
        lines, codes, uids = zip(*found, strict=True)
        yield "postal_code", {"code": codes, "collectivity_id": uids}, lines


def _commune(
    kind: str | None,
    code: str | None,
    parent_kind: str | None,
    parent_code: str | None,
    successor: str | None,
) -> str | None:
    """The code of the one current commune that a territory of the official code lies in."""
    if kind == _COMMUNE:
        return str(code)
    return successor or parent_code if parent_kind == _COMMUNE else None


def _body(block: Block) -> Rows:
    """Bodies; what they lie in derives from what they belong to (`seed.derive`)."""
    of, nothing = block.columns, [None] * len(block.lines)
    unsaid = ("siren", "population", "population_year", "commune_id")
    yield (
        "collectivity",
        {
            **of,
            **dict.fromkeys((*unsaid, *(f"{place}_id" for place in _WITHIN)), nothing),
            "uid": _places(of["kind"], of["code"]),
            "postal_codes": [""] * len(nothing),
            "parent_id": _places(of["parent_kind"], of["parent_code"]),
            "successor_id": _places(of["successor_kind"], of["successor_code"]),
            "name_folded": _all(_fold, of["name"]),
        },
        block.lines,
    )


def _former_code(block: Block) -> Rows:
    of = block.columns
    communes = _places(repeat(_COMMUNE), of["commune"])
    yield "former_code", {"code": of["code"], "collectivity_id": communes}, block.lines


def _category(block: Block) -> Rows:
    of = block.columns
    uids, folded = _to("Category", of["slug"]), _all(_fold, of["label_fr"])
    yield "category", {**of, "uid": uids, "label_folded": folded}, block.lines


def _prize(block: Block) -> Rows:
    of = block.columns
    yield (
        "prize",
        {
            **of,
            "uid": _to("Prize", of["slug"]),
            "source_id": _to("Source", of["source"]),
            "name_folded": _all(_fold, of["name"]),
        },
        block.lines,
    )


def _edition(block: Block) -> Rows:
    of = block.columns
    keys = _all("{}-{}".format, of["prize"], of["year"])
    yield (
        "edition",
        {
            **of,
            "key": keys,
            "uid": _to("Edition", keys),
            "prize_id": _to("Prize", of["prize"]),
            "source_id": _to("Source", of["source"]),
        },
        block.lines,
    )


def _initiative(block: Block) -> Rows:
    of = block.columns
    uids, folded = _to("Initiative", of["slug"]), _all(_fold, of["title"])
    yield "initiative", {**of, "uid": uids, "title_folded": folded}, block.lines


def _holder(block: Block) -> Rows:
    of = block.columns
    initiatives = _to("Initiative", of["initiative"])
    bodies = _places(of["kind"], of["code"])
    columns = {**of, "initiative_id": initiatives, "collectivity_id": bodies}
    yield "initiative_holder", columns, block.lines


def _award(block: Block) -> Rows:
    of = block.columns
    yield (
        "award",
        {
            **of,
            "uid": _named("Award", of["key"]),
            "edition_id": _all(_edition_of, of["prize"], of["year"]),
            "level_rank": _all(_RANKS.__getitem__, of["level"]),
            "category_id": _to("Category", of["category"]),
            "initiative_id": _to("Initiative", of["initiative"]),
            "source_id": _to("Source", of["source"]),
            "category_as_printed_folded": _all(_fold, of["category_as_printed"]),
            "sponsor_folded": _all(_fold, of["sponsor"]),
        },
        block.lines,
    )


@lru_cache(4096)
def _edition_of(prize: str | None, year: int | None) -> str | None:
    return None if prize is None or year is None else make_uid("Edition", f"{prize}-{year}")


def _laureate(block: Block) -> Rows:
    of = block.columns
    awards = _named("Award", of["award"])
    bodies = _places(of["kind"], of["code"])
    yield "laureate", {**of, "award_id": awards, "collectivity_id": bodies}, block.lines


def _metric(block: Block) -> Rows:
    of = block.columns
    keys = _all(metric_key_of, of["initiative"], of["name_fr"], of["as_of"], of["year"])
    yield (
        "metric",
        {
            **of,
            "uid": _named("Metric", keys),
            "key": keys,
            "initiative_id": _to("Initiative", of["initiative"]),
            "source_id": _to("Source", of["source"]),
            "value_micro": of["value"],
            "name_folded": _all(_fold, of["name_fr"]),
        },
        block.lines,
    )


_ROWS: dict[str, Callable[[Block], Rows]] = {
    files.SOURCES.name: _source,
    files.COLLECTIVITIES.name: _collectivity,
    files.BODIES.name: _body,
    files.FORMER_CODES.name: _former_code,
    files.CATEGORIES.name: _category,
    files.PRIZES.name: _prize,
    files.EDITIONS.name: _edition,
    files.INITIATIVES.name: _initiative,
    files.HOLDERS.name: _holder,
    files.AWARDS.name: _award,
    files.LAUREATES.name: _laureate,
    files.METRICS.name: _metric,
}
