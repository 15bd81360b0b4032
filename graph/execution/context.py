"""What an operation carries: the database it reads, its cost, and what it has run so far."""

from dataclasses import dataclass, field
from time import perf_counter

from graph.execution.cost import Cost
from graph.storage.read import Database


@dataclass(slots=True)
class Context:
    """The context value of one operation. `statements` are the texts that it has run."""

    database: Database
    cost: Cost | None = None
    began: float = field(default_factory=perf_counter)
    statements: list[str] = field(default_factory=list)
