"""`sources.toml` is read whole or refused, each fault with its line and what to write."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seed.faults import BrokenData, Fault
from seed.harvest.entry import Format, Frequency
from seed.harvest.sources import read_sources
from tests.seed.harvest.conftest import entry

GOOD = """\
contact = "list@example.org"

[[source]]
key = "trophees-eau"
name = "Trophées de l’eau"
publisher = "Agence de l’eau"
licence = "Licence Ouverte 2.0"
licence_url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
address = "https://example.org/trophees.csv"
format = "csv"
mapping = "mappings/eau.toml"
frequency = "weekly"
rank = 20
quarantine = true

[[source]]
key = "prix-bois"
name = "Prix du bois"
publisher = "Association du bois"
licence = "ODbL 1.0"
address = "https://example.org/bois.xlsx#sheet"
format = "xlsx"
table = "award"
frequency = "manual"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of sources, beside which there is a mapping; gives its path."""
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "eau.toml").write_text("# columns\n", encoding="utf-8")

    def to(text: str) -> Path:
        path = tmp_path / "sources.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return to


def faults(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(BrokenData) as raised:
        read_sources(path)
    return raised.value.errors


def test_lists_are_read_as_written(write: Write, tmp_path: Path) -> None:
    sources = read_sources(write(GOOD))
    assert sources.contact == "list@example.org"
    first, second = sources.entries
    assert (first.key, first.name, first.publisher) == (
        "trophees-eau",
        "Trophées de l’eau",
        "Agence de l’eau",
    )
    assert first.licence_url == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert first.mapping == tmp_path / "mappings" / "eau.toml"
    assert (first.format, first.frequency, first.rank) == (Format.CSV, Frequency.WEEKLY, 20)
    assert first.is_quarantining
    assert second.address == "https://example.org/bois.xlsx"
    assert (second.mapping, second.table, second.rank) == (None, "award", 100)
    assert (second.frequency, second.is_quarantining) == (Frequency.MANUAL, False)


def test_a_byte_order_mark_is_no_fault(write: Write) -> None:
    assert read_sources(write("\ufeff" + GOOD)) == read_sources(write(GOOD))


def test_lists_are_found_by_their_keys(write: Write) -> None:
    sources = read_sources(write(GOOD))
    first, second = sources.entries
    assert sources.named(["prix-bois", "trophees-eau", "prix-bois"]) == [second, first]
    with pytest.raises(ValueError, match="'trophees-bois'; did you mean trophees-eau"):
        sources.named(["trophees-bois"])


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ('contact = "list@example.org"\n', "\n", 0, "contact", 'write contact = "name@'),
        ('"list@example.org"', '"nobody"', 1, "contact", "neither an e-mail address nor a page"),
        ('"list@example.org"', '"é@example.org"', 1, "contact", "neither an e-mail address"),
        ('"list@example.org"', '"http://"', 1, "contact", "neither an e-mail address nor a page"),
        ("contact =", "contct =", 1, "contct", "did you mean contact?"),
        ('key = "trophees-eau"', 'key = "Trophées"', 4, "key", "is not a slug"),
        ('key = "trophees-eau"', 'key = "terrigraph"', 4, "key", "that of the committed files"),
        ('key = "trophees-eau"', "key = 1", 4, "key", 'is no text; write key = "…", in quotes'),
        ('key = "prix-bois"', 'key = "trophees-eau"', 17, "key", "of the list in line 4 as well"),
        ('name = "Trophées de l’eau"', 'name = ""', 5, "name", "is empty"),
        ('name = "Trophées de l’eau"', 'name = " x"', 5, "name", "begins or ends with a space"),
        ('name = "Trophées de l’eau"', 'name = "a\\nb"', 5, "name", "more than a line"),
        ('name = "Trophées de l’eau"', f'name = "{"x" * 301}"', 5, "name", "is too long"),
        ('publisher = "Agence de l’eau"\n', "", 3, "publisher", "is missing; write publisher"),
        ("licence =", "license =", 7, "license", "did you mean licence?"),
        ("licence_url =", "colour =", 8, "colour", "known are key, name"),
        ("https://www.etalab", "ftp://www.etalab", 8, "licence_url", "neither http nor https"),
        ("https://example.org/t", "https://a:b@example.org/t", 9, "address", "user name or pass"),
        ("https://example.org/t", "file:///t", 9, "address", "neither http nor https"),
        ("trophees.csv", "t" * 700, 9, "address", "is not an address"),
        ('format = "csv"', 'format = "xls"', 10, "format", "write one of csv, tsv, csv.gz"),
        ("mappings/eau.toml", "mappings", 11, "mapping", "from the folder of this file"),
        ("mappings/eau.toml", "nowhere.toml", 11, "mapping", "is no file"),
        ('"weekly"', '"sometimes"', 12, "frequency", "write one of hourly, daily, weekly"),
        ("rank = 20", 'rank = "first"', 13, "rank", "write a number from 1"),
        ("rank = 20", "rank = 0", 13, "rank", "write a number from 1"),
        ("rank = 20", "rank = true", 13, "rank", "write a number from 1"),
        ("quarantine = true", 'quarantine = "yes"', 14, "quarantine", "write true or false"),
        (
            "quarantine = true",
            "allow_withdrawals = 101",
            14,
            "allow_withdrawals",
            "write a whole number of percent from 0 to 100",
        ),
        ('table = "award"', 'table = "prizes"', 23, "table", "is not known; write one of"),
        ('table = "award"\n', "", 16, "mapping", "write either mapping"),
        ("rank = 20", 'table = "award"', 11, "mapping", "write either mapping"),
    ],
)
def test_a_fault_tells_its_line_and_what_to_write(  # noqa: PLR0913, PLR0917  # a table
    write: Write, old: str, new: str, line: int, column: str, words: str
) -> None:
    assert old in GOOD
    found = [fault for fault in faults(write(GOOD.replace(old, new, 1))) if fault.column == column]
    assert [(fault.file, fault.row) for fault in found] == [("sources.toml", line)]
    assert words in str(found[0])


def test_all_faults_are_told_at_once(write: Write) -> None:
    text = GOOD.replace("csv", "xls").replace("manual", "never").replace("rank = 20", "rank = -1")
    assert [(fault.row, fault.column) for fault in faults(write(text))] == [
        (10, "format"),
        (13, "rank"),
        (24, "frequency"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("contact = list\n", 1, "is not TOML: Invalid value; write each line as key"),
        ("contact = 'a@example.org'\n[[source]\n", 2, "is not TOML"),
        ("contact = 'a@example.org'\n\n[[source]]\nkey = 'a'\nkey = 'b'\n", 5, "is not TOML"),
        ('contact = """\n\n', 3, "is not TOML"),
        ("", 0, "write [[source]], in two brackets"),
        ("source = 1", 1, "write [[source]], in two brackets"),
        ("source = [1]", 1, "write [[source]], in two brackets"),
        ("[source]\nkey = 'a'", 0, "write [[source]], in two brackets"),
    ],
)
def test_what_is_no_list_of_lists_is_refused(
    write: Write, text: str, line: int, words: str
) -> None:
    found = faults(write(text))
    assert any(fault.row == line and words in fault.reason for fault in found), found


