"""An import that is killed, or whose disk is full, leaves the old release or the new one, whole."""

import csv
import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.load import load
from seed.verify import verify
from tests.conftest import ENGINES
from tests.seed.conftest import SmallData
from tests.seed.forks import COMMIT, LOCK, Fork, Forks, forks
from tests.seed.postgresql import OwnServer, own_server

KILLS = 50
# The same kills are drawn again by CRASH_SEED; how far an import is by then, no seed can tell.
SEED = int(os.environ.get("CRASH_SEED") or secrets.randbits(32))
_VERIFIED_EVERY = 10
_AWARDS = 150
_WAIT_S = 60
# A process that is stopped at a commit is killed so long after it had begun, at most.
_COMMIT_S = 0.005

# All that queries read, by names that last; numbers of rows and releases do not.
_QUERIES = """
SELECT a.key, a.level, a.note, s.key, i.slug FROM award a
JOIN source s ON s.id = a.source_id LEFT JOIN initiative i ON i.id = a.initiative_id ORDER BY 1;

SELECT a.key, l.position, l.name_as_printed, c.code FROM laureate l
JOIN award a ON a.id = l.award_id JOIN collectivity c ON c.id = l.collectivity_id
ORDER BY 1, 2;

SELECT p.key, p.position, c.code FROM award_place p JOIN collectivity c ON c.id = p.place_id
JOIN award a ON a.id = p.award_id AND a.key = p.key ORDER BY 1, 2, 3;

SELECT m.key, m.value_micro, m.name_folded, i.slug FROM metric m
JOIN initiative i ON i.id = m.initiative_id ORDER BY 1;

SELECT uid, label, text, words FROM search_entry ORDER BY 1;

SELECT term, rarity, entries FROM search_term ORDER BY 1;

SELECT t.term, e.uid, p.weight FROM search_posting p
JOIN search_entry e ON e.id = p.entry_id JOIN search_term t ON t.id = p.term_id ORDER BY 1, 2;

SELECT r.uid, r.digest, s.key FROM record_state r JOIN source s ON s.id = r.feed_id
WHERE r.withdrawn_id IS NULL ORDER BY 1;

SELECT key, title FROM source ORDER BY 1;

SELECT r.id FROM release r WHERE r.created + r.changed + r.withdrawn
<> (SELECT count(*) FROM change c WHERE c.release_id = r.id);

SELECT count(*) FROM change WHERE release_id > (SELECT max(id) FROM release);

SELECT count(*) FROM record_state WHERE touched_id > (SELECT max(id) FROM release);

SELECT count(*) FROM quarantine
"""
_CONTENT = [" ".join(each.split()) for each in _QUERIES.split(";")]

# Above the 16 MiB of a file of the log of PostgreSQL, which is there before it is written to.
_FILE_MAX_BYTES = 17 << 20
_FULL = (
    "the database cannot be used: disk I/O error",
    "the database cannot be used: could not extend file",
)

Content = list[list[tuple[Any, ...]]]


