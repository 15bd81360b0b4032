"""Makes the compact collectivity files from the official geographic code; fetches nothing.

Run `npm pack @etalab/decoupage-administratif@6.0.0`, unpack the archive, then
`python -m seed.build_collectivities package`. `docs/data.md` tells what each column holds.
"""

import csv
import gzip
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.domain.codes import Kind
from seed import files

# In the order in which `seed.files` declares them.
COLUMNS = list(files.COLLECTIVITIES.columns)
FORMER_COLUMNS = list(files.FORMER_CODES.columns)

# Municipal populations: of 2023 for communes and EPT. The figures of the EPCI come with the
# list of their members and are those of 2022: member by member they equal the communes of
# the package for 2025, not of this one. Mayotte was last counted in 2017. Of the other
# overseas collectivities the package does not tell the year.
_YEAR = 2023
_EPCI_YEAR = 2022
_MAYOTTE = "976"
_MAYOTTE_YEAR = 2017

_SUB_KINDS = {
    "commune-deleguee": "commune déléguée",
    "commune-associee": "commune associée",
    "arrondissement-municipal": "arrondissement municipal",
}

Row = dict[str, Any]


def build(package: Path) -> tuple[list[Row], list[Row]]:
    """The collectivities and the former commune codes, each in the order of its file."""
    communes = _read(package, "communes")
    departements, regions = _read(package, "departements"), _read(package, "regions")
    epcis, epts = _read(package, "epci"), _read(package, "ept")

    current = {c["code"]: c for c in communes if c["type"] == "commune-actuelle"}
    within = {code: _commune_place(commune) for code, commune in current.items()}
    _join(within, "epci", epcis)
    _join(within, "ept", epts)

    rows = [
        *(_region(r, current.values()) for r in regions),
        *(_departement(d, current.values()) for d in departements),
        *(_epci(e, within) for e in epcis),
        *(_commune(c, within[code]) for code, c in current.items()),
        *(_ept(e, within) for e in epts),
        *(_part(c, within) for c in communes if c["type"] in _SUB_KINDS),
    ]
    order = list(Kind)
    rows.sort(key=lambda row: (order.index(row["kind"]), row["code"]))
    former = [
        {"code": code, "commune": commune["code"]}
        for commune in current.values()
        for code in commune.get("anciensCodes", ())
    ]
    return rows, sorted(former, key=lambda row: row["code"])


def write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    """Writes a CSV, gzipped without a date: the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def _read(package: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        (package / "data" / f"{name}.json").read_text(encoding="utf-8")
    )
    return rows


def _commune_place(commune: dict[str, Any]) -> Row:
    return {key: commune[key] for key in ("departement", "region")}


def _join(within: dict[str, Row], column: str, groups: list[dict[str, Any]]) -> None:
    for group in groups:
        for member in group["membres"]:
            within[member["code"]][column] = group["code"]


def _region(region: dict[str, Any], communes: Iterable[dict[str, Any]]) -> Row:
    code = region["code"]
    return {
        "kind": Kind.REGION,
        "code": code,
        "name": region["nom"],
        "is_current": 1,
        "region": code,
    } | _sum(c for c in communes if c["region"] == code)


def _departement(departement: dict[str, Any], communes: Iterable[dict[str, Any]]) -> Row:
    code, region = departement["code"], departement["region"]
    return {
        "kind": Kind.DEPARTEMENT,
        "code": code,
        "name": departement["nom"],
        "is_current": 1,
        "parent_kind": Kind.REGION,
        "parent_code": region,
        "departement": code,
        "region": region,
    } | _sum(c for c in communes if c["departement"] == code)


def _epci(epci: dict[str, Any], within: dict[str, Row]) -> Row:
    place = _main_place(epci, within)
    return place | {
        "kind": Kind.EPCI,
        "sub_kind": epci["type"],
        "code": epci["code"],
        "name": epci["nom"],
        "siren": epci["code"],
        "population": epci["populationMunicipale"],
        "population_year": _MAYOTTE_YEAR if place["departement"] == _MAYOTTE else _EPCI_YEAR,
        "is_current": 1,
        "parent_kind": Kind.DEPARTEMENT,
        "parent_code": place["departement"],
        "epci": epci["code"],
    }


def _ept(ept: dict[str, Any], within: dict[str, Row]) -> Row:
    (epci,) = {within[member["code"]]["epci"] for member in ept["membres"]}
    return _main_place(ept, within) | {
        "kind": Kind.OTHER,
        "sub_kind": ept["type"],
        "code": ept["code"],
        "name": ept["nom"],
        "siren": ept["code"],
        "population": ept["populationMunicipale"],
        "population_year": _YEAR,
        "is_current": 1,
        "parent_kind": Kind.EPCI,
        "parent_code": epci,
        "epci": epci,
        "ept": ept["code"],
    }


def _commune(commune: dict[str, Any], place: Row) -> Row:
    return (
        place
        | {
            "kind": Kind.COMMUNE,
            "code": commune["code"],
            "name": commune["nom"],
            "siren": commune.get("siren"),
            "postal_codes": " ".join(commune.get("codesPostaux", ())),
            "is_current": 1,
            "parent_kind": Kind.DEPARTEMENT,
            "parent_code": place["departement"],
        }
        | _sum([commune])
    )


def _part(part: dict[str, Any], within: dict[str, Row]) -> Row:
    """A delegated or associated commune, or a municipal arrondissement."""
    is_arrondissement = "commune" in part
    commune = part["commune"] if is_arrondissement else part["chefLieu"]
    return within[commune] | {
        "kind": Kind.OTHER,
        "sub_kind": _SUB_KINDS[part["type"]],
        "code": part["code"],
        "name": part["nom"],
        "population": part.get("population"),
        "population_year": _YEAR if "population" in part else None,
        "postal_codes": " ".join(part.get("codesPostaux", ())),
        "is_current": int(is_arrondissement),
        "parent_kind": Kind.COMMUNE,
        "parent_code": commune,
        "successor": None if is_arrondissement else commune,
    }


def _main_place(group: dict[str, Any], within: dict[str, Row]) -> Row:
    """The département, with its région, where most of the members' population lives."""
    inhabitants: Counter[tuple[str, str]] = Counter()
    for member in group["membres"]:
        place = within[member["code"]]
        inhabitants[place["departement"], place["region"]] += member["populationMunicipale"]
    departement, region = inhabitants.most_common(1)[0][0]
    return {"departement": departement, "region": region}


def _sum(communes: Iterable[dict[str, Any]]) -> Row:
    """The inhabitants of communes, and the year if it is one and known."""
    counted = [c for c in communes if "population" in c]
    if not counted:
        return {}
    years = {_census_year(c) for c in counted}
    year = years.pop() if len(years) == 1 else None
    return {"population": sum(c["population"] for c in counted), "population_year": year}


def _census_year(commune: dict[str, Any]) -> int | None:
    if commune["zone"] == "com":
        return None
    return _MAYOTTE_YEAR if commune["departement"] == _MAYOTTE else _YEAR


def main(package: Path) -> None:
    """Writes both files beside the other data and says how many rows they hold."""
    folder = Path(__file__).parent / "data"
    rows, former = build(package)
    write(folder / files.COLLECTIVITIES.name, COLUMNS, rows)
    write(folder / files.FORMER_CODES.name, FORMER_COLUMNS, former)
    counts = Counter(str(row["kind"]) for row in rows) | {"former codes": len(former)}
    sys.stdout.writelines(f"{count:>7,} {kind}\n" for kind, count in counts.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
