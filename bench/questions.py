"""The documents that are measured, and how many statements each may take."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from graph.execution.declaration import Edge, declaration_of

_FOLDER = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Question:
    """A document of `queries/`, by the name of its file."""

    name: str
    text: str


# The heaviest first: what the targets are about.
NESTED, WINNERS, COMMUNE, COMMUNE_MINIMAL = QUESTIONS = tuple(
    Question(name, (_FOLDER / f"{name}.graphql").read_text(encoding="utf-8"))
    for name in ("nested", "winners", "commune", "commune_minimal")
)
PAGES = tuple(
    Question(file.stem, file.read_text(encoding="utf-8"))
    for file in sorted((_FOLDER / "pages").glob("*.graphql"))
)


def statements_allowed(schema: strawberry.Schema, question: Question) -> int:
    """One statement per edge in the document, and one per `totalCount`."""
    core: GraphQLSchema = schema._schema  # noqa: SLF001  # Strawberry shows no other way
    info = TypeInfo(core)
    counter = _CountEdges(info)
    visit(parse(question.text), TypeInfoVisitor(info, counter))
    return counter.found


class _CountEdges(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.found = 0
        self._info = info

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        is_count = node.name.value == "totalCount" and parent is not None
        if is_count or (field is not None and isinstance(declaration_of(field), Edge)):
            self.found += 1
