"""The limits in force."""

from typing import Any

import strawberry

from graph.schema.scalars import Decimal


@strawberry.type(description="A limit: nothing may be more than `max`.")
class ApiLimit:
    name: str = strawberry.field(description="Its name, as refusals tell it.")
    max: Decimal = strawberry.field(description="The most that is accepted.")
    unit: str = strawberry.field(description="What it counts.")
    description: str = strawberry.field(description="What is counted.")


def _api_limits(info: strawberry.Info) -> Any:
    return info.schema.told_limits  # type: ignore[attr-defined]  # of our schema


api_limits: Any = strawberry.field(
    resolver=_api_limits,
    description="The limits in force: what connections may send, and what an "
    "operation may hold, ask for and take.",
)
