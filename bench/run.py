"""The benchmark: one command measures all figures in one run and keeps them beside the code.

`python -m bench.run` from the root of the project; `bench/README.md` tells what they mean.
"""

import argparse
import os
import platform
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import (
    again,
    asking,
    dataset,
    figures,
    first_load,
    in_process,
    memory,
    over_http,
    pages,
    profiling,
    records,
)
from bench.databases import CACHE, POSTGRESQL, SQLITE, server, url_of
from bench.figures import Figure
from bench.questions import PAGES, QUESTIONS
from graph.storage.engine import open_engine

PARTS = ("time", "memory", "pages", "load", "http", "again", "asking")


def main() -> None:
    """Measure what the options name."""
    options = _options().parse_args()
    with server(options.engine, options.folder) as server_url:
        url = url_of(server_url, options.folder, f"bench_x{options.scale}")
        # In a process of its own: what it takes to make the data is no part of the figures.
        memory.apart(dataset.ensure, url, options.scale)
        if options.profile:
            known = {question.name: question for question in (*QUESTIONS, *PAGES)}
            profiling.profile(url, known[options.profile])
            return
        empty_url = url_of(server_url, options.folder, "bench_first_load")
        _measure(options, url, empty_url)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    options.add_argument("--engine", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    options.add_argument("--scale", type=int, choices=dataset.SCALES, default=1)
    options.add_argument("--quick", action="store_true", help="fewer rounds; keeps no result")
    options.add_argument(
        "--only",
        action="append",
        choices=PARTS,
        help="measure this part only, or several by repeating it; the result is named by them",
    )
    options.add_argument(
        "--profile",
        metavar="QUERY",
        choices=[question.name for question in (*QUESTIONS, *PAGES)],
        help="print where the time of one query goes instead",
    )
    options.add_argument("--folder", type=Path, default=CACHE, help="where the data is kept")
    return options


def _measure(options: argparse.Namespace, url: str, empty_url: str) -> None:
    is_quick = options.quick
    parts: dict[str, Callable[[], Any]] = {
        "time": lambda: in_process.measure(url, is_quick=is_quick),
        "memory": lambda: in_process.measure_memory(url),
        "pages": lambda: pages.measure(url, options.scale, is_quick=is_quick),
        "load": lambda: first_load.measure(empty_url),
        "http": lambda: over_http.measure(url, is_quick=is_quick),
        "again": lambda: again.measure(url, is_quick=is_quick),
        "asking": lambda: asking.measure(url, options.scale, is_quick=is_quick),
    }
    measured: list[Figure] = []
    for name in options.only or PARTS:
        print(f"measuring {name} …", flush=True)
        measured += parts[name]()
    title = f"{_ENGINES[options.engine]}, scale {options.scale}"
    about = _about(options, url)
    print()
    print(figures.as_markdown(title, about, measured))
    if not is_quick:
        name = "-".join([*(options.only or ()), f"{options.engine}-x{options.scale}"])
        for file in figures.write(name, title, about, measured):
            print(f"written: {file.relative_to(Path(__file__).parent.parent)}")


_ENGINES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


def _about(options: argparse.Namespace, url: str) -> dict[str, Any]:
    sizes = f"{records.INITIATIVES * options.scale:,} initiatives"
    sizes += f", {records.AWARDS * options.scale:,} awards"
    sizes += f", {records.METRICS * options.scale:,} metrics, beside the committed data"
    return {
        "data": sizes,
        "engine": f"{_ENGINES[options.engine]} {_engine_version(url)}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processors": os.cpu_count(),
        "load of the machine at the end": f"{os.getloadavg()[0]:.1f}",
    }


def _engine_version(url: str) -> str:
    if url.startswith(SQLITE):
        return sqlite3.sqlite_version
    engine = open_engine(url)
    with engine.connect() as connection:
        version = connection.scalar(sa.text("SHOW server_version"))
    engine.dispose()
    return str(version)


if __name__ == "__main__":
    main()
