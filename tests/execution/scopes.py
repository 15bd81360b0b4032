"""What a generated question is made of: scopes of response names, and cursors met before."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType


@dataclass(frozen=True)
class Question:
    """What a caller sends."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    merges: bool = False


@dataclass
class Entry:
    """A field that is selected under a response name."""

    text: str
    scope: "Scope | None"


@dataclass
class Scope:
    """An object of the response: its type, how many there are, and what is selected."""

    type: GraphQLObjectType | GraphQLInterfaceType
    rows: int
    depth: int
    page: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    # Under an interface: the types met, and the return types of their common names.
    members: dict[str, "Scope"] = field(default_factory=dict)
    shapes: dict[str, str] | None = None

    def copied_entries(self) -> dict[str, Entry]:
        """The same names in scopes of their own, for another place of the document."""
        return {
            name: Entry(entry.text, entry.scope and entry.scope.copied())
            for name, entry in self.entries.items()
        }

    def copied(self) -> "Scope":
        members = {name: member.copied() for name, member in self.members.items()}
        return replace(self, entries=self.copied_entries(), members=members)


@dataclass
class Cursors:
    """Cursors that answers held, by `Type.field`, each with the filter it was answered to."""

    known: dict[str, list[tuple[Any, list[str]]]] = field(default_factory=dict)

    def draw(self, random: Random, coordinate: str) -> tuple[Any, list[str]] | None:
        found = self.known.get(coordinate)
        return random.choice(found) if found else None

    def foreign(self, random: Random) -> str:
        everywhere = [cursor for all_ in self.known.values() for _, some in all_ for cursor in some]
        return random.choice(everywhere or ["x"])