def test_a_key_within_a_text_of_several_lines_is_none(write: Write) -> None:
    text = GOOD.replace(
        'name = "Trophées de l’eau"', 'name = """\nTrophées\nformat = "xls"\n"""'
    ).replace('format = "csv"', 'format = "pdf"')
    assert [(fault.row, fault.column) for fault in faults(write(text))] == [
        (5, "name"),
        (13, "format"),
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (found,) = faults(tmp_path / "sources.toml")
    assert "name another by --sources" in found.reason


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_bytes(GOOD.encode("cp1252"))
    (found,) = faults(tmp_path / "sources.toml")
    assert (found.row, "is not UTF-8" in found.reason) == (5, True)


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_bytes(b"#" * 1_048_577)
    (found,) = faults(tmp_path / "sources.toml")
    assert "larger than 1 MiB" in found.reason


def test_the_recipe_changes_with_what_decides_how_a_file_is_read(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("a")
    first = entry("https://example.org/a.csv", mapping=mapping)
    recipes = [
        first.recipe(),
        replace(first, mapping=None).recipe(),
        replace(first, format=Format.JSON).recipe(),
        replace(first, address="https://example.org/b.csv").recipe(),
        replace(first, rank=1).recipe(),
        replace(first, table="metric").recipe(),
        replace(first, licence_name="Other").recipe(),
        replace(first, is_quarantining=True).recipe(),
    ]
    assert replace(first, frequency=Frequency.MANUAL).recipe() == recipes[0]
    mapping.write_text("b")
    recipes.append(first.recipe())
    assert len(set(recipes)) == len(recipes)
