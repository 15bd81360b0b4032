"""The commands as a script sees them: what they print, record and end with."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from graph.cli import cli
from graph.commands.harvest import INCOMPLETE, harvest_command
from graph.domain.codes import RunStatus
from graph.domain.uid import make_uid
from graph.execution.answer import answer as answer_of
from graph.schema.build import build_schema
from graph.storage import tables
from graph.storage.engine import open_engine
from graph.storage.read import Database as ReadDatabase
from seed.faults import BrokenData
from seed.harvest.entry import SourceEntry
from seed.harvest.fetch import Fetched
from seed.harvest.harvest import Import, Outcome
from seed.load import load
from tests.conftest import PATIENT
from tests.seed.conftest import SmallData
from tests.seed.harvest.conftest import LIST
from tests.seed.harvest.server import Site, Write, answer

_LIST = """
[[source]]
key = "{key}"
name = "Liste {key}"
publisher = "Association"
licence = "Licence Ouverte 2.0"
address = "{address}"
format = "csv"
table = "award"
frequency = "{frequency}"
"""


class Files:
    """Writes `sources.toml`; gives what commands need to know of it and of the database."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sources.toml"
        self.url = f"sqlite:///{folder / 'runs.db'}"
        self.path.write_text('contact = "list@example.org"\n', encoding="utf-8")

    def add(self, key: str, address: str, frequency: str = "daily") -> None:
        text = _LIST.format(key=key, address=address, frequency=frequency)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text)

    @property
    def options(self) -> list[str]:
        return ["--sources", str(self.path), "--database", self.url]

    def recorded(self) -> list[tuple[str, str]]:
        engine = open_engine(self.url)
        run = tables.columns_of(tables.Run)
        with engine.connect() as connection:
            rows = connection.execute(sa.select(run.source_key, run.status).order_by(run.id))
            found = [(key, status) for key, status in rows]
        engine.dispose()
        return found


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setenv("TERRIGRAPH_HARVEST_NETWORKS", '["127.0.0.1"]')
    return Files(tmp_path)


def import_into(_engine: sa.Engine, is_dry: bool) -> Import:  # noqa: FBT001  # the interface
    """Counts lines as records; what the list `faulty` holds is refused."""

    def import_one(entry: SourceEntry, fetched: Fetched) -> Outcome:
        if entry.key == "faulty":
            return Outcome(RunStatus.REFUSED, message="list.csv, row 3: is not a year")
        release = None if is_dry else "2026-01-31.1"
        lines = fetched.path.read_bytes().splitlines()
        return Outcome(RunStatus.IMPORTED, release, created=len(lines))

    return import_one


@pytest.fixture
def harvest(files: Files) -> Callable[..., Result]:
    """Runs the command with an import of its own."""
    app = typer.Typer()
    app.command()(harvest_command(import_into))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, *files.options])

    return run


