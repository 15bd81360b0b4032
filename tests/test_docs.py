"""The documentation can fail: its questions are asked, its settings and limits compared."""

import re
import shlex
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from graph.cli import cli
from graph.domain.errors import CODES
from graph.domain.limits import PAGE_DEFAULT
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.settings import Limits, Settings
from graph.storage.read import Database
from seed import expressions, mapping
from seed.faults import BrokenData
from seed.harvest.sources import read_sources
from seed.mapping import load_mapping

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def _blocks(page: Path) -> list[tuple[str, str]]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def _questions() -> list[object]:
    """Each GraphQL block with the JSON block right behind it, if any."""
    found = []
    for page in PAGES:
        blocks = [*_blocks(page), ("", "")]
        for number, (language, text) in enumerate(blocks):
            if language == "graphql":
                after, expected = blocks[number + 1]
                name = f"{page.name}-{number}"
                found.append(pytest.param(text, expected if after == "json" else None, id=name))
    return found


@pytest.mark.parametrize(("question", "expected"), _questions())
async def test_each_question_is_answered_as_printed(
    database: Database, question: str, expected: str | None
) -> None:
    answered = await answer(build_schema(), database, question)
    assert answered.is_executed
    if expected is None:
        assert "errors" not in answered.body
    else:
        assert answered.body["data"] == orjson.loads(expected)


def test_each_setting_is_documented() -> None:
    pages = "".join(
        (ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/operate.md")
    )
    for name, setting in Settings.model_fields.items():
        if name not in Limits.model_fields:
            variable = setting.validation_alias or f"TERRIGRAPH_{name.upper()}"
            default = "none" if setting.default is None else f"`{setting.default}`"
            assert f"| `{variable}` | {default} |" in pages


def test_each_limit_is_on_its_page_and_none_else() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (`\w+`) \| (`TERRIGRAPH_\w+`) \| (`\S+`) \|", page, re.MULTILINE)
    assert sorted(told) == sorted(
        (
            f"`{setting.json_schema_extra['name']}`",
            f"`TERRIGRAPH_{name.upper()}`",
            f"`{setting.default}`",
        )
        for name, setting in Limits.model_fields.items()
    )


def test_the_limits_in_the_readme_are_those_in_force() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    limits = Limits()
    assert f"{PAGE_DEFAULT} rows by default and {limits.page_max_rows} at most" in readme
    assert f"at most {limits.list_max_items} items" in readme
    assert f"texts {limits.text_max_characters:,} characters" in readme
    assert f"a caller has {Settings().points_per_hour:,} an hour" in readme
    conditions, depth = limits.where_max_conditions, limits.where_max_depth
    assert f"a `where` {conditions} conditions at most {depth} deep" in readme


def test_each_error_code_is_documented() -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("graph/**/*.py"))
    codes = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', sources))
    known = {code for code in codes if code.endswith(("_FAILED", "_FAILURE", "_REQUEST", "_INPUT"))}
    assert known
    assert known <= set(CODES)
    for code in CODES:
        assert f"`{code}`" in page


def test_the_sources_of_the_page_are_read_and_their_faults_told_as_printed(tmp_path: Path) -> None:
    texts = dict(_blocks(ROOT / "docs" / "harvest.md"))
    path, mapping = tmp_path / "sources.toml", tmp_path / "mappings" / "trophees-eau.toml"
    mapping.parent.mkdir()
    mapping.touch()
    path.write_text(texts["toml"], encoding="utf-8")
    assert [entry.key for entry in read_sources(path).entries] == ["trophees-eau", "prix-du-bois"]
    faulty = texts["toml"].replace('"csv"', '"xls"').replace("mappings/trophees-eau", "eau")
    path.write_text(faulty, encoding="utf-8")
    with pytest.raises(BrokenData) as raised:
        read_sources(path)
    assert str(raised.value) == texts["text"].strip()


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def _blocks_of(page: str, language: str) -> list[str]:
    return [text for kind, text in _blocks(ROOT / "docs" / page) if kind == language]


@pytest.mark.parametrize("text", _blocks_of("import.md", "toml"))
def test_each_mapping_of_the_page_is_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    assert load_mapping(tmp_path / "mapping.toml").blocks


def test_each_key_of_mappings_is_on_its_page() -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    for key in (*expressions.KEYS, *mapping.KEYS):
        assert f"`{key}" in page or f"\n{key} = " in page, key


def test_templates_are_printed_as_on_the_page() -> None:
    commands = [
        line
        for line in "".join(_blocks_of("import.md", "sh")).splitlines()
        if line.startswith("terrigraph template")
    ]
    printed = _blocks_of("import.md", "csv")
    for command in commands:
        _, *arguments = command.partition(" > ")[0].split()
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
    assert done.output == printed[-1]


def test_the_commands_of_imports_know_the_options_that_the_page_gives_them() -> None:
    for line in "".join(_blocks_of("import.md", "sh")).splitlines():
        program, name, *rest = shlex.split(line.partition(" > ")[0])
        words = [name, rest[0]] if name == "quarantine" else [name]
        shown = CliRunner().invoke(cli, [*words, "--help"], env={"COLUMNS": "200"})
        assert (program, shown.exit_code) == ("terrigraph", 0), line
        for option in rest:
            assert not option.startswith("--") or option in shown.output, line


def test_each_decision_has_a_number_of_its_own() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:5] for page in pages] == [
        f"{number:04}-" for number in range(1, len(pages) + 1)
    ]
    for page in pages:
        assert re.match(r"# [^\d\n]+\n\n\d{4}-\d\d-\d\d\n\n", page.read_text(encoding="utf-8"))
