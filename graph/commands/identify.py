"""`terrigraph identify`: whom a printed name means."""

import sys
from typing import Annotated, Any

import orjson
import typer

from graph.commands.console import UNDECIDED, AsJson, Database, opened
from graph.domain.codes import Kind
from seed.who import THRESHOLD, Asked, Candidate, Decision, Register
from seed.who.memory import remember

EXAMPLES = (
    'Examples: terrigraph identify "Ville de Paris" · '
    'terrigraph identify "St-Rémy" --departement 70 --json · '
    'terrigraph identify "CC du Pays de Gex" --kind EPCI · terrigraph identify CD45'
)


def identify(  # noqa: PLR0913, PLR0917  # the options of a command
    name: Annotated[str, typer.Argument(help="The name as a list prints it, or a code.")],
    departement: Annotated[
        str | None, typer.Option(help="Where it is: a code or a name.", metavar="CODE")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What it is.")] = None,
    code: Annotated[str | None, typer.Option(help="The code beside it.")] = None,
    siren: Annotated[str | None, typer.Option(help="The SIREN or SIRET beside it.")] = None,
    year: Annotated[int | None, typer.Option(help="When it was called so.")] = None,
    database: Database = None,
    *,
    keep: Annotated[
        bool, typer.Option("--review", help="Put it on the review list if it is not certain.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which collectivity or body a name means, how certain that is, and why.

    Exit codes: 0 decided, 1 no collectivities are loaded, 4 the database cannot be used,
    5 not certain enough.
    """
    asked = Asked(name, kind, departement, code, siren, year)
    with opened(database) as engine, engine.begin() as connection:
        register = Register.of(connection)
        if register.is_empty:
            raise ValueError("no collectivities are loaded; load them first: terrigraph seed")
        decision = register.identify(asked)
        if keep:
            remember(connection, [(asked, decision)])
    text = in_json(decision) if as_json else in_words(decision)
    sys.stdout.write(text + "\n")
    if not decision.is_sure:
        raise typer.Exit(UNDECIDED)


def in_json(decision: Decision) -> str:
    """A decision for programs."""
    return orjson.dumps(as_data(decision), option=orjson.OPT_INDENT_2).decode()


def as_data(decision: Decision) -> dict[str, Any]:
    """A decision in plain values."""
    return {
        "is_sure": decision.is_sure,
        "kind": decision.kind,
        "code": decision.code,
        "name": decision.name,
        "score": round(decision.score, 3),
        "threshold": THRESHOLD,
        "reasons": {"fr": decision.reasons, "en": decision.reasons_en},
        "others": decision.others,
        "body": decision.body,
    }


def in_words(decision: Decision) -> str:
    """A decision for people: whom, how sure, why, and who else."""
    whom = "nobody for certain"
    if decision.code:
        whom = f"{decision.kind}:{decision.code}  {decision.name}"
    is_new = ", to be created" if decision.body else ""
    state = "" if decision.is_sure else ", below the threshold"
    lines = [f"{whom}  ({decision.score:.2f}{state}{is_new})"]
    lines += [f"  {reason}" for reason in decision.reasons_en]
    lines += [f"  or {_candidate(each)}" for each in decision.others]
    return "\n".join(lines)


def _candidate(candidate: Candidate) -> str:
    place = f" ({candidate.departement})" if candidate.departement else ""
    return f"{candidate.kind}:{candidate.code}  {candidate.name}{place}"
