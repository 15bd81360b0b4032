"""What was asked and not decided, and what people decided in a review: table `name_decision`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from graph.domain.codes import Kind, ReviewStatus
from graph.storage.tables import Collectivity, NameDecision, table_of
from seed.who import reasons
from seed.who.asked import Asked, Body, Candidate, Decision, question_of
from seed.who.scores import REVIEWED
from seed.who.words import TEXT_MAX_CHARACTERS

_TABLE = table_of(NameDecision)
_DECIDED = (ReviewStatus.ACCEPTED.value, ReviewStatus.CORRECTED.value)
_BATCH_QUESTIONS = 400


@dataclass(frozen=True, slots=True)
class Review:
    """A name on the review list, under a number."""

    number: int
    asked: Asked
    status: ReviewStatus
    decision: Decision
    asked_at: str
    decided_at: str | None


def reviewed(connection: sa.Connection) -> dict[str, Decision]:
    """What people decided, by the question. One statement."""
    query = sa.select(_TABLE).where(_TABLE.c.status.in_(_DECIDED))
    return {row.question: _decided(row) for row in connection.execute(query)}


def remember(connection: sa.Connection, asked: Iterable[tuple[Asked, Decision]]) -> int:
    """Puts what is not sure on the review list; gives the number of names that are new there.

    What is open already is brought up to date; what people decided is left as they did.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    unsure = {question_of(each): (each, why) for each, why in asked if not why.is_sure}
    added = 0
    questions = iter(unsure.items())
    while batch := dict(islice(questions, _BATCH_QUESTIONS)):
        held = sa.select(_TABLE.c.question, _TABLE.c.status).where(_TABLE.c.question.in_(batch))
        known = {row.question: row.status for row in connection.execute(held)}
        rows = [
            _asked_row(question, each, now) | _decision_row(decision)
            for question, (each, decision) in batch.items()
        ]
        new = [row for row in rows if row["question"] not in known]
        if new:
            connection.execute(sa.insert(_TABLE), new)
        for row in rows:
            if known.get(row["question"]) == ReviewStatus.OPEN:
                update = sa.update(_TABLE).where(_TABLE.c.question == row["question"])
                connection.execute(update.values(row | {"asked_at": _TABLE.c.asked_at}))
        added += len(new)
    return added


def listed(
    connection: sa.Connection, status: ReviewStatus | None = ReviewStatus.OPEN
) -> Iterator[Review]:
    """The names on the list, by number; those of one status, or all."""
    query = sa.select(_TABLE).order_by(_TABLE.c.id)
    if status:
        query = query.where(_TABLE.c.status == status.value)
    for row in connection.execute(query):
        yield _review(row)


def accept(connection: sa.Connection, number: int) -> Review:
    """Takes what was proposed for a name. ValueError where nothing was."""
    review = _numbered(connection, number)
    if review.decision.code is None:
        choices = ", ".join(f"{each.kind}:{each.code}" for each in review.decision.others)
        raise ValueError(
            f"nothing is proposed for number {number}, {review.asked.text!r}; write whom it means: "
            f"terrigraph review correct {number} KIND:CODE"
            + (f", such as {choices}" if choices else "")
        )
    return _decide(connection, number, ReviewStatus.ACCEPTED, {})


def correct(connection: sa.Connection, number: int, kind: Kind, code: str) -> Review:
    """Says whom a name means. ValueError where no collectivity has that kind and code."""
    _numbered(connection, number)
    name = _name_of(connection, kind, code)
    values = _decision_values(kind, code, name, None)
    return _decide(connection, number, ReviewStatus.CORRECTED, values)


def correct_to_body(connection: sa.Connection, number: int, body: Body) -> Review:
    """Says that a name is that of a body, which the next import creates unless it exists."""
    _numbered(connection, number)
    if body.parent_kind and body.parent_code:
        _name_of(connection, body.parent_kind, body.parent_code)
    values = _decision_values(Kind.OTHER, body.slug, body.name, body)
    return _decide(connection, number, ReviewStatus.CORRECTED, values)


