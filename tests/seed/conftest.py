"""Worlds to load: the committed data, and a small one that a test may break."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.files import FILES

_PAGE = "https://example.org/palmares"

# One région with one département, an EPCI, two communes of which one is merged away, a CCAS;
# one prize with two editions; one initiative with two awards and two figures, one award
# without initiative that two communes share.
_SMALL: dict[str, list[dict[str, Any]]] = {
    "sources.csv": [{"key": _PAGE, "url": _PAGE}, {"key": "article", "title": "Un article"}],
    "collectivities.csv.gz": [
        {"kind": "REGION", "code": "24", "name": "Centre", "is_current": 1, "region": "24"},
        {
            "kind": "DEPARTEMENT",
            "code": "45",
            "name": "Loiret",
            "is_current": 1,
            "parent_kind": "REGION",
            "parent_code": "24",
            "departement": "45",
            "region": "24",
        },
        {
            "kind": "EPCI",
            "sub_kind": "METRO",
            "code": "244500468",
            "name": "Orléans Métropole",
            "siren": "244500468",
            "is_current": 1,
            "parent_kind": "DEPARTEMENT",
            "parent_code": "45",
            "departement": "45",
            "region": "24",
            "epci": "244500468",
        },
        {
            "kind": "COMMUNE",
            "code": "45147",
            "name": "Fleury",
            "siren": "214501470",
            "population": 20000,
            "population_year": 2023,
            "postal_codes": "45400",
            "is_current": 1,
            "parent_kind": "DEPARTEMENT",
            "parent_code": "45",
            "departement": "45",
            "region": "24",
        },
        {
            "kind": "COMMUNE",
            "code": "45234",
            "name": "Orléans",
            "siren": "214502346",
            "population": 116357,
            "population_year": 2023,
            "postal_codes": "45000 45100",
            "is_current": 1,
            "parent_kind": "DEPARTEMENT",
            "parent_code": "45",
            "departement": "45",
            "region": "24",
            "epci": "244500468",
        },
        {
            "kind": "OTHER",
            "sub_kind": "commune associée",
            "code": "45999",
            "name": "Saint-Marceau",
            "is_current": 0,
            "parent_kind": "COMMUNE",
            "parent_code": "45234",
            "departement": "45",
            "region": "24",
            "epci": "244500468",
            "successor": "45234",
        },
    ],
    "bodies.csv": [
        {
            "code": "ccas-orleans",
            "sub_kind": "centre communal d’action sociale",
            "name": "CCAS d’Orléans",
            "parent_kind": "COMMUNE",
            "parent_code": "45234",
            "is_current": 1,
        },
        {
            "code": "ehpad-du-ccas",
            "sub_kind": "établissement",
            "name": "Ehpad du CCAS",
            "parent_kind": "OTHER",
            "parent_code": "ccas-orleans",
            "is_current": 1,
        },
    ],
    "former_codes.csv.gz": [{"code": "45999", "commune": "45234"}],
    "categories.csv": [
        {"slug": "gouvernance", "label_fr": "Gouvernance", "label_en": "Governance"},
        {"slug": "mobilites", "label_fr": "Mobilités", "label_en": "Mobility"},
    ],
    "prizes.csv": [
        {
            "slug": "prix",
            "name": "Prix",
            "organiser": "Observatoire",
            "since": "1986",
            "source": _PAGE,
        }
    ],
    "editions.csv": [
        {"prize": "prix", "year": 2017, "announced_awards": 38, "source": _PAGE},
        {"prize": "prix", "year": 2018, "source": "article"},
    ],
    "initiatives.csv": [
        {
            "slug": "carte",
            "title": "Carte des projets",
            "title_is_descriptive": 0,
            "launched_on": "2017-06",
        }
    ],
    "holders.csv": [
        {
            "initiative": "carte",
            "position": 0,
            "role": "LEAD",
            "kind": "DEPARTEMENT",
            "code": "45",
        },
        {
            "initiative": "carte",
            "position": 1,
            "role": "PARTNER",
            "kind": "OTHER",
            "code": "ccas-orleans",
        },
    ],
    "awards.csv": [
        {
            "key": "prix-2017-or-loiret",
            "prize": "prix",
            "year": 2017,
            "level": "GOLD",
            "category": "gouvernance",
            "initiative": "carte",
            "source": _PAGE,
        },
        {
            "key": "prix-2018-fleury",
            "prize": "prix",
            "year": 2018,
            "level": "UNKNOWN",
            "source": "article",
        },
        {
            "key": "prix-2018-or-loiret",
            "prize": "prix",
            "year": 2018,
            "level": "GOLD",
            "category": "mobilites",
            "initiative": "carte",
            "source": "article",
        },
    ],
    "laureates.csv": [
        {
            "award": "prix-2017-or-loiret",
            "position": 0,
            "kind": "DEPARTEMENT",
            "code": "45",
            "name_as_printed": "Loiret",
        },
        {
            "award": "prix-2018-fleury",
            "position": 0,
            "kind": "COMMUNE",
            "code": "45147",
            "name_as_printed": "Fleury",
        },
        {
            "award": "prix-2018-fleury",
            "position": 1,
            "kind": "COMMUNE",
            "code": "45234",
            "name_as_printed": "Orléans",
        },
        {
            "award": "prix-2018-or-loiret",
            "position": 0,
            "kind": "DEPARTEMENT",
            "code": "45",
            "name_as_printed": "Loiret",
        },
    ],
    "metrics.csv": [
        {
            "initiative": "carte",
            "name_fr": "projets",
            "name_en": "projects",
            "value": "8.5",
            "unit": "projet",
            "year": 2017,
            "as_of": "2017-11",
            "qualifier": "près de",
            "qualifier_kind": "NEARLY",
            "is_target": 0,
            "source": _PAGE,
        },
        {
            "initiative": "carte",
            "name_fr": "projets",
            "name_en": "projects",
            "value": "900",
            "unit": "projet",
            "year": 2021,
            "is_target": 1,
            "source": "article",
        },
    ],
}


class SmallData:
    """A folder of sound files. Rows are counted as the loader counts them: the first is 2."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows = {name: [dict(row) for row in rows] for name, rows in _SMALL.items()}
        for name in self._rows:
            self._write(name)

    def set(self, name: str, row: int, **cells: Any) -> None:
        self._rows[name][row - 2].update(cells)
        self._write(name)

    def add(self, name: str, /, **cells: Any) -> None:
        self._rows[name].append(cells)
        self._write(name)

    def remove(self, name: str, row: int) -> None:
        del self._rows[name][row - 2]
        self._write(name)

    def reverse(self, name: str) -> None:
        self._rows[name].reverse()
        self._write(name)

    def text(self, name: str) -> str:
        return self._bytes(name).decode()

    def replace(self, name: str, content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)

    def _write(self, name: str) -> None:
        data = self._bytes(name)
        self.replace(name, gzip.compress(data, mtime=0) if name.endswith(".gz") else data)

    def _bytes(self, name: str) -> bytes:
        (file,) = (file for file in FILES if file.name == name)
        text = io.StringIO()
        writer = csv.DictWriter(text, list(file.columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows[name])
        return text.getvalue().encode()


@pytest.fixture
def small(tmp_path: Path) -> SmallData:
    folder = tmp_path / "small"
    folder.mkdir()
    return SmallData(folder)


@pytest.fixture
def engine(engine_url: str) -> Iterator[sa.Engine]:
    """An engine of each kind on a database that has its tables and no rows."""
    engine = open_engine(engine_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def loaded(committed: Callable[[str], str]) -> Iterator[sa.Engine]:
    """The committed data, to read from; both engines hold the same rows."""
    engine = open_engine(committed("sqlite"))
    yield engine
    engine.dispose()
