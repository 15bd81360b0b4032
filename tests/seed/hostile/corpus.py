"""Lists as they should not be: each with what reading says of it, or what it means.

An import of a whole list takes the same cases: what reading refuses changes nothing, and what
only its checks can see (`CONTRADICTORY`) neither.
"""

import codecs
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.seed.hostile import workbooks
from tests.seed.hostile.workbooks import row, sheet_xml

Make = Callable[[Path], Path]
Place = tuple[int, str, str]

_EDITIONS = "prize;year;jury_date;announced_awards;source\n"
_METRICS = "initiative;name_fr;name_en;value;unit;year;source\n"
_SOUND = "prix;2017;2017-11-14;38;article\n"
_CATEGORIES = "slug;label_fr;label_en\n"


@dataclass(frozen=True)
class Case:
    """A hostile list of a table. `faults` are (row, column, part of the reason).

    `values` are what is read of the rows, by line: (line, column, value). A list that is
    refused whole gives none.
    """

    name: str
    table: str
    make: Make
    faults: tuple[Place, ...] = ()
    values: tuple[tuple[int, str, object], ...] = ()

    def __str__(self) -> str:
        return self.name


def _csv(content: str | bytes, ending: str = ".csv") -> Make:
    def make(folder: Path) -> Path:
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        path = folder / f"liste{ending}"
        path.write_bytes(data)
        return path

    return make


def _xlsx(rows: str, behind: str = "", **parts: object) -> Make:
    def make(folder: Path) -> Path:
        sheets = {"Feuil1": sheet_xml(rows, behind)}
        return workbooks.write(folder / "liste.xlsx", sheets, **parts)  # type: ignore[arg-type]  # by name

    return make


_XLSX_HEADER = row(1, "prize", "year", "jury_date", "announced_awards", "source")


def _edition(number: int, *cells: str) -> str:
    return row(number, "prix", *cells, "article")


def _number(place: str, value: str, style: int = 0) -> str:
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


ENCODINGS = (
    Case(
        "Windows-1252",
        "category",
        _csv((_CATEGORIES + "eau;Eau d’été;Water\n").encode("cp1252")),
        values=((2, "label_fr", "Eau d’été"),),
    ),
    Case(
        "UTF-16 with its mark",
        "category",
        _csv(codecs.BOM_UTF16_LE + (_CATEGORIES + "eau;Été;Water\n").encode("utf-16-le")),
        values=((2, "label_fr", "Été"),),
    ),
    Case(
        "UTF-8 with its mark",
        "category",
        _csv(codecs.BOM_UTF8 + (_CATEGORIES + "eau;Été;Water\n").encode()),
        values=((2, "label_fr", "Été"),),
    ),
    Case(
        "UTF-8 with a line of Windows-1252",
        "category",
        _csv((_CATEGORIES + "eau;Été;W\n").encode() + "air;Éther;A\n".encode("cp1252")),
        faults=((3, "", "is not UTF-8 while other lines are"),),
    ),
    Case(
        "UTF-16 without its mark",
        "category",
        _csv((_CATEGORIES + "eau;Eau;Water\n").encode("utf-16-le")),
        faults=((0, "", "UTF-16 without its mark"),),
    ),
    Case(
        "read in a wrong encoding before",
        "category",
        _csv(_CATEGORIES + "eau;Ã‰tÃ©;Water\n"),
        faults=((2, "label_fr", "was read in a wrong encoding before; write Été"),),
    ),
    Case(
        "a letter that was lost",
        "category",
        _csv(_CATEGORIES + "eau;\ufffdt\ufffd;Water\n"),
        faults=((2, "label_fr", "has lost a letter"),),
    ),
)

