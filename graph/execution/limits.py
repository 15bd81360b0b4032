"""The limits in force, as callers are told of them."""

from typing import NamedTuple

from pydantic import BaseModel


class Limit(NamedTuple):
    """A limit: nothing may be more than `max`."""

    name: str
    max: float
    unit: str
    description: str


def told_limits(settings: BaseModel) -> list[Limit]:
    """The settings that bound what callers may do."""
    found = []
    for name, setting in type(settings).model_fields.items():
        told = setting.json_schema_extra
        if isinstance(told, dict) and "unit" in told:
            most = getattr(settings, name)
            found.append(
                Limit(str(told["name"]), most, str(told["unit"]), setting.description or "")
            )
    return found
