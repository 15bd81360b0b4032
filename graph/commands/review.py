"""`terrigraph review`: names that no rule decides, and people who do."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Annotated

import orjson
import sqlalchemy as sa
import typer

from graph.commands.console import AsJson, Database, opened
from graph.commands.identify import as_data, in_words
from graph.domain.codes import Kind, ReviewStatus
from seed.who import Body, memory
from seed.who.bodies import slug_of
from seed.who.memory import Review

review = typer.Typer(
    help="Decide the names that are not certain; the next import remembers it.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(help="The number of the name in the list.", min=1)]


@review.command(
    "list", epilog="Examples: terrigraph review list · terrigraph review list --all --json"
)
def list_names(
    database: Database = None,
    *,
    is_all: Annotated[bool, typer.Option("--all", help="The decided ones, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the names that are not certain, with their numbers and what is proposed.

    Exit codes: 0 listed, also where nothing is; 4 the database cannot be used.
    """
    with opened(database) as engine, engine.connect() as connection:
        _write(memory.listed(connection, None if is_all else ReviewStatus.OPEN), as_json=as_json)


@review.command(epilog="Examples: terrigraph review accept 12 · terrigraph review accept 12 13 14")
def accept(
    numbers: Annotated[list[int], typer.Argument(help="Numbers of names in the list.", min=1)],
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Accept what is proposed for names: for all of them, or if one cannot be, for none.

    Exit codes: 0 accepted, 1 nothing is proposed or no name has the number, 4 the database
    cannot be used.
    """

    def decide(connection: sa.Connection) -> list[Review]:
        return [memory.accept(connection, number) for number in numbers]

    _decide(decide, database, as_json=as_json)


@review.command(
    epilog="Examples: terrigraph review correct 12 COMMUNE:97415 · "
    'terrigraph review correct 13 --body "Aix-la-Chapelle" --sub-kind "commune étrangère" · '
    'terrigraph review correct 14 --body "Office de tourisme" --sub-kind office '
    "--parent COMMUNE:45234"
)
def correct(  # noqa: PLR0913, PLR0917  # the options of a command
    number: Number,
    whom: Annotated[
        str | None, typer.Argument(help="Whom the name means.", metavar="KIND:CODE")
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="The name of a body without an official code.")
    ] = None,
    sub_kind: Annotated[str, typer.Option(help="What the body is, in French.")] = "organisme",
    parent: Annotated[
        str | None, typer.Option(help="What the body belongs to.", metavar="KIND:CODE")
    ] = None,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say whom a name means, where the proposal is wrong or there is none.

    Exit codes: 0 corrected, 1 no such name, collectivity or kind, 4 the database cannot be used.
    """
    if (whom is None) == (body is None):
        raise ValueError("write whom the name means, KIND:CODE, or else --body NAME; one of both")

    def decide(connection: sa.Connection) -> list[Review]:
        if whom is not None:
            return [memory.correct(connection, number, *_key(whom))]
        belongs = _key(parent) if parent else (None, None)
        name = " ".join((body or "").split())
        if not slug_of(name):
            raise ValueError("--body holds no letter or digit; write the name of the body")
        new = Body(slug_of(name), sub_kind, name, *belongs)
        return [memory.correct_to_body(connection, number, new)]

    _decide(decide, database, as_json=as_json)


@review.command(epilog="Examples: terrigraph review reopen 12")
def reopen(number: Number, database: Database = None, *, as_json: AsJson = False) -> None:
    """Put a decided name back on the list.

    Exit codes: 0 it is open, 1 no name has the number, 4 the database cannot be used.
    """
    _decide(lambda connection: [memory.reopen(connection, number)], database, as_json=as_json)


def _key(text: str) -> tuple[Kind, str]:
    kind, _, code = text.partition(":")
    if kind not in set(Kind) or not code:
        raise ValueError(
            f"{text!r} names nobody; write KIND:CODE, such as COMMUNE:45234; "
            f"kinds are {', '.join(Kind)}"
        )
    return Kind(kind), code


def _decide(
    decide: Callable[[sa.Connection], list[Review]], database: str | None, *, as_json: bool
) -> None:
    with opened(database) as engine, engine.begin() as connection:
        _write(decide(connection), as_json=as_json)


def _write(reviews: Iterable[Review], *, as_json: bool) -> None:
    if as_json:
        data = [_as_data(each) for each in reviews]
        sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    for each in reviews:
        hints = [each.asked.kind, each.asked.departement, each.asked.code, each.asked.siren]
        told = ", ".join(hint for hint in hints if hint)
        beside = f" ({told})" if told else ""
        sys.stdout.write(f"{each.number}  {each.status}  {each.asked.text}{beside}\n")
        sys.stdout.write("".join(f"    {line}\n" for line in in_words(each.decision).split("\n")))


def _as_data(review: Review) -> dict[str, object]:
    return {
        "number": review.number,
        "status": review.status,
        "asked": {key: value for key, value in asdict(review.asked).items() if key != "year"},
        "asked_at": review.asked_at,
        "decided_at": review.decided_at,
        **as_data(review.decision),
    }