ROWS = (
    Case(
        "ragged rows",
        "category",
        _csv(_CATEGORIES + "eau;Eau\nair;Air;Air\nbois;Bois;Wood;x\n"),
        faults=((2, "", "has 2 cells; write 3"), (4, "", "has 4 cells; write 3")),
        values=((3, "slug", "air"),),
    ),
    Case(
        "a quote that nothing closes",
        "category",
        _csv(_CATEGORIES + 'eau;"Eau;Water\nair;Air;Air\n'),
        faults=((2, "label_fr", "opens a quote that nothing closes"),),
        values=((3, "slug", "air"),),
    ),
    Case(
        "NUL and escapes for terminals",
        "category",
        _csv(_CATEGORIES + "eau;E\x00au;Water\nair;Air;\x1b[2JAir\n"),
        faults=((2, "label_fr", "U+0000"), (3, "label_en", "U+001B")),
    ),
    Case(
        "half a letter",
        "category",
        _csv('[{"slug": "eau", "label_fr": "\\ud83c", "label_en": "Water"}]', ".json"),
        faults=((1, "label_fr", "U+D83C"),),
    ),
    Case(
        "a cell of 10 MB",
        "category",
        _csv(_CATEGORIES + f"eau;{'E' * 10_000_000};Water\nair;Air;Air\n"),
        faults=((2, "label_fr", "is too long"),),
        values=((3, "slug", "air"),),
    ),
    Case(
        "a formula in CSV",
        "category",
        _csv(_CATEGORIES + "eau;=cmd|' /C calc'!A0;Water\n"),
        faults=((2, "label_fr", "is a formula; write its value"),),
    ),
    Case(
        "columns that are mistyped, missing and repeated",
        "category",
        _csv("slug;lable_fr;slug\neau;Eau;eau\n"),
        faults=(
            (1, "label_en", "is missing; add the column"),
            (1, "label_fr", "is missing; add the column"),
            (1, "lable_fr", "did you mean label_fr?"),
            (1, "slug", "stands twice"),
        ),
    ),
)

FIGURES = (
    Case(
        "figures as they are written in France",
        "metric",
        _csv(
            _METRICS
            + "a;n;n;2 730;personne;2017;s\n"
            + "b;n;n;14,9 %;%;2017;s\n"
            + "c;n;n;1\u202f250\u00a0000,5;EUR;2017;s\n"
            + "d;n;n;\u22123,25;m;2017;s\n"
        ),
        values=(
            (2, "value", 2_730_000_000),
            (3, "value", 14_900_000),
            (4, "value", 1_250_000_500_000),
            (5, "value", -3_250_000),
        ),
    ),
    Case(
        "figures that may mean two things, or none",
        "metric",
        _csv(
            _METRICS
            + "a;n;n;1,250;personne;2017;s\n"
            + "b;n;n;14,9 %;personne;2017;s\n"
            + "c;n;n;près de 900;personne;2017;s\n"
            + "d;n;n;1e400;personne;2017;s\n"
            + "e;n;n;99999999999999999999;personne;2017;s\n"
        ),
        faults=(
            (2, "value", "may mean two figures; write 1250 or 1.250"),
            (3, "value", "is a percentage, but the unit is personne"),
            (4, "value", "write a plain decimal"),
            (5, "value", "write a plain decimal"),
            (6, "value", "write a plain decimal"),
        ),
    ),
    Case(
        "dates as they are written in France",
        "edition",
        _csv(
            _EDITIONS
            + "prix;2017;14/11/2017;38;article\n"
            + "prix;2018;1er février 2018;38;article\n"
            + "prix;2019;3-2-2019;1 038;article\n"
        ),
        values=(
            (2, "jury_date", "2017-11-14"),
            (3, "jury_date", "2018-02-01"),
            (4, "jury_date", "2019-02-03"),
            (4, "announced_awards", 1038),
        ),
    ),
    Case(
        "dates that do not exist, or may be two",
        "edition",
        _csv(
            _EDITIONS
            + "prix;2017;31/02/2017;38;article\n"
            + "prix;2018;01/02/18;38;article\n"
            + "prix;2019;11/14/2019;38;article\n"
            + "prix;19;2019-11-14;3,8;article\n"
        ),
        faults=(
            (2, "jury_date", "is a day that does not exist, for 2017-02 has 28"),
            (3, "jury_date", "has a year of two digits"),
            (4, "jury_date", "has no month 14"),
            (5, "announced_awards", "write a whole number"),
            (5, "year", "write four digits"),
        ),
    ),
)

