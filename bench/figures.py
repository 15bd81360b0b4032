"""Figures: what was measured, beside what it should be, as a table and as JSON."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; with `at_most` or `at_least` it has a target."""

    section: str
    label: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The target in words; empty when there is none."""
        if self.at_most is not None:
            return f"at most {_number(self.at_most)}"
        return "" if self.at_least is None else f"at least {_number(self.at_least)}"

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty when there is none."""
        if not self.target:
            return ""
        is_high = self.at_most is not None and self.value > self.at_most
        is_low = self.at_least is not None and self.value < self.at_least
        return "not ok" if is_high or is_low else "ok"

    def cells(self) -> tuple[str, ...]:
        """The figure as a row of a table."""
        return (self.label, f"{_number(self.value)} {self.unit}".strip(), self.target, self.verdict)


_DIGITS = ((1000, 0), (100, 1), (1, 2))


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    digits = next((digits for least, digits in _DIGITS if abs(value) >= least), 3)
    return f"{value:,.{digits}f}"


def as_markdown(title: str, about: dict[str, Any], figures: Iterable[Figure]) -> str:
    """The figures as one table per section, under what they were measured on."""
    lines = [f"# {title}", "", *(f"- {name}: {value}" for name, value in about.items())]
    sections: dict[str, list[Figure]] = {}
    for figure in figures:
        sections.setdefault(figure.section, []).append(figure)
    for section, members in sections.items():
        lines += ["", f"## {section}", "", "| | measured | target | |", "|---|---:|---|---|"]
        lines += [f"| {' | '.join(figure.cells())} |" for figure in members]
        lines += ["", *(note for note in dict.fromkeys(figure.note for figure in members) if note)]
        while not lines[-1]:
            lines.pop()
    return "\n".join(lines) + "\n"


def about_machine() -> dict[str, Any]:
    """What figures were measured on."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processors": os.cpu_count(),
        "load of the machine at the end": f"{os.getloadavg()[0]:.1f}",
    }


def write(name: str, title: str, about: dict[str, Any], figures: list[Figure]) -> list[Path]:
    """The files that now hold the figures."""
    RESULTS.mkdir(exist_ok=True)
    table, data = RESULTS / f"{name}.md", RESULTS / f"{name}.json"
    table.write_text(as_markdown(title, about, figures), encoding="utf-8")
    told = [{**asdict(figure), "verdict": figure.verdict} for figure in figures]
    body = {**about, "figures": told}
    data.write_bytes(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return [table, data]
