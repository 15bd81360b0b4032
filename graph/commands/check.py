"""`terrigraph check`: whether a database agrees with itself."""

import sys
from dataclasses import asdict
from pathlib import Path

import orjson

from graph.commands.console import BROKEN_DATA, AsJson, Database, settings_of
from graph.commands.progress import progress
from graph.storage.engine import database_url, open_engine
from graph.storage.migrate import current_revision, head_revision
from seed.verify import Verdict, verify

CHECK_EXAMPLES = "Examples: terrigraph check · terrigraph check --json"


def check(database: Database = None, *, as_json: AsJson = False) -> None:
    """Check that links, registry, log, search and all that derives agree; changes nothing.

    Exit codes: 0 all agree, 1 there is no database of this version, 3 something disagrees,
    4 the database cannot be used.
    """
    address = settings_of(database).database_url
    url = database_url(address)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise ValueError(f"{url.database} is no file; name the database to check")
    engine = open_engine(address)
    try:
        if current_revision(engine) != head_revision():
            raise ValueError(
                "the database has the tables of another version; bring it up by terrigraph seed"
            )
        with progress() as tell:
            verdict = verify(engine, tell)
    finally:
        engine.dispose()
    _write(verdict, as_json=as_json)
    if not verdict.is_sound:
        sys.exit(BROKEN_DATA)


def _write(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        told = {"is_sound": verdict.is_sound, **asdict(verdict)}
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
        return
    for each in verdict.disagreements:
        sys.stdout.write(f"{each}\n")
    if verdict.left_out:
        sys.stdout.write(f"not looked at for the broken links: {', '.join(verdict.left_out)}\n")
    state = "agrees with itself" if verdict.is_sound else "is damaged"
    release = verdict.release or "none yet"
    sys.stdout.write(f"the database {state}: release {release}, {verdict.records:,} records\n")
