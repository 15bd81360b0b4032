"""Lists that have native columns: which table one is, by its name or by its columns."""

from seed.faults import BrokenData, fault
from seed.files import TABLES
from seed.habits import did_you_mean
from seed.read import Sheet
from seed.typed import Reader

_BY_NAME = {
    name: table
    for table, file in TABLES.items()
    for name in (table, file.name.partition(".")[0], file.target)
    if name == table or TABLES.get(name) in (None, file)
}


def table_of(sheet: Sheet, told: str | None = None) -> str:
    """The native table that a sheet is: the one that is told, or that its name or header says.

    BrokenData if it could be several or none, with what to write.
    """
    if told is not None:
        if told in TABLES:
            return told
        meant = did_you_mean(told, TABLES) or f"write one of {', '.join(TABLES)}"
        raise BrokenData([fault(sheet.name, 0, "", told, f"is no table; {meant}")])
    for name in _names(sheet):
        if name in _BY_NAME:
            return _BY_NAME[name]
    fitting = [table for table in TABLES if _fits(sheet, table)]
    if len(fitting) == 1:
        return fitting[0]
    could = f"could be {' or '.join(fitting)}" if fitting else "has columns of no table"
    reason = f"{could}; name the file after its table, as award.csv, or write a mapping"
    raise BrokenData([fault(sheet.name, sheet.header_row, "", ", ".join(sheet.header), reason)])


def _names(sheet: Sheet) -> list[str]:
    """The title of a sheet of a workbook, then the name of the file without its ending."""
    file, _, title = sheet.name.partition("#")
    return [title.strip().lower(), file.partition(".")[0].strip().lower()]


def _fits(sheet: Sheet, table: str) -> bool:
    reader = Reader(TABLES[table], {"source": ""})
    columns = [reader.column(name) for name in sheet.header]
    return None not in columns and not reader.lacking([c for c in columns if c])
