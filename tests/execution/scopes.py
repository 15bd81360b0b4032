"""What a generated question is made of: scopes of response names, and cursors met before."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType


@dataclass(frozen=True)
class Question:
    """What a caller sends. `asks` names what of interest is in it, for statistics."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    asks: frozenset[str] = frozenset()


@dataclass
class Entry:
    """A field that is selected under a response name."""

    text: str
    scope: "Scope | None"


@dataclass
class Scope:
    """An object of the response: its type, how many there are, and what is selected.

    `keys` are those of the groups that it is in, `grouping` tells what they are made of;
    `records` are the types that an interface mostly stands for.
    """

    type: GraphQLObjectType | GraphQLInterfaceType
    rows: int
    depth: int
    page: int = 0
    keys: tuple[str, ...] = ()
    grouping: str = ""
    records: tuple[str, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)
    # Under an interface: the types met, and the return types of their common names.
    members: dict[str, "Scope"] = field(default_factory=dict)
    shapes: dict[str, str] | None = None

    def emptied(self) -> "Scope":
        """The same place with nothing selected yet."""
        return replace(self, entries={}, members={}, shapes=None)

    def is_like(self, other: "Scope") -> bool:
        """Whether what is selected in the one can be in the other."""
        return (self.type, self.page, self.keys) == (other.type, other.page, other.keys)

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
    """Cursors that answers held, by list, each with the arguments it was answered to."""

    known: dict[str, list[tuple[dict[str, Any], list[str]]]] = field(default_factory=dict)

    def draw(self, random: Random, coordinate: str) -> tuple[dict[str, Any], list[str]] | None:
        found = self.known.get(coordinate)
        return random.choice(found) if found else None

    def foreign(self, random: Random) -> str:
        everywhere = [cursor for all_ in self.known.values() for _, some in all_ for cursor in some]
        return random.choice(everywhere or ["x"])
