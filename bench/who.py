"""How well printed names are identified, and how fast.

python -m bench.who sqlite:///terrigraph.db          # any database with the committed data
python -m bench.who sqlite:///terrigraph.db --every 10 --only names
"""

import argparse
import gc
import resource
from collections.abc import Iterable
from pathlib import Path
from time import process_time
from typing import NamedTuple

from bench.names import (
    DEVELOPMENT,
    HELD_OUT,
    SPELLINGS,
    Case,
    absent,
    generated,
    is_withheld,
    printed,
    with_departement,
)
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.who import Register
from seed.who.entries import Entry, read_entries, read_former_codes

RESULTS = Path(__file__).parent / "results"


class Score(NamedTuple):
    """How many of the `asked` names were decided right, and the others."""

    asked: int
    right: int
    wrong: tuple[str, ...]
    none: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Of the decided ones, those that are right."""
        decided = self.right + len(self.wrong)
        return self.right / decided if decided else 1.0

    @property
    def recall(self) -> float:
        """Of all, those that are decided and right."""
        return self.right / self.asked

    def line(self, title: str) -> str:
        """A row of a table."""
        return (
            f"| {title} | {self.asked:,} | {self.precision:.2%} | {self.recall:.2%} "
            f"| {len(self.wrong):,} | {len(self.none):,} |"
        )


HEADER = "| Names | Asked | Precision | Recall | Wrong | To review |\n|---|---|---|---|---|---|"


def score(register: Register, cases: Iterable[Case]) -> Score:
    """Asks all; a name that holds several counts once for each of them."""
    asked, right, wrong, none = 0, 0, [], []
    for case in cases:
        asked += 1
        decisions = register.identify_each(case.asked)
        found = " ; ".join(f"{each.kind}:{each.code}" for each in decisions)
        if not all(each.is_sure for each in decisions):
            none.append(f"{case.asked.text} ({case.kind}:{case.code})")
        elif any((each.kind, each.code) == (case.kind, case.code) for each in decisions):
            right += 1
        else:
            wrong.append(f"{case.asked.text} ({case.kind}:{case.code}): {found}")
    return Score(asked, right, tuple(wrong), tuple(none))


def award_names(entries: list[Entry], former: dict[str, str]) -> list[str]:
    """Both halves, by the official code alone and with the bodies of the committed data."""
    lines = ["## Names of the committed awards", "", HEADER]
    official = Register([entry for entry in entries if entry.is_official], former)
    with_bodies = Register(entries, former)
    failed: list[str] = []
    for half, title in ((DEVELOPMENT, "rules made on them"), (HELD_OUT, "held out")):
        cases = printed(half)
        alone = score(official, cases)
        lines += [
            alone.line(f"{title}; official code alone"),
            score(with_bodies, cases).line(f"{title}; with the bodies"),
            score(with_bodies, with_departement(cases, entries)).line(
                f"{title}; with bodies and the département beside the name"
            ),
        ]
        failed += ["", f"Not decided ({title}, official code alone):", ""]
        failed += [f"- {each}" for each in alone.none]
        failed += [f"- WRONG {each}" for each in alone.wrong]
    return lines + failed


def generated_names(entries: list[Entry], former: dict[str, str], every: int) -> list[str]:
    """All territories in every spelling, and names that nobody has."""
    official = [entry for entry in entries if entry.is_official]
    register = Register(official, former)
    lines = ["## Official names in usual spellings", "", HEADER]
    for spelling in SPELLINGS:
        cases = [*generated(official, spelling)][::every]
        lines.append(score(register, cases).line(spelling))
        placed = with_departement(cases, official)
        lines.append(score(register, placed).line(f"{spelling}, with département"))
    lines += ["", "## Names of communes and EPCI that the register was built without", ""]
    lines += ["| Names | Asked | Taken for another |", "|---|---|---|"]
    without = Register([entry for entry in official if not is_withheld(entry)], {})
    cases = [*absent(official)][:: max(1, every // 4)]
    for title, asked in (
        ("alone", cases),
        ("with département", list(with_departement(cases, official))),
    ):
        taken = len(score(without, asked).wrong)
        lines.append(f"| {title} | {len(asked):,} | {taken:,} ({taken / len(asked):.2%}) |")
    return lines


def speed(url: str, entries: list[Entry], former: dict[str, str]) -> list[str]:
    """To build a register, and to identify names that differ and that repeat."""
    engine = open_engine(url)
    built = []
    for _ in range(5):
        with engine.connect() as connection:
            gc.collect()
            started = process_time()
            Register.of(connection)
            built.append(process_time() - started)
    engine.dispose()
    names = [
        case.asked
        for spelling in ("capitals", "abbreviated")
        for case in generated(entries, spelling)
    ][::8]
    distinct = []
    for _ in range(3):
        register = Register(entries, former)
        started = process_time()
        for asked in names:
            register.identify(asked)
        distinct.append(len(names) / (process_time() - started))
    few = names[:5_000] * 10
    started = process_time()
    for asked in few:
        register.identify(asked)
    repeated = len(few) / (process_time() - started)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        "## Speed",
        "",
        "In time of the processor, which others on the machine do not count in.",
        "",
        f"- building a register of {len(entries):,}: {min(built):.2f} s, best of {len(built)}",
        f"- names that differ: {max(distinct):,.0f} a second, best of {len(distinct)}",
        f"- names that repeat: {repeated:,.0f} a second",
        f"- the most memory of the whole bench, several registers at a time: {most:,.0f} MiB",
    ]


def main() -> None:
    """Print all figures, and keep those of a whole run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--every", type=int, default=1, help="ask one of so many generated names")
    parser.add_argument("--only", choices=("awards", "names", "speed"))
    given = parser.parse_args()
    engine = open_engine(given.url)
    upgrade(engine)
    with engine.connect() as connection:
        entries, former = read_entries(connection), read_former_codes(connection)
    engine.dispose()
    parts = {
        "awards": lambda: award_names(entries, former),
        "names": lambda: generated_names(entries, former, given.every),
        "speed": lambda: speed(given.url, entries, former),
    }
    chosen = [given.only] if given.only else list(parts)
    text = "\n\n".join("\n".join(parts[part]()) for part in chosen) + "\n"
    print(text)
    if not given.only:
        note = f"Of the generated names, one of {given.every}.\n\n" if given.every > 1 else ""
        (RESULTS / "who.md").write_text(f"# Who is this?\n\n{note}{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
