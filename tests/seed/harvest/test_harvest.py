"""A harvest brings each list as far as it can, and one list never stops another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
import sqlalchemy as sa

from graph.domain.codes import RunStatus
from graph.storage import tables
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.faults import BrokenData, fault
from seed.harvest.addresses import parse_networks
from seed.harvest.alone import AlreadyHarvesting
from seed.harvest.entry import Frequency, SourceEntry
from seed.harvest.fetch import Fetched, Fetcher
from seed.harvest.harvest import HOSTS_AT_ONCE, Outcome, due, harvest
from seed.harvest.history import Run
from seed.withdrawals import Excess, HeldBack
from tests.seed.harvest.conftest import LIST, SETTINGS, entry
from tests.seed.harvest.server import Site, Write, answer

IMPORTED, UNCHANGED, REFUSED, _, FAILED = RunStatus


@dataclass
class Imports:
    """An import that remembers what it was given; `does` decides what comes of it."""

    given: list[tuple[str, bytes]] = field(default_factory=list)
    does: Callable[[SourceEntry], Outcome] | None = None

    def __call__(self, what: SourceEntry, fetched: Fetched) -> Outcome:
        self.given.append((what.key, fetched.path.read_bytes()))
        if self.does:
            return self.does(what)
        return Outcome(IMPORTED, f"2026-01-31.{len(self.given)}", created=2, quarantined=1)


@pytest.fixture
def imports() -> Imports:
    return Imports()


@pytest.fixture
def engine(engine_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(engine_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[sa.Engine]:
    """For what does not depend on the engine."""
    engine = open_engine(f"sqlite:///{tmp_path / 'runs.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def look(
    entries: list[SourceEntry], imports: Imports, engine: sa.Engine, folder: Path, **ways: object
) -> list[Run]:
    """One harvest, with a fetcher of its own that does not wait."""
    fetcher = Fetcher(
        SETTINGS, folder, resolve=lambda _host, _port: ["127.0.0.1"], pause=lambda _seconds: None
    )
    return harvest(entries, imports, fetcher, engine, **ways)


def recorded(engine: sa.Engine) -> list[tuple[str, str]]:
    run = tables.columns_of(tables.Run)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(run.source_key, run.status).order_by(run.id))
        return [(key, status) for key, status in rows]


def statuses(runs: list[Run]) -> dict[str, str]:
    return {run.source_key: run.status.value for run in runs}


def test_a_list_is_imported_then_unchanged_then_imported_again(
    site: Site, imports: Imports, engine: sa.Engine, folder: Path
) -> None:
    url = site.at(
        "/a.csv",
        answer(LIST, ETag='"1"'),
        answer(status=304),
        answer(LIST, ETag='"2"'),
        answer(LIST + b"x,2018\n", ETag='"3"'),
    )
    runs = [look([entry(url)], imports, engine, folder)[0] for _ in range(4)]
    assert [run.status for run in runs] == [IMPORTED, UNCHANGED, UNCHANGED, IMPORTED]
    assert [run.release for run in runs] == [
        "2026-01-31.1",
        "2026-01-31.1",
        "2026-01-31.1",
        "2026-01-31.2",
    ]
    assert [body for _, body in imports.given] == [LIST, LIST + b"x,2018\n"]
    asked = [request.headers.get("if-none-match") for request in site.requests]
    assert asked == [None, '"1"', '"1"', '"2"']
    assert (runs[0].created, runs[0].quarantined, runs[0].size_bytes) == (2, 1, len(LIST))
    assert recorded(engine) == [("awards", run.status.value) for run in runs]
    assert list(folder.iterdir()) == []


def test_a_list_that_fails_in_any_way_stops_no_other(
    site: Site, imports: Imports, engine: sa.Engine, folder: Path
) -> None:
    good = site.at("/a.csv", answer(LIST))

    def does(what: SourceEntry) -> Outcome:
        match what.key:
            case "faulty":
                raise BrokenData([fault("list.csv", 3, "year", "MMXVII", "is not a year")])
            case "cut":
                raise HeldBack((Excess("Award", 90, 100),))
            case "breaks":
                raise KeyError("prize")
            case "refused":
                return Outcome(REFUSED, message="nothing was loaded")
        return Outcome(UNCHANGED, "2026-01-31.7")

    imports.does = does
    gone = Path("/no/such/mapping.toml")
    entries = [
        entry("http://cut.example:1/a.csv", "nowhere"),
        entry(site.at("/gone", answer(status=404)), "gone"),
        entry(site.at("/down", answer(status=503)), "down"),
        entry(site.at("/cut", answer(LIST, length=99)), "short"),
        entry(site.at("/page", answer(b"<html>", Content_Type="text/html")), "page"),
        entry(good, "faulty"),
        entry(good, "cut"),
        entry(good, "breaks"),
        entry(good, "refused"),
        entry(good, "unreadable", mapping=gone),
        entry(good, "whole"),
    ]
    told: list[tuple[int, int]] = []
    runs = look(
        entries, imports, engine, folder, tell=lambda _run, done, total: told.append((done, total))
    )
    assert statuses(runs) == {
        **dict.fromkeys(["nowhere", "gone", "down", "short", "page"], "FAILED"),
        "cut": "HELD_BACK",
        "faulty": "REFUSED",
        "breaks": "FAILED",
        "refused": "REFUSED",
        "unreadable": "FAILED",
        "whole": "UNCHANGED",
    }
    assert [run.source_key for run in runs] == [each.key for each in entries]
    messages = {run.source_key: run.message or "" for run in runs}
    assert "list.csv, row 3, year: 'MMXVII' is not a year" in messages["faulty"]
    assert "Award: 90 of 100 records would be withdrawn (90 %)" in messages["cut"]
    assert messages["breaks"] == "the import broke: KeyError('prize')"
    assert messages["refused"] == "nothing was loaded"
    assert "asked 4 times" in messages["down"]
    assert sorted(recorded(engine)) == sorted(statuses(runs).items())
    assert told == [(number, 11) for number in range(1, 12)]
    assert list(folder.iterdir()) == []


def test_a_refused_file_is_asked_for_whole_again(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    """What refused it may be mended here: a mapping, a name that was reviewed, another list."""
    url = site.at("/a.csv", answer(LIST, ETag='"1"'))
    imports.does = lambda _what: Outcome(REFUSED)
    look([entry(url)], imports, sqlite, folder)
    imports.does = None
    assert statuses(look([entry(url)], imports, sqlite, folder)) == {"awards": "IMPORTED"}
    assert "if-none-match" not in site.requests[1].headers


def test_another_mapping_imports_the_same_file_again(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("a")
    mapped = entry(site.at("/a.csv", answer(LIST, ETag='"1"')), mapping=mapping)
    look([mapped], imports, sqlite, folder)
    mapping.write_text("b")
    assert statuses(look([mapped], imports, sqlite, folder)) == {"awards": "IMPORTED"}
    assert statuses(look([mapped], imports, sqlite, folder)) == {"awards": "UNCHANGED"}


def test_a_forced_look_imports_what_did_not_change(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    url = site.at("/a.csv", answer(LIST, ETag='"1"'))
    for _ in range(2):
        (run,) = look([entry(url)], imports, sqlite, folder, is_forced=True)
        assert run.status == IMPORTED
    assert "if-none-match" not in site.requests[1].headers


def test_a_dry_look_records_nothing(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    url = site.at("/a.csv", answer(LIST))
    (run,) = look([entry(url)], imports, sqlite, folder, is_dry=True)
    assert (run.status, len(imports.given)) == (IMPORTED, 1)
    assert recorded(sqlite) == []


def test_lists_are_due_until_they_were_looked_at(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    daily = entry(site.at("/a.csv", answer(LIST)))
    manual = replace(daily, key="manual", frequency=Frequency.MANUAL)
    assert due([manual, daily], sqlite) == [daily]
    look([daily], imports, sqlite, folder)
    assert due([manual, daily], sqlite) == []


def _slow(write: Write) -> None:
    sleep(0.05)
    write(answer(LIST))


def test_a_host_is_asked_for_one_list_at_a_time_however_they_lead_there(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    site.at("/a.csv", _slow)
    elsewhere = site.url("/a.csv", "d.example")
    site.at("/moved", answer(status=302, Location=elsewhere))
    entries = [
        entry(site.url(target, host), f"{host[0]}-{number}")
        for host, target in (
            ("a.example", "/moved"),
            ("b.example", "/moved"),
            ("c.example", "/moved"),
            ("d.example", "/a.csv"),
        )
        for number in range(3)
    ]
    runs = look(entries, imports, sqlite, folder)
    assert set(statuses(runs).values()) == {"IMPORTED"}
    assert len(site.asked("/a.csv")) == 12
    assert site.most_at_once == dict.fromkeys(
        ("a.example", "b.example", "c.example", "d.example"), 1
    )


def test_hosts_are_asked_side_by_side(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    together = Barrier(HOSTS_AT_ONCE)

    def met(write: Write) -> None:
        together.wait(10)  # raises unless as many are asked at once
        write(answer(LIST))

    site.at("/a.csv", met)
    entries = [entry(site.url("/a.csv", f"h{number}.example"), f"h{number}") for number in range(8)]
    assert set(statuses(look(entries, imports, sqlite, folder)).values()) == {"IMPORTED"}


def test_an_interruption_ends_all_fetching_and_keeps_what_was_recorded(
    site: Site, imports: Imports, engine: sa.Engine, folder: Path
) -> None:
    def never(write: Write) -> None:
        write(b"HTTP/1.1 200 OK\r\n\r\n")
        site.over.wait()

    def does(what: SourceEntry) -> Outcome:
        if what.key == "second":
            raise KeyboardInterrupt
        return Outcome(IMPORTED, "2026-01-31.1")

    imports.does = does
    first, endless = site.at("/a.csv", answer(LIST)), site.at("/endless", never)
    entries = [
        entry(first, "first"),
        entry(first, "second"),
        entry(first, "third"),
        entry(endless.replace("127.0.0.1", "endless.example"), "endless"),
    ]
    with pytest.raises(KeyboardInterrupt):
        look(entries, imports, engine, folder)
    assert recorded(engine) == [("first", "IMPORTED")]
    for _ in range(500):
        if not _partial(folder):
            break
        sleep(0.01)
    assert _partial(folder) == []


def _partial(folder: Path) -> list[Path]:
    return list(folder.glob("*.part"))


def test_one_harvest_of_a_database_goes_on_at_a_time(
    site: Site, imports: Imports, engine: sa.Engine, folder: Path
) -> None:
    lists = [entry(site.at("/a.csv", answer(LIST)))]
    refused: list[str] = []

    def does(_what: SourceEntry) -> Outcome:
        other = open_engine(engine.url.render_as_string(hide_password=False))
        with pytest.raises(AlreadyHarvesting) as raised:
            look(lists, imports, other, folder)
        refused.append(str(raised.value))
        other.dispose()
        return Outcome(IMPORTED)

    imports.does = does
    look(lists, imports, engine, folder)
    assert refused == ["another harvest is under way; wait for its end"]
    imports.does = None
    assert statuses(look(lists, imports, engine, folder)) == {"awards": "UNCHANGED"}


def test_a_database_that_is_gone_ends_the_harvest(
    site: Site, imports: Imports, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "gone.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)

    def does(_what: SourceEntry) -> Outcome:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE run")
        return Outcome(IMPORTED)

    imports.does = does
    good = site.at("/a.csv", answer(LIST))
    with pytest.raises(sa.exc.OperationalError):
        look([entry(good, "first"), entry(good, "second")], imports, engine, folder)
    assert len(imports.given) == 1
    engine.dispose()


def test_what_lists_lead_to_is_checked_in_a_harvest_too(
    site: Site, imports: Imports, sqlite: sa.Engine, folder: Path
) -> None:
    settings = replace(SETTINGS, networks=parse_networks("10.0.0.0/8"))
    (run,) = harvest(
        [entry(site.at("/a.csv", answer(LIST)))], imports, Fetcher(settings, folder), sqlite
    )
    assert run.status == FAILED
    assert "no public address" in (run.message or "")
    assert site.requests == []
