"""Each recipe of docs/clients.md and of the README is run, and prints what the page says.

A section is a folder: its named blocks are files, `sh`, `python` and `js` blocks without a name
are run in their order, and a `text` or `json` block is what the one before it prints.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from tests.clients.conftest import GENERATOR, HERE
from tests.http.server import ROOT, Server

_PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
_README = (ROOT / "README.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INSTALL = re.compile(r"`(?:pip|pipx|npm) install ([^`]+)`")
_ADDRESS = "http://127.0.0.1:8000"
_SHELL = ("sh", "-eu", "-c")


@dataclass
class Recipe:
    """A section: its files, and its commands with what each prints, if the page tells."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str, str | None]] = field(default_factory=list)

    @property
    def needs(self) -> set[str]:
        """The languages of what is run, and the generator."""
        commands = " ".join(text for language, text, _ in self.steps if language == "sh")
        tools = {tool for tool in ("ariadne-codegen", "npx") if tool in commands}
        return {language for language, *_ in self.steps} | tools


def _recipes() -> Iterator[Recipe]:
    [short] = [part for part in _SECTION.findall(_README) if part[0] == "Connect a client"]
    for title, body in [short, *_SECTION.findall(_PAGE)]:
        recipe = Recipe(title)
        for name, language, text in _BLOCK.findall(body):
            if name:
                recipe.files[name] = text
            elif language in ("text", "json"):
                recipe.steps[-1] = (*recipe.steps[-1][:2], text)
            else:
                recipe.steps.append((language, text, None))
        yield recipe


_RECIPES = list(_recipes())


@pytest.fixture
def recipe_folder(request: pytest.FixtureRequest, recipe: Recipe, tmp_path: Path) -> Path:
    """Where a recipe is run: beneath the npm packages, if it is one of theirs."""
    if not recipe.needs & {"js", "npx"}:
        return tmp_path
    packages: Path = request.getfixturevalue("packages")
    folder = packages / re.sub(r"\W+", "-", recipe.title)
    folder.mkdir()
    return folder


@pytest.mark.parametrize("recipe", _RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_prints_what_the_page_says(
    request: pytest.FixtureRequest, running: Server, recipe: Recipe, recipe_folder: Path
) -> None:
    if "sh" in recipe.needs and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    path = os.environ["PATH"]
    if "ariadne-codegen" in recipe.needs:
        path = f"{path}{os.pathsep}{request.getfixturevalue('generator')}"
    for name, text in recipe.files.items():
        file = recipe_folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert any(printed for *_, printed in recipe.steps)
    asked = ""
    for language, text, printed in recipe.steps:
        code = text.replace(_ADDRESS, str(running.client.base_url))
        done = _check(_command(language, code, recipe_folder), recipe_folder, path)
        asked += done.stderr
        if printed is not None:
            _compare(done.stdout, printed)
    if "Apollo" in recipe.title:
        methods = re.findall(r"asks by (\w+ .+)", asked)
        assert methods == ["GET by hash", "POST in full", "GET by hash"]


def _command(language: str, code: str, folder: Path) -> list[object]:
    match language:
        case "sh":
            return [*_SHELL, code]
        case "python":
            return [sys.executable, "-c", code]
        case _:
            (folder / "recipe.mjs").write_text(code, encoding="utf-8")
            return ["node", "--import", HERE / "fetches.mjs", "recipe.mjs"]


def _check(
    command: list[object], folder: Path | None = None, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"], "NO_COLOR": "1"}
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def _compare(told: str, printed: str) -> None:
    """JSON by its `data`, what an operation costs is told elsewhere; all else letter by letter."""
    if printed.startswith("{\n"):
        assert orjson.loads(told)["data"] == orjson.loads(printed)["data"]
    else:
        assert told == printed


def test_what_the_page_installs_is_what_is_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = [*project["dependencies"], *project["optional-dependencies"]["test"], GENERATOR]
    python = {re.split(r"[\[<>=;]", line)[0] for line in ours}
    npm = orjson.loads((HERE / "package.json").read_bytes())["dependencies"]
    found = [name for names in _INSTALL.findall(_PAGE) for name in names.split()]
    names = {re.split(r"\[", name.strip("'"))[0] for name in found if not name.startswith("-")}
    assert names
    assert names <= python | npm.keys()


@pytest.mark.parametrize("folder", ["scripts/graphiql", "tests/clients", "tests/http/audit"])
def test_a_lock_names_no_registry(folder: str) -> None:
    assert b'"resolved"' not in (ROOT / folder / "package-lock.json").read_bytes()
