"""Collectivities: filters, and look-ups by the codes that people have."""

from graph.domain.codes import Kind
from graph.loaders.collectivity import collectivities
from graph.resolvers.argument import checked_text
from graph.resolvers.where import Fields
from graph.storage.criteria import Compare, Criterion, Every, FirstOf
from graph.storage.selection import Selection
from graph.storage.tables import Collectivity, FormerCode, columns_of

_collectivity, _former = columns_of(Collectivity), columns_of(FormerCode)
FIELDS: Fields = {
    "kind": _collectivity.kind,
    "code": _collectivity.code,
    "sub_kind": _collectivity.sub_kind,
    "siren": _collectivity.siren,
    "is_current": _collectivity.is_current,
}

# Kinds of OTHER that have a commune code of their own.
_COMMUNE_PARTS = ("arrondissement municipal", "commune associée", "commune déléguée")

IS_COMMUNE: Criterion = Compare(_collectivity.kind, "eq", Kind.COMMUNE.value)


def collectivity_by_code(kind: Kind, code: str) -> Selection:
    """The collectivity of an official code, or of the slug of an OTHER.

    A commune code of the past leads to what bears it now: a delegated or associated commune,
    which tells its successor, or else the commune that took it over.
    """
    code = checked_text(kind.lower(), code.strip())
    if kind is Kind.COMMUNE:
        return Selection(collectivities, _answers_to_commune_code(code.upper()))
    code = code if kind is Kind.OTHER else code.upper()
    return Selection(collectivities, _has_code(kind, code))


def collectivity_by_siren(siren: str) -> Selection:
    """The commune, EPCI or EPT of a SIREN; spaces are ignored."""
    siren = checked_text("siren", "".join(siren.split()))
    return Selection(collectivities, Compare(_collectivity.siren, "eq", siren))


def _has_code(kind: Kind, code: str) -> Criterion:
    return Every(
        (
            Compare(_collectivity.kind, "eq", kind.value),
            Compare(_collectivity.code, "eq", code),
        )
    )


def _answers_to_commune_code(code: str) -> Criterion:
    is_part = Every(
        (
            _has_code(Kind.OTHER, code),
            Compare(_collectivity.sub_kind, "in", _COMMUNE_PARTS),
        )
    )
    return FirstOf(
        _collectivity.id,
        (
            (_collectivity.id, _has_code(Kind.COMMUNE, code)),
            (_collectivity.id, is_part),
            (_former.collectivity_id, Compare(_former.code, "eq", code)),
        ),
    )
