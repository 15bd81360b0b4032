"""Documents and variables that are made to hurt: each is to be refused, by a code, at once."""

from dataclasses import dataclass
from typing import Any

_BY_CODE = "query ($code: String!) { collectivity(by: {commune: $code}) { name } }"
_WHERE = "query ($where: AwardWhere) { awards(where: $where) { totalCount } }"
_FIRST = "query ($first: Int) { awards(first: $first) { totalCount } }"


@dataclass(frozen=True)
class Hostile:
    """A question that nobody asks for its answer."""

    name: str
    document: str
    variables: dict[str, Any] | None = None

    def __str__(self) -> str:
        return self.name


def fragment_bomb(fragments: int, fan_out: int) -> str:
    """Each fragment spreads the next one several times, each time elsewhere."""
    body = " ".join(
        f"fragment F{number} on Collectivity {{ "
        + " ".join(f"a{at}: parent {{ ...F{number + 1} }}" for at in range(fan_out))
        + " }"
        for number in range(fragments - 1)
    )
    last = f"fragment F{fragments - 1} on Collectivity {{ id }}"
    return f'{{ collectivity(by: {{departement: "45"}}) {{ ...F0 }} }} {body} {last}'


def flat_bomb(fragments: int, fan_out: int) -> str:
    """The same at one place, where all spreads add to the same fields."""
    body = " ".join(
        f"fragment F{number} on Query {{ {f'...F{number + 1} ' * fan_out}}}"
        for number in range(fragments - 1)
    )
    return f"{{ ...F0 }} {body} fragment F{fragments - 1} on Query {{ __typename }}"


def overlapping(fragments: int, fields: int) -> str:
    """Fragments side by side, with the same fields in each."""
    spreads = " ".join(f"...F{number}" for number in range(fragments))
    names = " ".join(("id", "year", "level", "sponsor", "note", "levelAsPrinted")[:fields])
    body = " ".join(f"fragment F{number} on Award {{ {names} }}" for number in range(fragments))
    return f"{{ awards {{ nodes {{ {spreads} }} }} }} {body}"


def nested(wrap: str, times: int) -> dict[str, Any]:
    """A filter in so many others."""
    inner: dict[str, Any] = {"year": {"eq": 2017}}
    for _ in range(times):
        inner = {wrap: inner if wrap == "not" else [inner]}
    return inner


def _times(count: int, part: str) -> str:
    return " ".join(part.format(number) for number in range(count))


