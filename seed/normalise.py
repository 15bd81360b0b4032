"""Records into rows of the tables: natural keys become ids, derived columns are filled in."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from graph.domain.codes import LEVEL_RANK, Kind, Level
from graph.domain.text import fold
from seed import files
from seed.files import File
from seed.numbers import Numbers
from seed.records import Record
from seed.rules import Key, Records, key_of

Row = dict[str, Any]
Columns = Callable[[Record, str], Row]

_WITHIN = {
    "departement": Kind.DEPARTEMENT.value,
    "region": Kind.REGION.value,
    "epci": Kind.EPCI.value,
    "ept": Kind.OTHER.value,
}
_COMMUNE = Kind.COMMUNE.value


def rows_by_table(records: Records, numbers: Numbers) -> dict[str, list[Row]]:
    """The rows of every table, in file order; rows that only link have no id yet."""
    rows = _Rows(records, numbers)
    awards = records[files.AWARDS.name]
    return {
        "source": rows.of(files.SOURCES, _plain),
        "collectivity": rows.of(files.COLLECTIVITIES, _official(numbers))
        + rows.of(files.BODIES, _body(records, numbers)),
        "former_code": _former_codes(records, numbers),
        "postal_code": _postal_codes(records, numbers),
        "category": rows.of(files.CATEGORIES, _category),
        "prize": rows.of(files.PRIZES, _prize(numbers)),
        "edition": rows.of(files.EDITIONS, _edition(numbers)),
        "initiative": rows.of(files.INITIATIVES, _initiative(awards)),
        "initiative_holder": _holders(records, numbers),
        "initiative_category": _links("category", awards, numbers),
        "initiative_source": _links("source", awards, numbers),
        "award": rows.of(files.AWARDS, _award(numbers)),
        "laureate": _laureates(records, numbers),
        "metric": rows.of(files.METRICS, _metric(numbers)),
    }


class _Rows:
    """The rows that have an id and a uid."""

    def __init__(self, records: Records, numbers: Numbers) -> None:
        self._records = records
        self._numbers = numbers

    def of(self, file: File, columns: Columns) -> list[Row]:
        heads = self._numbers.heads(file)
        return [
            {"id": number, "uid": uid, **columns(record, natural_key)}
            for (number, uid, natural_key), record in zip(
                heads, self._records[file.name], strict=True
            )
        ]


def _plain(record: Record, _natural_key: str) -> Row:
    return dict(record)


def _with_source(numbers: Numbers) -> Columns:
    def columns(record: Record, _natural_key: str) -> Row:
        row = dict(record)
        row["source_id"] = numbers.id_of("source", row.pop("source"))
        return row

    return columns


def _official(numbers: Numbers) -> Columns:
    def columns(record: Record, _natural_key: str) -> Row:
        return {
            "kind": record["kind"],
            "sub_kind": record["sub_kind"],
            "code": record["code"],
            "name": record["name"],
            "siren": record["siren"],
            "population": record["population"],
            "population_year": record["population_year"],
            "postal_codes": record["postal_codes"] or "",
            "is_current": record["is_current"],
            "parent_id": _parent(record, numbers),
            **_within(record, numbers),
            "successor_id": numbers.id_or_none("collectivity", _COMMUNE, record["successor"]),
            "note": None,
            "name_folded": fold(record["name"]),
        }

    return columns


def _body(records: Records, numbers: Numbers) -> Columns:
    """A body lies where the territory lies that it belongs to, over other bodies if need be."""
    places: dict[Key, Record] = {
        key_of(record, file.key): record
        for file in (files.COLLECTIVITIES, files.BODIES)
        for record in records[file.name]
    }

    def territory(record: Record) -> Record | None:
        while "departement" not in record:
            if record["parent_code"] is None:
                return None
            record = places[record["parent_kind"], record["parent_code"]]
        return record

    def columns(record: Record, _natural_key: str) -> Row:
        return {
            "kind": record["kind"],
            "sub_kind": record["sub_kind"],
            "code": record["code"],
            "name": record["name"],
            "siren": None,
            "population": None,
            "population_year": None,
            "postal_codes": "",
            "is_current": record["is_current"],
            "parent_id": _parent(record, numbers),
            **_within(territory(record), numbers),
            "successor_id": numbers.id_or_none(
                "collectivity", record["successor_kind"], record["successor_code"]
            ),
            "note": record["note"],
            "name_folded": fold(record["name"]),
        }

    return columns


def _parent(record: Record, numbers: Numbers) -> int | None:
    return numbers.id_or_none("collectivity", record["parent_kind"], record["parent_code"])


def _within(record: Record | None, numbers: Numbers) -> Row:
    places = {
        f"{column}_id": record and numbers.id_or_none("collectivity", kind, record[column])
        for column, kind in _WITHIN.items()
    }
    commune = record and _commune(record)
    return {**places, "commune_id": numbers.id_or_none("collectivity", _COMMUNE, commune)}


def _commune(record: Record) -> str | None:
    """The code of the one current commune that a territory of the official code lies in."""
    if record["kind"] == _COMMUNE:
        return str(record["code"])
    is_part = record["parent_kind"] == _COMMUNE
    return record["successor"] or record["parent_code"] if is_part else None


def _former_codes(records: Records, numbers: Numbers) -> list[Row]:
    return [
        {
            "code": record["code"],
            "collectivity_id": numbers.id_of("collectivity", _COMMUNE, record["commune"]),
        }
        for record in records[files.FORMER_CODES.name]
    ]


def _postal_codes(records: Records, numbers: Numbers) -> list[Row]:
    return [
        {
            "code": code,
            "collectivity_id": numbers.id_of("collectivity", record["kind"], record["code"]),
        }
        for record in records[files.COLLECTIVITIES.name]
        for code in dict.fromkeys((record["postal_codes"] or "").split())
    ]


def _category(record: Record, _natural_key: str) -> Row:
    return {**record, "label_folded": fold(record["label_fr"])}


def _prize(numbers: Numbers) -> Columns:
    with_source = _with_source(numbers)

    def columns(record: Record, natural_key: str) -> Row:
        return {**with_source(record, natural_key), "name_folded": fold(record["name"])}

    return columns


def _edition(numbers: Numbers) -> Columns:
    with_source = _with_source(numbers)

    def columns(record: Record, natural_key: str) -> Row:
        row = with_source(record, natural_key)
        row["key"] = natural_key
        row["prize_id"] = numbers.id_of("prize", row.pop("prize"))
        return row

    return columns


def _initiative(awards: list[Record]) -> Columns:
    years: dict[str, int] = {}
    for award in awards:
        initiative, year = award["initiative"], award["year"]
        years[initiative] = min(year, years.get(initiative, year))

    def columns(record: Record, natural_key: str) -> Row:
        folded = fold(record["title"])
        return {**record, "year": years.get(natural_key), "title_folded": folded}

    return columns


def _holders(records: Records, numbers: Numbers) -> list[Row]:
    return [
        {
            "initiative_id": numbers.id_of("initiative", record["initiative"]),
            "collectivity_id": numbers.id_of("collectivity", record["kind"], record["code"]),
            "role": record["role"],
            "position": record["position"],
        }
        for record in records[files.HOLDERS.name]
    ]


def _links(target: str, awards: list[Record], numbers: Numbers) -> list[Row]:
    """What the awards of an initiative say of it: each category or source once."""
    return [
        {
            "initiative_id": numbers.id_of("initiative", initiative),
            f"{target}_id": numbers.id_of(target, key),
        }
        for initiative, key in _pairs(target, awards)
    ]


def _pairs(target: str, awards: list[Record]) -> Iterator[tuple[str, str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for award in awards:
        if award["initiative"] and award[target]:
            found[award["initiative"]][award[target]] = None
    for initiative in sorted(found):
        for key in found[initiative]:
            yield initiative, key


def _folded_or_none(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _award(numbers: Numbers) -> Columns:
    def columns(record: Record, _natural_key: str) -> Row:
        return {
            "key": record["key"],
            "edition_id": numbers.id_of("edition", record["prize"], record["year"]),
            "year": record["year"],
            "level": record["level"],
            "level_rank": LEVEL_RANK[Level(record["level"])],
            "level_as_printed": record["level_as_printed"],
            "category_id": numbers.id_or_none("category", record["category"]),
            "category_as_printed": record["category_as_printed"],
            "category_as_printed_folded": _folded_or_none(record["category_as_printed"]),
            "sponsor": record["sponsor"],
            "sponsor_folded": _folded_or_none(record["sponsor"]),
            "initiative_id": numbers.id_or_none("initiative", record["initiative"]),
            "source_id": numbers.id_of("source", record["source"]),
            "note": record["note"],
        }

    return columns


def _laureates(records: Records, numbers: Numbers) -> list[Row]:
    return [
        {
            "award_id": numbers.id_of("award", record["award"]),
            "collectivity_id": numbers.id_of("collectivity", record["kind"], record["code"]),
            "position": record["position"],
            "name_as_printed": record["name_as_printed"],
            "service": record["service"],
        }
        for record in records[files.LAUREATES.name]
    ]


def _metric(numbers: Numbers) -> Columns:
    with_source = _with_source(numbers)

    def columns(record: Record, natural_key: str) -> Row:
        row = with_source(record, natural_key)
        row["key"] = natural_key
        row["initiative_id"] = numbers.id_of("initiative", row.pop("initiative"))
        row["value_micro"] = row.pop("value")
        row["name_folded"] = fold(row["name_fr"])
        return row

    return columns
