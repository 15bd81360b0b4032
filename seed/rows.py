"""Native records into the rows that wait to be applied: uids for references, folded names."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from graph.domain.codes import LEVEL_RANK, Kind, Level
from graph.domain.text import fold
from graph.domain.uid import make_uid
from graph.storage.tables import USUAL_RANK
from seed import files
from seed.feed import Feed
from seed.records import Record
from seed.rules import metric_key

Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]

_COMMUNE = Kind.COMMUNE.value
_WITHIN = {
    "departement": Kind.DEPARTEMENT.value,
    "region": Kind.REGION.value,
    "epci": Kind.EPCI.value,
    "ept": Kind.OTHER.value,
}
# Most rows refer to what another row refers to.
_reference = lru_cache(65_536)(make_uid)


def rows_of(name: str) -> Callable[[Record], Rows]:
    """What gives the rows of a record of a file, each with its table."""
    return _ROWS[name]


def feed_row(feed: Feed, retrieved_on: str) -> Row:
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


def _place(kind: str | None, code: str | None) -> str | None:
    return None if kind is None or code is None else _reference("Collectivity", f"{kind}:{code}")


def _to(type_name: str, key: str | None) -> str | None:
    return None if key is None else _reference(type_name, key)


# The names of figures and categories are few.
@lru_cache(16_384)
def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _source(record: Record) -> Rows:
    row = dict(record)
    row["uid"] = make_uid("Source", record["key"])
    row["rank"] = USUAL_RANK
    yield "source", row


def _collectivity(record: Record) -> Rows:
    uid = _place(record["kind"], record["code"])
    commune = _place(_COMMUNE, _commune(record))
    yield (
        "collectivity",
        {
            "uid": uid,
            "kind": record["kind"],
            "sub_kind": record["sub_kind"],
            "code": record["code"],
            "name": record["name"],
            "siren": record["siren"],
            "population": record["population"],
            "population_year": record["population_year"],
            "postal_codes": record["postal_codes"] or "",
            "is_current": record["is_current"],
            "parent_id": _place(record["parent_kind"], record["parent_code"]),
            **{f"{place}_id": _place(kind, record[place]) for place, kind in _WITHIN.items()},
            "successor_id": _place(_COMMUNE, record["successor"]),
            "note": None,
            "name_folded": _fold(record["name"]),
            "commune_id": commune,
        },
    )
    for code in dict.fromkeys((record["postal_codes"] or "").split()):
        yield "postal_code", {"code": code, "collectivity_id": uid}


def _commune(record: Record) -> str | None:
    """The code of the one current commune that a territory of the official code lies in."""
    if record["kind"] == _COMMUNE:
        return str(record["code"])
    is_part = record["parent_kind"] == _COMMUNE
    return record["successor"] or record["parent_code"] if is_part else None


def _body(record: Record) -> Rows:
    """A body; what it lies in derives from what it belongs to (`seed.derive`)."""
    yield (
        "collectivity",
        {
            "uid": _place(record["kind"], record["code"]),
            "kind": record["kind"],
            "sub_kind": record["sub_kind"],
            "code": record["code"],
            "name": record["name"],
            "siren": None,
            "population": None,
            "population_year": None,
            "postal_codes": "",
            "is_current": record["is_current"],
            "parent_id": _place(record["parent_kind"], record["parent_code"]),
            **{f"{place}_id": None for place in _WITHIN},
            "successor_id": _place(record["successor_kind"], record["successor_code"]),
            "note": record["note"],
            "name_folded": _fold(record["name"]),
            "commune_id": None,
        },
    )


def _former_code(record: Record) -> Rows:
    commune = _place(_COMMUNE, record["commune"])
    yield "former_code", {"code": record["code"], "collectivity_id": commune}


def _category(record: Record) -> Rows:
    uid, folded = _to("Category", record["slug"]), _fold(record["label_fr"])
    yield "category", {**record, "uid": uid, "label_folded": folded}


def _prize(record: Record) -> Rows:
    row = dict(record)
    row["uid"] = _to("Prize", record["slug"])
    row["source_id"] = _to("Source", row.pop("source"))
    row["name_folded"] = _fold(record["name"])
    yield "prize", row


def _edition(record: Record) -> Rows:
    row = dict(record)
    prize = row.pop("prize")
    row["key"] = f"{prize}-{record['year']}"
    row["uid"] = _to("Edition", row["key"])
    row["prize_id"] = _to("Prize", prize)
    row["source_id"] = _to("Source", row.pop("source"))
    yield "edition", row


def _initiative(record: Record) -> Rows:
    uid, folded = _to("Initiative", record["slug"]), _fold(record["title"])
    yield "initiative", {**record, "uid": uid, "title_folded": folded}


def _holder(record: Record) -> Rows:
    yield (
        "initiative_holder",
        {
            "initiative_id": _to("Initiative", record["initiative"]),
            "collectivity_id": _place(record["kind"], record["code"]),
            "role": record["role"],
            "position": record["position"],
        },
    )


def _award(record: Record) -> Rows:
    key, prize, year = record["key"], record["prize"], record["year"]
    level = record["level"]
    yield (
        "award",
        {
            "uid": None if key is None else make_uid("Award", key),
            "key": key,
            "edition_id": None if None in (prize, year) else _to("Edition", f"{prize}-{year}"),
            "year": year,
            "level": level,
            "level_rank": None if level is None else LEVEL_RANK[Level(level)],
            "level_as_printed": record["level_as_printed"],
            "category_id": _to("Category", record["category"]),
            "category_as_printed": record["category_as_printed"],
            "sponsor": record["sponsor"],
            "initiative_id": _to("Initiative", record["initiative"]),
            "source_id": _to("Source", record["source"]),
            "note": record["note"],
            "category_as_printed_folded": _fold(record["category_as_printed"]),
            "sponsor_folded": _fold(record["sponsor"]),
        },
    )


def _laureate(record: Record) -> Rows:
    yield (
        "laureate",
        {
            "award_id": _to("Award", record["award"]),
            "collectivity_id": _place(record["kind"], record["code"]),
            "position": record["position"],
            "name_as_printed": record["name_as_printed"],
            "service": record["service"],
        },
    )


def _metric(record: Record) -> Rows:
    row = dict(record)
    key = metric_key(record)
    row["uid"], row["key"] = make_uid("Metric", key), key
    row["initiative_id"] = _to("Initiative", row.pop("initiative"))
    row["source_id"] = _to("Source", row.pop("source"))
    row["value_micro"] = row.pop("value")
    row["name_folded"] = _fold(record["name_fr"])
    yield "metric", row


_ROWS: dict[str, Callable[[Record], Rows]] = {
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
