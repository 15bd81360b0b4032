"""What of a record is told to the public, by what names: of changes and of what lists claim.

Records come as rows whose references are ids of the API (uids), with the rows that are part of
them, as imports have them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from graph.domain.decimals import from_micro

# A field of a change as the log has it: no table, a part of `change.fields`.
CHANGED_FIELD = sa.table(
    "changed_field", sa.column("name"), sa.column("before"), sa.column("after")
)

Facts = dict[str, Any]

# Derived from what stands beside them, or nothing to the public.
_PRIVATE = frozenset({"uid", "key", "level_rank", "rank", "commune_id"})
# Derived of a body, which has a slug for a code.
_WITHIN = frozenset({"departement_id", "region_id", "epci_id", "ept_id"})
_FOLDED = "_folded"


def facts_of(row: Mapping[str, Any]) -> Facts:
    """The values that a row tells the public, by the names of the API."""
    code = row.get("code") or ""
    derived = _PRIVATE if code == code.upper() else _PRIVATE | _WITHIN
    return {
        _public(name): _shown(name, value)
        for name, value in row.items()
        if name not in derived and not name.endswith(_FOLDED)
    }


def parts_as_shown(rows: Iterable[Mapping[str, Any]], owner: str) -> list[Any]:
    """What rows tell that are part of a record, without its own id; in one order."""
    return sorted((_part(row, owner) for row in rows), key=repr)


def _part(row: Mapping[str, Any], owner: str) -> Any:
    values = {_public(name): value for name, value in row.items() if name != owner}
    return values["code"] if len(values) == 1 else dict(sorted(values.items()))


def _public(column: str) -> str:
    """The name that the API gives a column."""
    for ending in ("_id", "_micro", "_fr"):
        column = column.removesuffix(ending)
    first, *words = column.split("_")
    return first + "".join(word.capitalize() for word in words)


def _shown(column: str, value: Any) -> Any:
    if column.endswith("_micro") and value is not None:
        return from_micro(value)
    return value.split() if column == "postal_codes" else value
