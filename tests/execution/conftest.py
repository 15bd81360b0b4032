"""The committed data after some more imports: with disputes, a log, and records that are gone."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.storage.engine import open_engine
from graph.storage.read import Database
from seed import folder
from seed.feed import COMMITTED, Feed
from seed.folder import FolderFile
from seed.load import List, import_list
from seed.sources import DATA
from tests.conftest import ENGINES, PATIENT

_OTHER = Feed("observatoire", "Palmarès de l’Observatoire", rank=COMMITTED.rank)

Row = dict[str, str]


def _of_other(name: str, number: int, row: Row) -> Row | None:
    """What another list says of the same records, and of fewer of them."""
    if name == "sources.csv":
        return None
    if name == "metrics.csv":
        changed = {"value": "7.25"} if number % 7 == 0 else {}
        return row | changed if number % 3 else None
    if name == "awards.csv" and number % 4 == 0:
        return row | {"level": "SPECIAL", "sponsor": "La Poste", "note": ""}
    if name == "laureates.csv" and number % 5 == 0:
        return row | {"name_as_printed": row["name_as_printed"].upper()}
    return row


def _of_next_year(name: str, number: int, row: Row) -> Row | None:
    """What the committed list may say one day: some figures are gone, some passed on."""
    if name == "metrics.csv":
        return row if number % 9 else None
    if name == "awards.csv" and number % 6 == 0:
        return row | {"note": "Revu.", "sponsor": ""}
    return row


@pytest.fixture(scope="session")
def lived(
    committed: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """The reading side of such data on both engines, by the name of the engine."""
    made = {}
    for engine_name in ENGINES:
        url = committed(engine_name)
        place = tmp_path_factory.mktemp("lived")
        _import(url, List(_OTHER, _edited(place / "other", _of_other), "other"))
        _import(url, List(COMMITTED, _edited(place / "own", _of_next_year), "own"))
        _date(url)
        made[engine_name] = Database(url, limits=PATIENT)
    yield made
    for database in made.values():
        database.close()


def _import(url: str, listed: List) -> None:
    engine = open_engine(url)
    import_list(engine, listed)
    engine.dispose()


def _edited(place: Path, edit: Callable[[str, int, Row], Row | None]) -> list[FolderFile]:
    """The awards, metrics and sources of the committed list, edited."""
    place.mkdir()
    for name in ("sources.csv", "awards.csv", "laureates.csv", "metrics.csv"):
        rows = list(csv.DictReader(io.StringIO((DATA / name).read_text("utf-8"))))
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        edited = (edit(name, number, row) for number, row in enumerate(rows))
        writer.writerows(row for row in edited if row)
        (place / name).write_text(text.getvalue(), "utf-8")
    names = {path.name for path in place.iterdir()}
    files, _ = folder.read(DATA)
    return [
        FolderFile(each.files[0], (place / each.name).read_bytes())
        for each in files
        if each.name in names
    ]


def _date(url: str) -> None:
    """Gives the releases of all engines the same days."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for number in (2, 3):
            connection.exec_driver_sql(
                f"UPDATE release SET version = '2026-02-0{number}.1',"
                f" updated_at = '2026-02-0{number}T12:00:00Z' WHERE id = {number}"
            )
    engine.dispose()