CORPUS = [
    Hostile("fragment bomb", fragment_bomb(25, 2)),
    Hostile("wide fragment bomb", fragment_bomb(10, 12)),
    Hostile("fragment bomb at one place", flat_bomb(50, 12)),
    Hostile("fragment cycle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
    Hostile(
        "cycles of all fragments",
        "{ ...F0 } " + _times(20, "fragment F{0} on Query {{ " + _times(20, "...F{0} ") + "}}"),
    ),
    Hostile("10,000 aliases", f"{{ {_times(10_000, 'a{}: __typename')} }}"),
    Hostile("300 aliases", f"{{ {_times(300, 'a{}: __typename')} }}"),
    Hostile(
        "aliases of groups",
        f"{{ {_times(31, 'a{}: awardGroups(by: [YEAR]) {{ totalCount }}')} }}",
    ),
    Hostile(
        "introspection again and again",
        f"{{ {_times(25, 'a{}: __schema {{ types {{ name }} }}')} }}",
    ),
    Hostile(
        "introspection in circles",
        "{ __schema { types " + "{ fields { type " * 12 + "{ name }" + " } }" * 12 + " } }",
    ),
    Hostile("overlapping fields", f"{{ awards {{ nodes {{ {'id ' * 1500} }} }} }}"),
    Hostile("overlapping fields within limits", f"{{ awards {{ nodes {{ {'id ' * 490} }} }} }}"),
    Hostile("overlapping fragments", overlapping(50, 6)),
    Hostile(
        "overlapping lists",
        f"{{ {'awards(first: 1) { nodes { id laureates { id } } } ' * 15} }}"
        " " + _times(49, "fragment F{0} on Award {{ id }}"),
    ),
    Hostile("500 directives", f"{{ __typename {'@skip(if: false) ' * 500}}}"),
    Hostile("directives everywhere", f"{{ {'__typename @skip(if: false) ' * 40}}}"),
    Hostile("unknown directives", f"{{ __typename {_times(400, '@a{0}')} }}"),
    Hostile("2,000 operations", _times(2000, "query Q{0} {{ __typename }}")),
    Hostile("200 operations", _times(200, "query Q{0} {{ __typename }}")),
    Hostile(
        "60 fragments", "{ __typename } " + _times(60, "fragment F{0} on Query {{ __typename }}")
    ),
    Hostile("comments", "# nothing\n" * 3000 + "{ __typename }"),
    Hostile("one long comment", "#" + "x" * 200_000 + "\n{ __typename }"),
    Hostile("commas", "," * 250_000 + "{ __typename }"),
    Hostile("spaces", "{" + " " * 250_000 + "__typename }"),
    Hostile("a long name", "{ " + "x" * 30_000 + " }"),
    Hostile("a long name, almost right", "{ awards" + "s" * 30_000 + " }"),
    Hostile("many names, almost right", f"{{ awards {{ {_times(480, 'nodez{0}')} }} }}"),
    Hostile("types, almost right", _times(49, "fragment F{0} on Collectivityy {{ id }}")),
    Hostile("an open string", '{ collectivity(by: {commune: "' + "x" * 30_000),
    Hostile("an open block string", '{ collectivity(by: {commune: """' + '\\"""' * 7000),
    Hostile("quotes", '"' * 32_000),
    Hostile(
        "deep fields",
        "{ awards " + "{ nodes { initiative { awards " * 30 + "{ id }" + " } } }" * 30 + "}",
    ),
    Hostile("unclosed braces", "{a" * 16_000),
    Hostile("100,000 braces", "{" * 100_000),
    Hostile(
        "deep literal", "{ awards(where: " + "{not: " * 40 + "{}" + "}" * 40 + ") { totalCount } }"
    ),
    Hostile("100,000 brackets", "{ awards(where: " + "[" * 100_000),
    Hostile("deep type", "query ($v: " + "[" * 190 + "Int" + "]" * 190 + ") { __typename }"),
    Hostile(
        "a long list", f"{{ awards(where: {{year: {{in: [{'1 ' * 1900}]}}}}) {{ totalCount }} }}"
    ),
    Hostile("500 variables", f"query ({_times(500, '$v{}: Int')}) {{ __typename }}"),
    Hostile(
        "undefined variables", f"{{ awards {{ nodes {{ {_times(300, 'id @skip(if: $v{})')} }} }} }}"
    ),
    Hostile("a lone surrogate", '{ collectivity(by: {commune: "\ud800"}) { name } }'),
    Hostile("a surrogate as a name", "{ \ud800 }"),
    Hostile("a surrogate, escaped", '{ collectivity(by: {commune: "\\ud800"}) { name } }'),
    Hostile("NUL", "{ collectivity(by: {commune: \0}) { name } }"),
    Hostile("NUL alone", "\0"),
    Hostile("a huge integer", f"{{ awards(first: {'9' * 30_000}) {{ totalCount }} }}"),
    Hostile("a huge year", f"{{ awards(where: {{year: {{eq: {'9' * 5000}}}}}) {{ totalCount }} }}"),
    Hostile(
        "a huge decimal",
        f"{{ metrics(where: {{value: {{eq: 1e{'9' * 5000}}}}}) {{ totalCount }} }}",
    ),
    Hostile("a schema", _times(150, "type A{0} {{ a: B b: C }}")),
    Hostile("a mutation", "mutation { forget }"),
    Hostile("a subscription", "subscription { awards { totalCount } }"),
    Hostile("nothing but a comment", "# nothing"),
    Hostile("100,000-deep variable", _WHERE, {"where": nested("not", 100_000)}),
    Hostile("deep lists in a variable", _WHERE, {"where": nested("and", 5000)}),
    Hostile("a variable that is no number", _FIRST, {"first": float("nan")}),
    Hostile("an infinite variable", _FIRST, {"first": float("inf")}),
]
