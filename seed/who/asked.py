"""What is asked of the register, and what it answers."""

from dataclasses import dataclass

from graph.domain.codes import Kind
from graph.domain.text import fold
from seed.who.reasons import Reason
from seed.who.words import TEXT_MAX_CHARACTERS

# From here on a decision is taken without a person. Every way to find a name has a score of its
# own (see `seed.who.scores`); those that were wrong now and then are kept below.
THRESHOLD = 0.8

# A table keeps questions, and an index entry of PostgreSQL holds at most 2,700 bytes.
_HINT_MAX_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A name as a list prints it, and what else the list tells of it.

    `departement` is a code or a name, `code` an official code, `siren` a SIREN or SIRET,
    `year` that of what the list tells.
    """

    text: str
    kind: Kind | None = None
    departement: str | None = None
    code: str | None = None
    siren: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a name may mean; `departement` is the code of the one it lies in."""

    kind: Kind
    code: str
    name: str
    departement: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Body:
    """A body that no table holds yet; kind OTHER, and `slug` for a code."""

    slug: str
    sub_kind: str
    name: str
    parent_kind: Kind | None
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whom a name means, how sure that is (0 to 1), and why.

    Without a `code` nobody was found, or several equally. Below the threshold, kind and code
    are a proposal. `others` are further candidates, the likeliest first. `body` is what has to be
    created before the code leads anywhere.
    """

    kind: Kind | None
    code: str | None
    name: str | None
    score: float
    why: tuple[Reason, ...]
    others: tuple[Candidate, ...] = ()
    body: Body | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it holds without a person's review."""
        return self.code is not None and self.score >= THRESHOLD

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in French."""
        return tuple(reason.fr for reason in self.why)

    @property
    def reasons_en(self) -> tuple[str, ...]:
        """Why, in English."""
        return tuple(reason.en for reason in self.why)


def question_of(asked: Asked) -> str:
    """What two questions share that have one answer: folded, and without the year."""
    hints = (asked.kind, asked.departement, asked.code, asked.siren)
    folded = [_cut(hint, _HINT_MAX_CHARACTERS) if hint else "" for hint in hints]
    return "|".join([_cut(asked.text, TEXT_MAX_CHARACTERS), *folded])


def _cut(text: str, characters: int) -> str:
    # Cut twice: a folded text may be the longer one.
    return fold(text[:characters])[:characters]