def reopen(connection: sa.Connection, number: int) -> Review:
    """Puts a decided name back on the list."""
    _numbered(connection, number)
    return _decide(connection, number, ReviewStatus.OPEN, {})


def _numbered(connection: sa.Connection, number: int) -> Review:
    row = connection.execute(sa.select(_TABLE).where(_TABLE.c.id == number)).one_or_none()
    if row is None:
        raise ValueError(
            f"no name has the number {number}; list them: terrigraph review list --all"
        )
    return _review(row)


def _name_of(connection: sa.Connection, kind: Kind, code: str) -> str:
    of = table_of(Collectivity)
    query = sa.select(of.c.name).where(of.c.kind == kind.value, of.c.code == code)
    name = connection.scalar(query)
    if name is None:
        raise ValueError(
            f"{kind}:{code} is no collectivity here; find its code: terrigraph identify NAME"
        )
    return str(name)


def _decide(
    connection: sa.Connection, number: int, status: ReviewStatus, values: Mapping[str, Any]
) -> Review:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    decided_at = None if status == ReviewStatus.OPEN else now
    update = sa.update(_TABLE).where(_TABLE.c.id == number)
    connection.execute(update.values({**values, "status": status.value, "decided_at": decided_at}))
    return _numbered(connection, number)


def _asked_row(question: str, asked: Asked, now: str) -> dict[str, Any]:
    return {
        "question": question,
        "text": _kept(asked.text),
        "asked_kind": asked.kind.value if asked.kind else None,
        "asked_departement": asked.departement and _kept(asked.departement),
        "asked_code": asked.code and _kept(asked.code),
        "asked_siren": asked.siren and _kept(asked.siren),
        "status": ReviewStatus.OPEN.value,
        "asked_at": now,
    }


def _kept(text: str) -> str:
    """As much of a text as is read, without what no database could hold."""
    cut = text[:TEXT_MAX_CHARACTERS].replace("\0", "")
    return cut.encode("utf-8", "replace").decode()


def _decision_row(decision: Decision) -> dict[str, Any]:
    values = _decision_values(decision.kind, decision.code, decision.name, decision.body)
    others = [
        [each.kind.value, each.code, each.name, each.departement, each.score]
        for each in decision.others
    ]
    return values | {
        "score": decision.score,
        "reasons": json.dumps([[*each] for each in decision.why]),
        "others": json.dumps(others),
    }


def _decision_values(
    kind: Kind | None, code: str | None, name: str | None, body: Body | None
) -> dict[str, Any]:
    parent = body.parent_kind if body else None
    return {
        "kind": kind.value if kind else None,
        "code": code,
        "name": name and _kept(name),
        "body_sub_kind": body.sub_kind if body else None,
        "parent_kind": parent.value if parent else None,
        "parent_code": body.parent_code if body else None,
    }


def _review(row: sa.Row[Any]) -> Review:
    kind = Kind(row.asked_kind) if row.asked_kind else None
    asked = Asked(row.text, kind, row.asked_departement, row.asked_code, row.asked_siren)
    others = tuple(Candidate(Kind(each[0]), *each[1:]) for each in json.loads(row.others))
    why = tuple(reasons.Reason(*each) for each in json.loads(row.reasons))
    kind = Kind(row.kind) if row.kind else None
    proposed = Decision(kind, row.code, row.name, row.score, why, others, _body(row))
    decision = proposed if row.status == ReviewStatus.OPEN else _decided(row)
    return Review(row.id, asked, ReviewStatus(row.status), decision, row.asked_at, row.decided_at)


def _decided(row: sa.Row[Any]) -> Decision:
    return Decision(
        Kind(row.kind), row.code, row.name, REVIEWED, (reasons.REVIEWED,), (), _body(row)
    )


def _body(row: sa.Row[Any]) -> Body | None:
    if row.body_sub_kind is None:
        return None
    parent = Kind(row.parent_kind) if row.parent_kind else None
    return Body(row.code, row.body_sub_kind, row.name, parent, row.parent_code)
