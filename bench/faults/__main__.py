"""All faults, or those that are named, with the figures of each beside what must hold."""

import argparse
import os
import platform
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import figures
from bench.faults.crowds import FAULTS, scarce_descriptors
from bench.faults.ends import ends
from bench.faults.files import files
from bench.faults.outage import outage
from bench.figures import Figure
from bench.served import Served, fresh_file

PARTS = (*FAULTS, "descriptors", "ends", "files", "outage")


def measure(part: str, loaded: Path, *, is_quick: bool) -> Iterator[Figure]:
    """The figures of one fault, on a copy of a database that is loaded."""
    if part == "outage":
        yield from outage(is_quick=is_quick)
        return
    with fresh_file() as path:
        url = f"sqlite:///{shutil.copyfile(loaded, path)}"
        if part in FAULTS:
            with Served(url) as served:
                yield from FAULTS[part](served, is_quick=is_quick)
            return
        others: dict[str, Callable[[], Iterator[Figure]]] = {
            "descriptors": lambda: scarce_descriptors(url, is_quick=is_quick),
            "ends": lambda: ends(url, is_quick=is_quick),
            "files": lambda: files(path, is_quick=is_quick),
        }
        yield from others[part]()


def main() -> None:
    """Make what the options name."""
    options = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    options.add_argument("--only", action="append", choices=PARTS)
    options.add_argument("--quick", action="store_true", help="in short; keeps no result")
    given = options.parse_args()
    measured: list[Figure] = []
    with fresh_file() as loaded:
        with Served(f"sqlite:///{loaded}") as first:
            first.signal(signal.SIGTERM)
            first.wait()
        for part in given.only or PARTS:
            print(f"{part} …", flush=True)
            made = list(measure(part, loaded, is_quick=given.quick))
            measured += made
            for figure in made:
                print("  " + " | ".join(figure.cells()), flush=True)
    about = {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processors": os.cpu_count(),
        "load of the machine at the end": f"{os.getloadavg()[0]:.1f}",
    }
    print(figures.as_markdown("Faults", about, measured))
    if not given.quick and not given.only:
        figures.write("faults", "Faults", about, measured)


if __name__ == "__main__":
    main()