def write_list(folder: Path, version: int, notes: Sequence[str] = ("",) * _AWARDS) -> Path:
    """A list of awards with winners and figures; each version changes, withdraws and adds some."""
    folder.mkdir()
    numbers = range(version * 25, len(notes) + version * 25)
    awards = [
        {
            "key": f"autre-{number}",
            "prize": "prix",
            "year": 2018,
            "level": "GOLD",
            "initiative": "carte",
            "laureates": "Fleury ; Orléans" if number % 3 else "Fleury",
            "laureates_departement": "45",
            "sponsor": f"Mécène {number} de la version {version}" if number % 2 else "",
            "note": note,
        }
        for number, note in zip(numbers, notes, strict=True)
    ]
    metrics = [
        {
            "initiative": "carte",
            "name_fr": f"projets {number}",
            "name_en": f"projects {number}",
            "value": number * 10 + version * (number % 2),
            "unit": "projet",
            "year": 2020,
            "is_target": 0,
            "source": "article",
        }
        for number in numbers
    ]
    for name, rows in (("awards", awards), ("metrics", metrics)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _notes() -> list[str]:
    """As long as notes may be, 12 MB of them, which a database cannot compress."""
    return [secrets.token_hex(5_000) for _ in range(1_200)]


@dataclass(frozen=True)
class World:
    """A database of the small data, two versions of a list for it, and a process to import them."""

    url: str
    lists: tuple[Path, Path]
    forks: Forks
    server: OwnServer | None

    def words(self, version: int | Path) -> tuple[str | Path, ...]:
        path = self.lists[version] if isinstance(version, int) else version
        return "import", path, "--list", "autres", "--database", self.url

    def bring(self, version: int | Path) -> float:
        """How long an import takes that nothing disturbs."""
        began = time.perf_counter()
        code, _, said = self.forks.run(*self.words(version))
        assert code == 0, said
        return time.perf_counter() - began

    def release(self) -> int:
        ((number,),) = self.rows("SELECT max(id) FROM release")
        return int(number)

    def content(self) -> Content:
        return self.rows_of(_CONTENT)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.rows_of((statement,))[0]

    def rows_of(self, statements: Sequence[str]) -> Content:
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                return [
                    [tuple(row) for row in connection.exec_driver_sql(each)] for each in statements
                ]
        finally:
            engine.dispose()

    def verify(self) -> None:
        engine = open_engine(self.url)
        try:
            assert [str(each) for each in verify(engine).disagreements] == []
        finally:
            engine.dispose()


@pytest.fixture(params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path: Path, small: SmallData) -> Iterator[World]:
    """Both engines; PostgreSQL is a server of our own, since it is to be broken."""
    lists = (write_list(tmp_path / "old", 0), write_list(tmp_path / "new", 1))
    with forks(tmp_path) as warm:
        if request.param == "sqlite":
            made = World(f"sqlite:///{tmp_path / 'test.db'}", lists, warm, None)
            _load(made, small)
            yield made
            return
        with own_server() as server:
            made = World(server.url, lists, warm, server)
            _load(made, small)
            yield made


def _load(world: World, small: SmallData) -> None:
    engine = open_engine(world.url)
    upgrade(engine)
    load(engine, small.folder)
    engine.dispose()


class Killer:
    """Kills imports at moments that are drawn, in ways that are drawn."""

    def __init__(self, world: World, lasts_s: float) -> None:
        self._world = world
        self.lasts_s = lasts_s
        self._chance = random.Random(SEED)
        self.moments: Counter[str] = Counter()

    def kill(self, version: int, way: str) -> None:
        """Starts an import and ends it by force: any time, or at its commit."""
        fork = self._world.forks.start(*self._world.words(version))
        seen = ""
        if self._chance.random() < 0.3:
            seen = _until_commit(fork)
            time.sleep(self._chance.uniform(0, _COMMIT_S))
        else:
            time.sleep(self._chance.uniform(0, self.lasts_s))
        _WAYS[way](self._world, fork)
        code, steps = self._world.forks.end(fork)
        self._settle()
        assert code in {0, 4, -signal.SIGKILL}, fork.said()
        if code == 4:
            assert "the database cannot be used: " in fork.said()
        self.moments[_moment(seen + steps, code)] += 1

    def _settle(self) -> None:
        """A server goes on for a while after its client is gone, and may be starting again."""
        server = self._world.server
        if server is not None:
            server.wait_until_alone()


def _until_commit(fork: Fork) -> str:
    """The steps up to the commit of the transaction that writes."""
    seen = ""
    while not (LOCK in seen and COMMIT in seen[seen.index(LOCK) :]):
        step = os.read(fork.steps, 1).decode()
        assert step, fork.said()
        seen += step
    return seen


def _moment(steps: str, code: int) -> str:
    """Where an import was when it ended, by the steps that it told."""
    if code == 0:
        return "after its end"
    before, _, writing = steps.partition(LOCK)
    if not writing:
        return "before the transaction" if before else "before all"
    return "at the commit" if COMMIT in writing else "in the transaction"


def _kill_process(_world: World, fork: Fork) -> None:
    os.kill(fork.pid, signal.SIGKILL)


def _end_connection(world: World, fork: Fork) -> None:
    assert world.server
    if not world.server.terminate_backends():
        # It was not connected at that moment, so that it is killed as the others are.
        _kill_process(world, fork)


def _kill_backend(world: World, fork: Fork) -> None:
    """As the system does when memory is short; the server then starts again by itself."""
    assert world.server
    killed = 0
    for pid in world.server.backends():
        with suppress(ProcessLookupError):  # it has ended since
            os.kill(pid, signal.SIGKILL)
            killed += 1
    if not killed:
        _kill_process(world, fork)


def _stop_server(world: World, _fork: Fork) -> None:
    """As a power cut."""
    assert world.server
    world.server.restart()


_WAYS: dict[str, Callable[[World, Fork], None]] = {
    "process": _kill_process,
    "connection": _end_connection,
    "backend": _kill_backend,
    "server": _stop_server,
}
_SQLITE = ("process",)
# Of fifty kills 30 of the process, 10 of its connection, 5 of its backend, 5 of the server.
_POSTGRESQL = (*("process", "process", "connection") * 2, "process", "backend", "server", "process")


def test_fifty_kills_leave_the_old_release_or_the_new(world: World) -> None:
    print(f"CRASH_SEED={SEED}")  # noqa: T201  # told with a failure
    world.bring(0)
    whole = {0: world.content()}
    world.verify()
    world.bring(1)
    whole[1] = world.content()
    world.verify()
    assert whole[0] != whole[1]
    killer = Killer(world, min(world.bring(version) for version in (0, 1)))
    ways = _POSTGRESQL if world.server else _SQLITE
    held, release, outcomes = 1, world.release(), Counter[str]()
    for number in range(KILLS):
        wanted = 1 - held
        killer.kill(wanted, ways[number % len(ways)])
        found = world.content()
        told = f"kill {number} of CRASH_SEED={SEED}"
        is_new = found == whole[wanted]
        assert is_new or found == whole[held], f"{told} leaves neither release"
        assert world.release() == release + is_new, told
        outcomes["new" if is_new else "old"] += 1
        held, release = (wanted, release + 1) if is_new else (held, release)
        if number % _VERIFIED_EVERY == 0:
            world.verify()
            # What was killed comes to its end when it is run again.
            held = 1 - held
            # A machine that was busy at first would let most of the kills come too late.
            killer.lasts_s = min(killer.lasts_s, world.bring(held))
            release += 1
            assert world.content() == whole[held], told
            assert world.release() == release
    print(dict(outcomes), dict(killer.moments))  # noqa: T201  # as above
    world.bring(1 - held)
    assert world.content() == whole[1 - held]
    world.verify()
    assert outcomes["old"] >= KILLS // 8, "kills come while there is something to undo"
    assert killer.moments["in the transaction"] + killer.moments["at the commit"] >= KILLS // 5


@pytest.mark.usefixtures("small")
def test_a_full_disk_leaves_the_old_release_and_is_told_in_a_sentence(
    world: World, tmp_path: Path
) -> None:
    """No file may grow above a limit; rows can be staged, and the tables hold no more of them."""
    first, second = (write_list(tmp_path / name, 0, _notes()) for name in ("first", "second"))
    world.bring(first)
    before, release = world.content(), world.release()
    if world.server:
        world.server.restart(_FILE_MAX_BYTES)
    limit = None if world.server else _FILE_MAX_BYTES
    code, steps, said = world.forks.run(*world.words(second), file_max_bytes=limit)
    assert code == 4, said
    assert LOCK in steps
    assert COMMIT not in steps[steps.index(LOCK) :]
    assert any(each in said for each in _FULL), said
    assert "Traceback" not in said
    if world.server:
        world.server.restart()
    assert world.content() == before
    assert world.release() == release
    world.verify()
    world.bring(second)
    assert world.content() != before
    world.verify()
