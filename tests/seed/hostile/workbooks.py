"""Workbooks written part by part, as no spreadsheet would save them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def sheet_xml(rows: str, behind: str = "") -> str:
    """A sheet of the given rows."""
    return f'{HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>'


def text(place: str, value: str) -> str:
    """A cell with its own text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def row(number: int, *cells: str) -> str:
    """A row of cells of text; what starts as a cell is one."""
    made = [
        cell if cell.startswith("<c") else text(f"{chr(65 + column)}{number}", cell)
        for column, cell in enumerate(cells)
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def write(  # noqa: PLR0913  # each is a part of a workbook
    path: Path,
    sheets: Mapping[str, str | bytes],
    *,
    formats: Mapping[int, str] | None = None,
    shared: str | bytes = "",
    attributes: str = "",
    states: Mapping[str, str] | None = None,
) -> Path:
    """A workbook of sheets by title. `formats` are the codes of the styles from 1 on."""
    states = states or {}
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="s{n}"'
        f' state="{states.get(title, "visible")}"/>'
        for n, title in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    links += f'<Relationship Id="y" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr '
        f"{attributes}/><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{_PACKAGE}">{links}'
        "</Relationships>",
        "xl/styles.xml": _styles(formats or {}),
        "xl/sharedStrings.xml": shared or f'{HEAD}<sst xmlns="{_MAIN}"/>',
    }
    for number, sheet in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet
    return pack(path, parts)


def pack(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A ZIP file of the given parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def shared_xml(*texts: str) -> str:
    """Shared texts, each as it stands inside `si`."""
    return f'{HEAD}<sst xmlns="{_MAIN}">' + "".join(f"<si>{t}</si>" for t in texts) + "</sst>"


def _styles(formats: Mapping[int, str]) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{163 + number}" formatCode={quoteattr(code)}/>'
        for number, code in formats.items()
    )
    styles = "".join(f'<xf numFmtId="{163 + number}"/>' for number in formats)
    return (
        f'{HEAD}<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}'
        "</cellXfs></styleSheet>"
    )
