"""How commands show how far a long piece of work is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from graph.commands.console import console
from seed.progress import Progress as Told


@contextmanager
def progress() -> Iterator[Told]:
    """Bars on a terminal; in a log, a line for each finished stage."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Tell(bars)


class _Tell:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, label: str, done: int, total: int) -> None:
        if not console.is_terminal:
            if done == total:
                console.print(f"{label}: {total:,}", highlight=False)
            return
        if label not in self._tasks:
            self._tasks[label] = self._bars.add_task(label, total=total)
        self._bars.update(self._tasks[label], completed=done, total=total)
