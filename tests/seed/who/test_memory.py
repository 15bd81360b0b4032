"""The review list: what is not certain waits there, and what people decide is remembered."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from graph.domain.codes import Kind, ReviewStatus
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from graph.storage.tables import Collectivity, NameDecision, table_of
from seed.who import Asked, Body, Register, memory

_ROWS = [
    ("DEPARTEMENT", "67", "Bas-Rhin", None),
    ("DEPARTEMENT", "68", "Haut-Rhin", None),
    ("COMMUNE", "67001", "Saint-Louis", 1),
    ("COMMUNE", "68297", "Saint-Louis", 2),
    ("COMMUNE", "68001", "Algolsheim", 2),
]


@pytest.fixture
def connection(engine_url: str) -> Iterator[sa.Connection]:
    """Two communes of one name in two départements, and another one."""
    engine = open_engine(engine_url)
    upgrade(engine)
    with engine.begin() as connection:
        for number, (kind, code, name, departement) in enumerate(_ROWS, 1):
            connection.execute(
                sa.insert(table_of(Collectivity)).values(
                    id=number,
                    uid=f"col_{number}",
                    kind=kind,
                    code=code,
                    name=name,
                    postal_codes="",
                    is_current=True,
                    departement_id=departement or number,
                )
            )
        yield connection
    engine.dispose()


def _remember(connection: sa.Connection, *asked: Asked) -> int:
    register = Register.of(connection)
    return memory.remember(connection, [(each, register.identify(each)) for each in asked])


def test_what_is_not_certain_is_listed_once_with_its_candidates(connection: sa.Connection) -> None:
    asked = Asked("Saint-Louis", kind=Kind.COMMUNE)
    certain = Asked("Algolsheim")
    spelt = Asked("ST LOUIS !", kind=Kind.COMMUNE, year=2016)
    assert _remember(connection, asked, certain) == 1
    assert _remember(connection, asked) == 0
    assert _remember(connection, spelt) == 1
    first, second = memory.listed(connection)
    assert (first.asked, first.status, first.decided_at) == (asked, ReviewStatus.OPEN, None)
    assert {each.code for each in first.decision.others} == {"67001", "68297"}
    assert first.decision.reasons == ("2 homonymes ; précisez le département ou le genre",)
    assert second.asked.text == "ST LOUIS !"


def test_what_a_person_decides_is_the_next_answer(connection: sa.Connection) -> None:
    asked = Asked("Saint-Louis", year=2016)
    _remember(connection, asked)
    (review,) = memory.listed(connection)
    corrected = memory.correct(connection, review.number, Kind.COMMUNE, "68297")
    assert corrected.status == ReviewStatus.CORRECTED
    assert corrected.decided_at
    decision = Register.of(connection).identify(Asked("SAINT LOUIS"))
    assert (decision.code, decision.name, decision.score) == ("68297", "Saint-Louis", 1.0)
    assert decision.reasons == ("décidé lors d’une revue",)
    # With another hint it is another question.
    assert not Register.of(connection).identify(Asked("Saint-Louis", kind=Kind.COMMUNE)).is_sure
    # A later import neither asks again nor forgets.
    assert _remember(connection, asked) == 0
    assert list(memory.listed(connection)) == []
    assert [each.decision.code for each in memory.listed(connection, None)] == ["68297"]


def test_a_proposal_is_accepted_as_it_is(connection: sa.Connection) -> None:
    _remember(connection, Asked("Algolshem"))
    (review,) = memory.listed(connection)
    assert review.decision.code == "68001"
    memory.accept(connection, review.number)
    assert Register.of(connection).identify(Asked("Algolshem")).is_sure


def test_without_a_proposal_there_is_nothing_to_accept(connection: sa.Connection) -> None:
    _remember(connection, Asked("Saint-Louis"))
    (review,) = memory.listed(connection)
    with pytest.raises(ValueError, match=r"terrigraph review correct \d+ KIND:CODE, such as"):
        memory.accept(connection, review.number)


def test_a_correction_must_lead_somewhere(connection: sa.Connection) -> None:
    _remember(connection, Asked("Saint-Louis"))
    (review,) = memory.listed(connection)
    with pytest.raises(ValueError, match="COMMUNE:99999 is no collectivity here"):
        memory.correct(connection, review.number, Kind.COMMUNE, "99999")
    with pytest.raises(ValueError, match="no name has the number 99"):
        memory.correct(connection, 99, Kind.COMMUNE, "68297")
    with pytest.raises(ValueError, match="COMMUNE:1 is no collectivity"):
        memory.correct_to_body(
            connection, review.number, Body("musee", "musée", "Musée", Kind.COMMUNE, "1")
        )


def test_a_name_may_be_that_of_a_new_body(connection: sa.Connection) -> None:
    _remember(connection, Asked("Aix-la-Chapelle"))
    (review,) = memory.listed(connection)
    body = Body("aix-la-chapelle", "commune étrangère", "Aix-la-Chapelle", None, None)
    memory.correct_to_body(connection, review.number, body)
    decision = Register.of(connection).identify(Asked("Aix la Chapelle"))
    assert decision.is_sure
    assert decision.body == body
    # Once an import has created it, it is one like others.
    connection.execute(
        sa.insert(table_of(Collectivity)).values(
            id=9, uid="col_9", kind="OTHER", code=body.slug, name=body.name, is_current=True
        )
    )
    created = Register.of(connection).identify(Asked("Aix la Chapelle"))
    assert (created.code, created.body) == (body.slug, None)


def test_a_decision_that_leads_nowhere_any_more_is_asked_again(connection: sa.Connection) -> None:
    _remember(connection, Asked("Algolshem"))
    (review,) = memory.listed(connection)
    memory.accept(connection, review.number)
    connection.execute(sa.delete(table_of(Collectivity)).where(sa.text("code = '68001'")))
    assert not Register.of(connection).identify(Asked("Algolshem")).is_sure


def test_a_decision_can_be_reopened(connection: sa.Connection) -> None:
    _remember(connection, Asked("Algolshem"))
    (review,) = memory.listed(connection)
    memory.accept(connection, review.number)
    assert memory.reopen(connection, review.number).status == ReviewStatus.OPEN
    assert not Register.of(connection).identify(Asked("Algolshem")).is_sure


def test_an_open_name_is_proposed_what_is_known_by_now(connection: sa.Connection) -> None:
    asked = Asked("Neuville")
    _remember(connection, asked)
    connection.execute(
        sa.insert(table_of(Collectivity)).values(
            id=9, uid="col_9", kind="COMMUNE", code="68999", name="Neuvile", is_current=True
        )
    )
    _remember(connection, asked)
    (review,) = memory.listed(connection)
    assert review.decision.code == "68999"


def test_many_names_are_kept_in_few_statements(connection: sa.Connection) -> None:
    statements: list[str] = []
    register = Register.of(connection)
    asked = [Asked(f"Inconnue {number}") for number in range(900)]
    decided = [(each, register.identify(each)) for each in asked]

    @sa.event.listens_for(connection, "before_cursor_execute")
    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    assert memory.remember(connection, decided) == 900
    written = connection.scalar(sa.select(sa.func.count()).select_from(table_of(NameDecision)))
    assert written == 900
    assert len([each for each in statements if each.startswith("SELECT name_decision")]) == 3


def test_a_question_of_any_length_fits_into_the_index(connection: sa.Connection) -> None:
    text = "\U0001d54f\ufdfa\0\udc80" * 5_000
    _remember(connection, Asked(text, departement=text, code=text, siren=text))
    (review,) = memory.listed(connection)
    assert len(review.asked.text) <= 300
    assert all(len(reason) < 120 for reason in review.decision.reasons)
