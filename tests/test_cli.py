"""The command line as a script sees it: output, exit codes, and sentences."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import graph.schema
from graph.cli import cli
from graph.schema.build import build_schema
from seed.files import TABLES
from tests.seed.conftest import SmallData

_SCRIPT = Path(sys.executable).with_name("terrigraph")
_COMMITTED = Path(graph.schema.__path__[0], "schema.graphql")


class Terrigraph:
    """Runs the command line in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        ours = ("DATABASE_URL", "TERRIGRAPH_")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        return subprocess.run(
            [_SCRIPT, *map(str, arguments)],
            cwd=self._folder,
            env={**inherited, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def terrigraph(tmp_path: Path) -> Terrigraph:
    return Terrigraph(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> SmallData:
    folder = tmp_path / "small"
    folder.mkdir()
    return SmallData(folder)


def test_schema_prints_the_sdl_and_nothing_else(terrigraph: Terrigraph) -> None:
    done = terrigraph("schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == build_schema().as_str() + "\n"


def test_schema_check_accepts_the_committed_file(terrigraph: Terrigraph) -> None:
    done = terrigraph("schema", "--check", _COMMITTED)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("content", ["type Query { nothing: Int }\n", None])
def test_schema_check_refuses_another_file_or_none(
    terrigraph: Terrigraph, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "other.graphql").write_text(content)
    done = terrigraph("schema", "--check", "other.graphql")
    assert (done.returncode, done.stdout) == (1, "")
    assert "write it again: terrigraph schema > other.graphql" in done.stderr


def test_seed_changes_nothing_twice(terrigraph: Terrigraph, small: SmallData) -> None:
    first, second = (terrigraph("seed", "--json", small.folder) for _ in range(2))
    in_words = terrigraph("seed", small.folder)
    assert [done.returncode for done in (first, second, in_words)] == [0, 0, 0]
    before, after = json.loads(first.stdout), json.loads(second.stdout)
    assert before["is_unchanged"] is False
    assert after["is_unchanged"] is True
    assert after["release"] == before["release"]
    assert before["counts"]["Award"]["created"] > 0
    assert {name: count["unchanged"] for name, count in after["counts"].items()} == {
        name: count["created"] for name, count in before["counts"].items()
    }
    assert in_words.stdout.startswith(f"release {before['release']} is current: ")
    assert "nothing changed" in in_words.stdout


def test_seed_refuses_a_broken_folder_with_file_and_row(
    terrigraph: Terrigraph, small: SmallData
) -> None:
    small.set("metrics.csv", 3, value="beaucoup")
    done = terrigraph("seed", small.folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert "metrics.csv, row 3, value: 'beaucoup'" in done.stderr
    assert "Traceback" not in done.stderr


def test_seed_refuses_a_folder_that_is_not_there(terrigraph: Terrigraph) -> None:
    done = terrigraph("seed", "nowhere")
    assert done.returncode == 3
    assert "nowhere is no folder" in done.stderr


@pytest.mark.parametrize(
    ("command", "url", "code", "words"),
    [
        ("seed", "nonsense", 1, "cannot be read; write sqlite:///file.db"),
        ("seed", "sqlite://", 1, "names no file"),
        ("seed", "mysql://host/name", 1, "write sqlite:///file.db or postgresql://"),
        ("serve", "postgresql://127.0.0.1:1/name", 4, "cannot be used: connection failed"),
        ("seed", "sqlite:///no/such/folder/file.db", 4, "cannot be used: unable to open"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    terrigraph: Terrigraph, command: str, url: str, code: int, words: str
) -> None:
    done = terrigraph(command, DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert ".py" not in done.stderr


def test_the_option_overrides_the_environment(terrigraph: Terrigraph, small: SmallData) -> None:
    url = "sqlite:///other.db"
    done = terrigraph("seed", small.folder, "--database", url, DATABASE_URL="mysql://host/name")
    assert done.returncode == 0, done.stderr
    assert (small.folder.parent / "other.db").exists()


def test_a_setting_that_cannot_be_used_is_named(terrigraph: Terrigraph) -> None:
    done = terrigraph("serve", TERRIGRAPH_PORT="many")
    assert done.returncode == 1
    assert "a setting cannot be used: port: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "seed", "schema"])
def test_the_help_of_a_command_shows_examples(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    assert f"Examples: terrigraph {command}" in done.output


def test_no_command_shows_the_commands() -> None:
    done = CliRunner().invoke(cli, [])
    assert all(command in done.output for command in ("serve", "seed", "schema"))


def test_serve_on_a_port_in_use_stops_with_the_reason(
    terrigraph: Terrigraph, small: SmallData, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'taken.db'}"
    terrigraph("seed", small.folder, DATABASE_URL=url)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = terrigraph("serve", "--port", port, DATABASE_URL=url)
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "GraphQL" not in done.stderr


def test_templates_are_listed_and_printed(terrigraph: Terrigraph) -> None:
    listed = terrigraph("template", "--list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(TABLES)
    empty = terrigraph("template", "category")
    assert empty.stdout == "slug,label_fr,label_en,note\n"
    schema = json.loads(terrigraph("template", "category", "--schema").stdout)
    assert [field["name"] for field in schema["fields"]] == empty.stdout.strip().split(",")


def test_a_table_that_does_not_exist_is_told_with_the_nearest(terrigraph: Terrigraph) -> None:
    done = terrigraph("template", "awards")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "'awards' is no table; did you mean award?\n"
