"""What an operation carries: the database it reads and what it has cost so far."""

from dataclasses import dataclass, field

from graph.storage.read import Database


@dataclass(slots=True)
class Context:
    """The context value of one operation. `statements` are the texts that it has run."""

    database: Database
    statements: list[str] = field(default_factory=list)
