"""What all records of the graph share: a global id."""

from typing import Any

import strawberry


@strawberry.interface(
    description="A record of the graph, found again by `node(id:)` whenever and wherever loaded."
)
class Node:
    id: strawberry.ID = strawberry.field(
        description=(
            "The global id: opaque, and the same for the same record in every release and on "
            "every server."
        )
    )

    @classmethod
    def is_type_of(cls, record: Any, _info: Any) -> bool:
        """Whether a record, as the stock executor has it, is of this type."""
        return getattr(record, "type_name", None) == cls.__name__

    @classmethod
    def resolve_type(cls, record: Any, *_: Any) -> str:
        """The type of a record where only the interface is known."""
        name: str = record.type_name
        return name


ID = "The global id, for `node(id:)`."