def _sources(files: Files, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sources", *arguments, *files.options])


def test_what_is_due_is_harvested_and_told(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    url = site.at("/a.csv", answer(LIST, ETag='"1"'))
    files.add("daily", url)
    files.add("by-hand", url, "manual")
    first, second = harvest(), harvest()
    assert first.exit_code == second.exit_code == 0
    assert first.stdout == "daily  imported, release 2026-01-31.1, 2 created\n"
    assert "1 of 1  daily: imported" in first.stderr
    assert second.stdout == "nothing is due; terrigraph sources tells when\n"
    assert files.recorded() == [("daily", "IMPORTED")]
    assert len(site.requests) == 1


def test_who_asks_is_told_by_the_contact_of_the_file(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    files.add("daily", site.at("/a.csv", answer(LIST)))
    harvest()
    assert site.requests[0].headers["user-agent"].endswith(" (+list@example.org)")


def test_a_named_list_is_harvested_though_not_due(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    url = site.at("/a.csv", answer(LIST, ETag='"1"'), answer(status=304))
    files.add("daily", url)
    files.add("by-hand", url, "manual")
    harvest("by-hand")
    again = harvest("by-hand", "--json")
    assert [(run["source_key"], run["status"]) for run in json.loads(again.stdout)] == [
        ("by-hand", "UNCHANGED")
    ]
    forced = harvest("--force", "--json")
    assert {run["source_key"] for run in json.loads(forced.stdout)} == {"daily", "by-hand"}
    assert "if-none-match" not in site.requests[-1].headers


def test_lists_that_fail_are_told_by_the_exit_code_and_the_others_are_done(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    url = site.at("/a.csv", answer(LIST))
    files.add("faulty", url)
    files.add("gone", site.at("/gone.csv", answer(status=410)))
    files.add("whole", url)
    done = harvest()
    assert done.exit_code == INCOMPLETE
    lines = done.stdout.splitlines()
    assert lines[0] == "faulty  refused: list.csv, row 3: is not a year"
    assert lines[1].startswith("gone    failed: the server answers 410 (Gone)")
    assert lines[2].startswith("whole   imported")
    assert len(files.recorded()) == 3


_HEADER = "key,prize,year,level,laureates,laureates_departement\n"
_AWARD = make_uid("Award", "prix-2018-bon-7")
_TOLD = """query ($award: ID!) {
  node(id: $award) { ... on Award { level laureates { name code }
    provenance { retrievedOn source { name publisher licence { name } } createdIn { version } } } }
  sources(where: { publisher: { eq: "Association" } }) { nodes {
    name status records retrievedOn lastRun { status release created withdrawn } } }
  changes(types: [AWARD], last: 1) { nodes { action reason } }
}"""


def _listed(numbers: Iterable[int]) -> bytes:
    rows = (f"prix-2018-bon-{number},prix,2018,GOLD,Fleury,45\n" for number in numbers)
    return (_HEADER + "".join(rows)).encode()


async def test_what_a_server_has_is_what_the_api_shows(
    site: Site, tmp_path: Path, files: Files, engine: sa.Engine, engine_url: str
) -> None:
    """A list of 30 is harvested, then cut to 12, then these are allowed, through all layers."""
    load(engine, SmallData(tmp_path).folder)
    files.url = engine_url
    whole, cut = _listed(range(30)), _listed(range(12))
    files.add("liste", site.at("/a.csv", answer(whole), answer(cut), answer(cut), answer(cut)))

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["harvest", *words, *files.options])

    async def told() -> Any:
        with ReadDatabase(engine_url, limits=PATIENT) as database:
            body = (await answer_of(build_schema(), database, _TOLD, {"award": _AWARD})).body
        assert "errors" not in body, body["errors"]
        return body["data"]

    days = {datetime.now(UTC).date().isoformat()}
    done = run()
    days.add(datetime.now(UTC).date().isoformat())
    assert done.exit_code == 0, done.output
    found = await told()
    release = found["node"]["provenance"]["createdIn"]["version"]
    day = found["node"]["provenance"]["retrievedOn"]
    assert day in days
    assert found["node"] == {
        "level": "GOLD",
        "laureates": [{"name": "Fleury", "code": "45147"}],
        "provenance": {
            "retrievedOn": day,
            "source": {
                "name": "Liste liste",
                "publisher": "Association",
                "licence": {"name": "Licence Ouverte 2.0"},
            },
            "createdIn": {"version": release},
        },
    }
    listed = {"name": "Liste liste", "records": 31, "retrievedOn": day, "status": "CURRENT"}
    counts = {"created": 31, "withdrawn": 0}
    last_run = {"status": "IMPORTED", "release": release, **counts}
    assert found["sources"]["nodes"] == [{**listed, "lastRun": last_run}]

    for word in ("--dry-run", "--json"):
        held = run("liste", word)
        assert held.exit_code == INCOMPLETE
    (told_run,) = json.loads(held.stdout)
    assert told_run["status"] == "HELD_BACK"
    assert "Award: 18 of 30 records would be withdrawn (60 %)" in told_run["message"]
    assert "held back" in _sources(files).stdout
    found = await told()
    last_run = {"status": "HELD_BACK", "release": None, "created": 0, "withdrawn": 0}
    assert found["sources"]["nodes"] == [{**listed, "status": "FAILING", "lastRun": last_run}]

    done = run("liste", "--allow-withdrawals", "60")
    assert done.exit_code == 0, done.output
    found = await told()
    (source,) = found["sources"]["nodes"]
    assert (source["status"], source["records"], source["lastRun"]["withdrawn"]) == (
        "CURRENT",
        13,
        18,
    )
    assert found["changes"]["nodes"] == [
        {
            "action": "WITHDRAWN",
            "reason": "no longer in the list « Liste liste » "
            "(ne figure plus dans la liste « Liste liste »)",
        }
    ]


def test_a_dry_run_records_nothing(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    files.add("daily", site.at("/a.csv", answer(LIST)))
    done = harvest("--dry-run")
    assert (done.exit_code, done.stdout) == (0, "daily  imported, 2 created\n")
    assert files.recorded() == []


def test_private_networks_are_refused_unless_the_setting_names_them(
    site: Site, files: Files, harvest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TERRIGRAPH_HARVEST_NETWORKS")
    files.add("daily", site.at("/a.csv", answer(LIST)))
    done = harvest()
    assert done.exit_code == INCOMPLETE
    assert "127.0.0.1, which is no public address" in done.stdout
    assert site.requests == []


def test_the_largest_file_is_a_setting(
    site: Site, files: Files, harvest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERRIGRAPH_HARVEST_MAX_BYTES", "1024")
    files.add("daily", site.at("/a.csv", answer(LIST * 100)))
    assert "TERRIGRAPH_HARVEST_MAX_BYTES" in harvest().stdout


def test_a_key_that_there_is_not_is_told(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    files.add("daily", site.url("/a.csv"))
    done = harvest("dayly")
    assert isinstance(done.exception, ValueError)
    assert "did you mean daily?" in str(done.exception)


def test_sources_tells_of_each_list(
    site: Site, files: Files, harvest: Callable[..., Result]
) -> None:
    files.add("daily", site.at("/a.csv", answer(LIST)))
    files.add("gone", site.at("/gone.csv", answer(status=410)), "weekly")
    files.add("by-hand", site.url("/a.csv"), "manual")
    before = json.loads(_sources(files, "--json").stdout)
    assert [(told["is_due"], told["last_run"]) for told in before] == [
        (True, None),
        (True, None),
        (False, None),
    ]
    assert before[2]["due_at"] is None
    harvest()
    done = _sources(files)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["list", "last", "look", "outcome", "due", "records"]
    assert lines[1].split()[0] == "daily"
    assert lines[1].split()[2] == "imported"
    assert lines[2].split()[2] == "failed"
    assert "the server answers 410 (Gone)" in lines[3]
    assert lines[4].split() == ["by-hand", "never", "when", "named", "0"]
    (told, *_) = json.loads(_sources(files, "--json").stdout)
    assert (told["publisher"], told["licence"], told["frequency"], told["is_due"]) == (
        "Association",
        "Licence Ouverte 2.0",
        "daily",
        False,
    )
    assert told["last_run"]["status"] == "IMPORTED"


def test_faults_of_the_file_end_both_commands(files: Files, harvest: Callable[..., Result]) -> None:
    files.add("Daily", "https://example.org/a.csv")
    for done in (harvest(), _sources(files)):
        assert isinstance(done.exception, BrokenData)
        assert "sources.toml, row 4, key: 'Daily' is not a slug" in str(done.exception)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_keeps_what_is_recorded_and_leaves_nothing_behind(
    site: Site, files: Files, tmp_path: Path, sent: int, code: int
) -> None:
    """A process of its own, so that the signal is a real one."""

    def never(write: Write) -> None:
        write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not files.recorded():
            sleep(0.05)
        process.send_signal(sent)
        site.over.wait()

    files.add("first", site.at("/a.csv", answer(LIST)))
    files.add("endless", site.at("/endless.csv", never))
    (tmp_path / "tmp").mkdir()
    script = (
        "import typer; from graph.commands.harvest import harvest_command\n"
        "from tests.seed.harvest.test_commands import import_into\n"
        "app = typer.Typer(); app.command()(harvest_command(import_into)); app()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, *files.options],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    _, told = process.communicate(timeout=60)
    assert process.returncode == code
    assert "interrupted; what is recorded stays" in told
    assert "Traceback" not in told
    assert files.recorded() == [("first", "IMPORTED")]
    assert list((tmp_path / "tmp").iterdir()) == []
