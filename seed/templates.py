"""Empty lists of the native tables, to fill in: CSV, or a workbook whose cells are all text."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape

from seed import words
from seed.files import TABLES

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The format of text, without which 01053 becomes 1053 and 2-3 a date as they are typed.
_TEXT_FORMAT = 49
# The same content gives the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def rows(table: str, *, with_example: bool = False) -> list[list[str]]:
    """The header of a native table, and an example of a row when asked for."""
    columns = [*TABLES[table].readable]
    example = [words.COLUMNS[table][name].example for name in columns]
    return [columns, example] if with_example else [columns]


def as_csv(table: str, *, with_example: bool = False) -> str:
    """An empty list as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows(table, with_example=with_example))
    return text.getvalue()


def as_workbook(table: str, *, with_example: bool = False) -> bytes:
    """An empty list as XLSX; what is typed into it stays as it is typed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(table, rows(table, with_example=with_example)):
            text = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}'
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _parts(table: str, listed: list[list[str]]) -> list[tuple[str, str]]:
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"),
        )
    )
    return [
        (
            "[Content_Types].xml",
            (
                f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f"{types}</Types>"
            ),
        ),
        ("_rels/.rels", _links("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                f'<sheet name="{table}" sheetId="1" r:id="r0"/></sheets></workbook>'
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            _links("worksheet", "worksheets/sheet1.xml", "styles", "styles.xml"),
        ),
        ("xl/styles.xml", _styles()),
        ("xl/worksheets/sheet1.xml", _sheet(listed)),
    ]


def _styles() -> str:
    """The style of text besides the usual one; fonts and fills are those that all readers want."""
    plain = '<font><sz val="11"/><name val="Calibri"/></font>'
    fills = "".join(
        f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "gray125")
    )
    text = f'<xf numFmtId="{_TEXT_FORMAT}" applyNumberFormat="1"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1">{plain}</fonts>'
        f'<fills count="2">{fills}</fills><borders count="1"><border/></borders>'
        f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>{text}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _links(*given: str) -> str:
    """Links of the given kinds and targets, in turn."""
    links = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(zip(given[::2], given[1::2], strict=True))
    )
    return f'<Relationships xmlns="{_LINKS}">{links}</Relationships>'


def _sheet(listed: list[list[str]]) -> str:
    cells = "".join(
        "<row>"
        + "".join(f'<c s="1" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in listed
    )
    width = len(listed[0])
    return (
        f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="{width}" width="24" style="1" '
        f'customWidth="1"/></cols><sheetData>{cells}</sheetData></worksheet>'
    )
