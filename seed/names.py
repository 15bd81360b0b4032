"""Who the printed names of an import are, by the register and by what people decided before."""

import sqlalchemy as sa

from seed.who import Asked, Decision, Register, memory
from seed.who.asked import question_of


class Names:
    """Decides names for one import; those that are not certain wait to be put on the review list.

    The register is read when the first name is asked for.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._register: Register | None = None
        self._unsure: dict[str, tuple[Asked, Decision]] = {}

    def decide(self, name: str, departement: str | None, year: int | None) -> Decision:
        """Whom a name means."""
        register = self._register or self._read()
        asked = Asked(name, departement=departement, year=year)
        decision = register.identify(asked)
        if not decision.is_sure:
            self._unsure[question_of(asked)] = (asked, decision)
        return decision

    def _read(self) -> Register:
        with self._engine.connect() as connection:
            self._register = Register.of(connection)
        return self._register

    def remember(self) -> int:
        """Puts what is not certain on the review list; gives how many names are new there."""
        if not self._unsure:
            return 0
        with self._engine.begin() as connection:
            return memory.remember(connection, self._unsure.values())

    @staticmethod
    def doubt(decision: Decision) -> str:
        """What to do about a name that is not certain."""
        guesses = [f"{each.name} ({each.kind}:{each.code})" for each in decision.others[:3]]
        if decision.code is not None:
            guesses.insert(0, f"{decision.name} ({decision.kind}:{decision.code})")
        could = f"could be {', '.join(guesses)}" if guesses else "is nobody that is known"
        return f"{could}; write the code, or decide it: terrigraph review list"
