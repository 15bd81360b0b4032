"""What an operation costs, asked beside it or instead of it."""

from typing import Annotated, Any

import strawberry
from strawberry import argument


@strawberry.type(
    description="What an operation costs. `extensions.cost` of an answer says the same."
)
class OperationCost:
    points: int = strawberry.field(
        description="Points of work, some 10 µs each: rows, statements, and what reads many rows."
    )
    nodes: int = strawberry.field(
        description="Rows asked for: the sizes of pages inside pages, multiplied and added up."
    )
    depth: int = strawberry.field(description="How deep fields are nested.")


def _cost(
    info: strawberry.Info,
    dry_run: Annotated[  # noqa: FBT002  # GraphQL names its arguments
        bool,
        argument(
            description="Only tell: nothing is read, root fields that read are null, no limit of "
            "rows or points applies, and no points are counted but those of reading a new document."
        ),
    ] = False,
) -> Any:
    del dry_run  # known before anything is run
    return info.context.cost


cost: Any = strawberry.field(
    resolver=_cost, description="What this operation costs, with `dryRun` without running it."
)