WORKBOOKS = (
    Case(
        "dates and numbers of a workbook",
        "edition",
        _xlsx(
            _XLSX_HEADER
            + _edition(2, _number("B2", "2017"), _number("C2", "43053", 1), _number("D2", "38")),
            formats={1: "dd/mm/yyyy"},
        ),
        values=((2, "jury_date", "2017-11-14"), (2, "year", 2017), (2, "announced_awards", 38)),
    ),
    Case(
        "formulas with, without and with a wrong value",
        "edition",
        _xlsx(
            _XLSX_HEADER
            + _edition(2, '<c r="B2"><f>2016+1</f><v>2017</v></c>', "", "")
            + _edition(3, '<c r="B3"><f>2016+2</f></c>', "", "")
            + _edition(4, '<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", "")
        ),
        faults=(
            (3, "year (B3)", "is a formula without a value"),
            (4, "year (B4)", "is the error #DIV/0!"),
        ),
        values=((2, "year", 2017),),
    ),
    Case(
        "a zip bomb",
        "edition",
        _xlsx(_XLSX_HEADER + _edition(2, "2017"), f"<!--{'0' * 30_000_000}-->"),
        faults=((0, "", "uncompresses to more than 200 times its size"),),
    ),
    Case(
        "a document type in a workbook",
        "edition",
        lambda folder: workbooks.write(
            folder / "liste.xlsx",
            {"a": sheet_xml(_XLSX_HEADER).replace("?><", '?><!DOCTYPE a [<!ENTITY b "c">]><', 1)},
        ),
        faults=((0, "", "declares a document type"),),
    ),
    Case(
        "a gzip bomb",
        "edition",
        _csv(gzip.compress(_EDITIONS.encode() + b"\n" * 30_000_000), ".csv.gz"),
        faults=((0, "", "uncompresses to more than 200 times its size"),),
    ),
)

CORPUS = (*ENCODINGS, *ROWS, *FIGURES, *WORKBOOKS)


@dataclass(frozen=True)
class Contradiction:
    """A list whose rows are sound one by one, and cannot all be true.

    It is to be loaded into the small data of `tests/seed/conftest.py`. `faults` are the rows and
    columns that the checks of an import are to name.
    """

    name: str
    table: str
    text: str
    faults: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        return self.name


CONTRADICTORY = (
    Contradiction(
        "a key that stands twice",
        "category",
        _CATEGORIES + "eau;Eau;Water\nair;Air;Air\neau;Eau;Water\n",
        ((4, "slug"),),
    ),
    Contradiction(
        "two rows that say different things of one edition",
        "edition",
        _EDITIONS + _SOUND + "prix;2017;2017-11-15;40;article\n",
        ((3, "year"),),
    ),
    Contradiction(
        "one figure with two values",
        "metric",
        _METRICS + "carte;abonnés;users;3;personne;2020;article\n"
        "carte;abonnés;users;5;personne;2020;article\n",
        ((3, "name_fr"),),
    ),
    Contradiction(
        "a SIREN of two communes",
        "collectivity",
        "kind;code;name;siren\nCOMMUNE;45300;Une;214500001\nCOMMUNE;45301;Deux;214500001\n",
        ((3, "siren"),),
    ),
    Contradiction(
        "an edition of no prize",
        "edition",
        _EDITIONS + "autre;2017;2017-11-14;38;article\n",
        ((2, "prize"),),
    ),
    Contradiction(
        "a region that is said to be that of a département of the same code",
        "collectivity",
        "kind;code;name;parent_kind;parent_code\nCOMMUNE;45300;Une;REGION;45\n",
        ((2, "parent_code"),),
    ),
)
