"""The data set of a benchmark in its database: made when it is missing or out of date.

Scale 1 is 20,000 initiatives, 15,000 awards and 60,000 metrics beside the committed data.
"""

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.databases import CACHE, POSTGRESQL, SQLITE, create_empty, exists, server, url_of
from bench.records import Ground, Maker, Record
from graph.storage import tables
from graph.storage.engine import open_engine
from graph.storage.migrate import head_revision, upgrade
from seed import affected, alike, index, places
from seed.load import load
from seed.progress import silence

SCALES = (1, 10)
_BATCH_ROWS = 20_000
_HERE = Path(__file__).parent


def ensure(url: str, scale: int) -> None:
    """The data set of a scale in the database at `url`; nothing to do when it is there."""
    fingerprint = _fingerprint(scale)
    if exists(url) and _is_made(url, fingerprint):
        return
    print(f"making the data set of scale {scale} …", flush=True)
    create_empty(url)
    engine = open_engine(url)
    try:
        upgrade(engine)
        load(engine)
        with engine.begin() as connection:
            _fill(connection, scale)
            _derive(connection)
            # Written last and with the rows, so that half a data set is never taken for one.
            connection.exec_driver_sql("CREATE TABLE bench_dataset (fingerprint TEXT NOT NULL)")
            connection.exec_driver_sql(f"INSERT INTO bench_dataset VALUES ('{fingerprint}')")
        _settle(engine)
    finally:
        engine.dispose()


def _fingerprint(scale: int) -> str:
    """A digest of all that decides the rows and the tables."""
    digest = blake2b(f"{scale} {head_revision()}".encode(), digest_size=16)
    migrations = (_HERE.parent / "graph" / "storage" / "migrations" / "versions").glob("*.py")
    committed = (file for file in (_HERE.parent / "seed" / "data").iterdir() if file.is_file())
    derivers = ("alike", "entries", "index", "places")
    seed = (_HERE.parent / "seed" / f"{name}.py" for name in derivers)
    makers = (_HERE / "records.py", _HERE / "words.py", *seed)
    for file in (*makers, *sorted(migrations), *sorted(committed)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_made(url: str, fingerprint: str) -> bool:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT fingerprint FROM bench_dataset").scalar()
    except sa.exc.DBAPIError:  # no such table: broken off, or a database of something else
        return False
    finally:
        engine.dispose()
    return found == fingerprint


def _fill(connection: sa.Connection, scale: int) -> None:
    dice = random.Random(f"terrigraph {scale}")
    write = _insert if connection.dialect.name == SQLITE else _copy
    for model, records in Maker(Ground(connection, dice), dice, scale).tables():
        names, rows = _as_rows(records)
        write(connection, tables.table_of(model).name, names, rows)


def _derive(connection: sa.Connection) -> None:
    """What an import derives from the rows, made again of all of them."""
    index.clear(connection)
    affected.start(connection)
    affected.mark_all(connection)
    affected.close(connection)
    index.update(connection, silence)
    alike.replace(connection, silence)
    places.replace(connection)


def _as_rows(records: Iterable[Record]) -> tuple[Sequence[str], Iterator[tuple[Any, ...]]]:
    """The columns that the records fill, and the rows; all records fill the same."""
    remaining = iter(records)
    first = next(remaining)
    return tuple(first), (tuple(record.values()) for record in chain((first,), remaining))


def _insert(
    connection: sa.Connection, table: str, names: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    while batch := list(islice(rows, _BATCH_ROWS)):
        connection.exec_driver_sql(statement, batch)


def _copy(
    connection: sa.Connection, table: str, names: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _settle(engine: sa.Engine) -> None:
    """Statistics for the planner, and what a running database would have tidied by now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == POSTGRESQL:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
            connection.exec_driver_sql("CHECKPOINT")
        else:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """Make the data set that the options name."""
    options = argparse.ArgumentParser(prog="python -m bench.dataset", description=__doc__)
    options.add_argument("--engine", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    options.add_argument("--scale", type=int, choices=SCALES, default=1)
    options.add_argument("--folder", type=Path, default=CACHE, help="where the data is kept")
    given = options.parse_args()
    with server(given.engine, given.folder) as server_url:
        name = f"bench_x{given.scale}"
        ensure(url_of(server_url, given.folder, name), given.scale)
        print(f"ready: {name}")


if __name__ == "__main__":
    main()
