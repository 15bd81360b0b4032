"""`within` arguments → criteria: a territory, and what of it a record must have.

Région ⊃ département ⊃ commune, and EPCI ⊃ commune, are columns of every collectivity; a
body lies where the collectivity lies that it belongs to.
"""

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from graph.domain.codes import Kind
from graph.domain.errors import BadUserInput, shown
from graph.resolvers.argument import checked_text
from graph.resolvers.where import given
from graph.storage.criteria import Compare, Criterion, Every, FirstOf, Link, Listing, Related
from graph.storage.tables import Collectivity, FormerCode, columns_of, table_of

_collectivity, _former = columns_of(Collectivity), columns_of(FormerCode)

# Kinds of OTHER that have a commune code of their own.
COMMUNE_PARTS = ("arrondissement municipal", "commune associée", "commune déléguée")

# Codes of the official geographic code (COG 2026), and what to write for an example.
_CODES = {
    "region": (Kind.REGION, re.compile(r"[0-9]{2,3}"), "the INSEE code of a région, such as 53"),
    "departement": (
        Kind.DEPARTEMENT,
        re.compile(r"[0-9][0-9AB][0-9]?"),
        "the code of a département, such as 45, 2A or 974",
    ),
    "epci": (Kind.EPCI, re.compile(r"[0-9]{9}"), "the SIREN of an EPCI, such as 200033298"),
    "commune": (
        Kind.COMMUNE,
        re.compile(r"[0-9][0-9AB][0-9]{3}"),
        "the INSEE code of a commune, such as 53130",
    ),
}


@dataclass(frozen=True, slots=True)
class Within:
    """Where a record lies: by the collectivities at the end of a link, or by itself.

    `position` numbers the linked ones; the first of them, 0, is the lead. `listing` holds the
    records of each région and département.
    """

    link: Link | None = None
    position: sa.ColumnElement[Any] | None = None
    listing: Listing | None = None

    def parts(self, asked: Any, path: str) -> list[Criterion]:
        """One condition. BadUserInput for anything but one code of a territory."""
        place = territory(asked, path)
        attribution = given(asked, "attribution")
        if self.link is None or self.position is None:
            if attribution is not None:
                raise BadUserInput(
                    f"`{path}.attribution` means nothing for collectivities; leave it out"
                )
            return [place]
        if attribution is not None and attribution.value == "LEAD_ONLY":
            place = Every((Compare(self.position, "eq", 0), place))
        is_region = given(asked, "region") is not None
        is_listed = is_region or given(asked, "departement") is not None
        listing = self.listing if is_listed else None
        return [Related(self.link, place, is_wide=is_region, listing=listing)]


def listing_of(
    model: type[SQLModel], key: sa.ColumnElement[Any], position: sa.ColumnElement[Any]
) -> Listing:
    """The listing by région and département that `model` holds; `position` is that of the link."""
    here = columns_of(model)
    places = dict.fromkeys((_collectivity.region_id, _collectivity.departement_id), here.place_id)
    return Listing(table_of(model), key, {**places, position: here.position})


def territory(asked: Any, path: str) -> Criterion:
    """Collectivities of one territory, itself included. BadUserInput unless one code is given."""
    codes = [(name, code) for name in _CODES if (code := given(asked, name)) is not None]
    if len(codes) != 1:
        raise BadUserInput(
            f"`{path}` takes one code, not {len(codes)}; write one of {', '.join(_CODES)}, "
            "and combine several by `and` or `or`"
        )
    [(name, written)] = codes
    kind, shape, example = _CODES[name]
    code = checked_text(f"{path}.{name}", written).strip().upper()
    if not shape.fullmatch(code):
        raise BadUserInput(f"`{path}.{name}: {shown(written)}` is no code; write {example}")
    if kind is Kind.COMMUNE:
        return _within_commune(code)
    column = _collectivity[f"{name}_id"]
    return FirstOf(column, ((_collectivity.id, has_code(kind, code)),))


def _within_commune(code: str) -> Criterion:
    return FirstOf(
        _collectivity.commune_id,
        (
            (_collectivity.id, has_code(Kind.COMMUNE, code)),
            (_collectivity.commune_id, is_part_of_commune(code)),
            (_former.collectivity_id, Compare(_former.code, "eq", code)),
        ),
    )


def has_code(kind: Kind, code: str) -> Criterion:
    """The collectivity of a kind and code."""
    return Every(
        (
            Compare(_collectivity.kind, "eq", kind.value),
            Compare(_collectivity.code, "eq", code),
        )
    )


def is_part_of_commune(code: str) -> Criterion:
    """The delegated or associated commune or arrondissement of a commune code."""
    return Every(
        (
            has_code(Kind.OTHER, code),
            Compare(_collectivity.sub_kind, "in", COMMUNE_PARTS),
        )
    )
