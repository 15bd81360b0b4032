"""Looks for the document that takes longest to validate of all that the limits let through.

    python -m bench.worst 3000

Documents are made of parts of random sizes, each of which some step of reading a document likes
least; the slowest ones are changed and tried again. Nothing is read from a database.
"""

import gc
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from time import process_time

from graphql import GraphQLError, parse

from graph.execution.guard import check_text, measure
from graph.execution.pricing import Pricing
from graph.execution.validation import Validation
from graph.schema.build import build_schema
from graph.settings import Limits

_KEPT = 12
_ROUNDS = 3
_MS = 1000
_FIELDS = ("id", "year", "level", "note", "sponsor")

Part = tuple[str, int, int]


def _each(count: int, made: Callable[[int], str]) -> str:
    return " ".join(map(made, range(count)))


def _field(number: int) -> str:
    return _FIELDS[number % len(_FIELDS)]


def _net(size: int, fan_out: int) -> Callable[[int], str]:
    def fragment(number: int) -> str:
        below = range(number + 1, min(size, number + 1 + fan_out))
        return f"fragment D{number} on Award {{ id {' '.join(f'...D{at}' for at in below)} }}"

    return fragment


def _chain(name: str, size: int, body: Callable[[int], str]) -> str:
    return _each(
        size,
        lambda at: (
            f"fragment {name}{at} on Award {{ {body(at)} "
            f"{f'...{name}{at + 1}' if at < size - 1 else 'note'} }}"
        ),
    )


# A part is a root field, made of two sizes; what it needs beside it follows after `|`.
PARTS: dict[str, Callable[[int, int], str]] = {
    "one field again": lambda a, b: f"awards {{ nodes {{ {'id year ' * a * b} }} }}",
    "a list again": lambda a, b: f"awards {{ nodes {{ {'id year level ' * b} }} }} " * a,
    "a deep list again": lambda a, b: (
        f"awards {{ nodes {{ edition {{ {'id ' * b} prize {{ {'name ' * b} }} }} }} }} " * a
    ),
    "inline fragments": lambda a, b: (
        "awards { nodes { " + ("... on Award { " + "id year " * b + "} ") * a + "} }"
    ),
    "names": lambda a, b: f"awards {{ nodes {{ {_each(a * b, _field)} }} }}",
    "conditions": lambda a, b: (
        f"awards(where: {{and: [{'{year: {eq: 2017}} ' * a * b}]}}) {{ totalCount }}"
    ),
    "nested conditions": lambda a, b: (
        f"awards(where: {'{not: ' * a}{{year: {{eq: {b}}}}}{'}' * a}) {{ totalCount }}"
    ),
    "relations": lambda a, _: (
        "collectivities(where: {or: ["
        + '{awards: {some: {initiative: {holders: {none: {name: {eq: "x"}}}}}}} ' * a
        + "]}) { totalCount }"
    ),
    "values": lambda a, b: (
        "awards(where: {or: [" + ("{year: {in: [" + "1 " * a + "]}} ") * b + "]}) { totalCount }"
    ),
    "nulls": lambda a, b: (
        f"awards(where: {{and: [{'{year: {}} ' * a}{'{year: {eq: null}} ' * b}]}}) {{ totalCount }}"
    ),
    "orders": lambda a, b: (
        f"initiatives(orderBy: [{'{title: ASC} {year: DESC} ' * a * b}]) {{ totalCount }}"
    ),
    "arguments": lambda a, _: (
        'awards(first: 1, after: "x", before: "y", where: {}, orderBy: []) { totalCount } ' * a
    ),
    "texts": lambda a, b: f'search(query: "{"é " * a * b}") {{ totalCount }}',
    "fragments beside": lambda a, b: (
        f"awards {{ nodes {{ {_each(a, lambda at: f'...A{at}')} }} }}|"
        + _each(a, lambda at: f"fragment A{at} on Award {{ {_each(b, lambda n: _field(at + n))} }}")
    ),
    "deep fragments beside": lambda a, b: (
        f"awards {{ nodes {{ {_each(a, lambda at: f'...B{at}')} }} }}|"
        + _each(
            a,
            lambda at: f"fragment B{at} on Award {{ edition {{ prize {{ {'id name ' * b} }} }} }}",
        )
    ),
    "fragments in a chain": lambda a, b: (
        "awards { nodes { ...C0 } }|" + _chain("C", a, lambda _: "id year " * b)
    ),
    "fragments in a net": lambda a, b: "awards { nodes { ...D0 } }|" + _each(a, _net(a, b)),
    "fragments of types": lambda a, b: (
        'node(id: "x") { '
        + _each(
            a,
            lambda at: (
                f"... on {('Award', 'Prize', 'Category', 'Edition', 'Node')[at % 5]} "
                f"{{ {'id ' * b} }}"
            ),
        )
        + " }"
    ),
    "unused fragments": lambda a, b: (
        "__typename|" + _each(a, lambda at: f"fragment E{at} on Award {{ {'id ' * b} }}")
    ),
    "directives": lambda a, b: f"__typename {'@skip(if: false) ' * (1 + b % 4)} " * a,
    "variables": lambda a, b: (
        f"awards(where: {{and: [{_each(a, lambda at: f'{{year: {{eq: $v{at % b}}}}}')}]}}) "
        "{ totalCount }"
    ),
    "variables of aliases": lambda a, b: _each(
        a, lambda at: f"a{at}: awards(first: $v{at % b}) {{ totalCount }}"
    ),
    "variables in fragments": lambda a, b: (
        "awards { nodes { ...F0 } }|"
        + _chain("F", a, lambda at: f"l{at}: laureates(first: $v{at % b}) {{ id }}")
    ),
    "unknown fields": lambda a, b: f"awards {{ {_each(a * b, lambda at: f'nodez{at}')} }}",
    "unknown types": lambda a, b: (
        "__typename|"
        + _each(
            a, lambda at: f"fragment G{at} on Collectivity{'Connection' * (b % 3)}{at} {{ id }}"
        )
    ),
    "unknown arguments": lambda a, _: _each(a, lambda at: f"awards(whree{at}: 1) {{ totalCount }}"),
    "unknown values": lambda a, b: (
        f"awards(where: {{level: {{in: [{_each(a * b, lambda at: f'GOLDEN{at}')}]}}}}) "
        "{ totalCount }"
    ),
    "missing selections": lambda a, b: "awards " * a + "prizes " * b,
    "introspection": lambda a, b: (
        f"__schema {{ types {{ {'name ' * a} fields {{ {'name ' * b} args {{ name type {{ "
        "ofType { ofType { name } } } } } } }"
    ),
    "nothing": lambda *_: "__typename",
}


@dataclass(frozen=True)
class Candidate:
    """A document with what it takes, in milliseconds."""

    parts: tuple[Part, ...]
    operations: int
    text: str = ""
    is_valid: bool = False
    parsing: float = 0
    validation: float = 0
    whole: float = 0

    def written(self) -> str:
        """The document."""
        bodies, fragments = [], []
        for name, a, b in self.parts:
            body, _, beside = PARTS[name](a, b).partition("|")
            bodies.append(body)
            fragments.append(beside)
        selection = f"{{ {' '.join(bodies)} }}"
        used = sorted(set(re.findall(r"\$v\d+", f"{selection} {fragments}")))
        head = f"({', '.join(f'{name}: Int = 3' for name in used)})" if used else ""
        operations = [f"query Q{number}{head} {selection}" for number in range(self.operations)]
        return " ".join([*operations, *fragments])

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {a} by {b}" for name, a, b in self.parts)
        times = f"{self.whole:7.1f} {self.parsing:7.1f} {self.validation:10.1f}"
        return f"{times}  {parts}; {self.operations} operations"[:150]


class Search:
    """Keeps the slowest candidates that the limits let through, valid ones and others."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._limits = Limits()
        self._schema = build_schema()._schema  # noqa: SLF001  # Strawberry shows no other way
        self._validation = Validation(self._schema, self._limits)
        self._pricing = Pricing(self._schema)
        self.kept: dict[bool, list[Candidate]] = {True: [], False: []}
        self.tried = self.accepted = 0

    def step(self) -> None:
        """Try one more."""
        kept = self.kept[self._random.random() < 0.6]  # noqa: PLR2004  # valid ones more often
        is_change = kept and self._random.random() < 0.7  # noqa: PLR2004
        self.tried += 1
        measured = self._measured(
            self._changed(self._random.choice(kept)) if is_change else self._new()
        )
        if measured is not None:
            self.accepted += 1
            found = [*self.kept[measured.is_valid], measured]
            found.sort(key=lambda each: -each.validation)
            self.kept[measured.is_valid] = found[:_KEPT]

    def _part(self) -> Part:
        size = self._random.uniform(0, 8)
        return (
            self._random.choice(list(PARTS)),
            int(2**size),
            1 + int(2 ** self._random.uniform(0, 4)),
        )

    def _new(self) -> Candidate:
        parts = tuple(self._part() for _ in range(self._random.choice((1, 1, 2, 3, 5))))
        return Candidate(parts, self._random.choice((1, 1, 1, 2, 5)))

    def _changed(self, old: Candidate) -> Candidate:
        parts = list(old.parts)
        at = self._random.randrange(len(parts))
        match self._random.choice(("add", "drop", "size", "size", "size", "operations")):
            case "add":
                parts.append(self._part())
            case "drop" if len(parts) > 1:
                parts.pop(at)
            case "operations":
                return replace(old, operations=self._random.choice((1, 2, 5)))
            case _:
                name, *sizes = parts[at]
                which = self._random.randrange(2)
                factor = self._random.choice((0.5, 0.8, 0.9, 1.1, 1.3, 2))
                sizes[which] = max(1, int(sizes[which] * factor))
                parts[at] = (name, *sizes)
        return replace(old, parts=tuple(parts))

    def _measured(self, made: Candidate) -> Candidate | None:
        made = replace(made, text=made.written())
        rounds = [self._once(made) for _ in range(_ROUNDS)]
        known = [each for each in rounds if each is not None]
        return min(known, key=lambda each: each.validation) if known else None

    def _once(self, made: Candidate) -> Candidate | None:
        """What it takes; None when the guard refuses it."""
        begin = process_time()
        if check_text(made.text, self._limits):
            return None
        try:
            document = parse(made.text)
        except GraphQLError:
            return None
        parsed = process_time()
        measured = measure(document, self._limits)
        guarded = process_time()
        if measured.refusals:
            return None
        errors = self._validation.errors(document, measured.features)
        validated = process_time()
        if any("limit" in (error.extensions or {}) for error in errors):
            return None
        if not errors:
            self._pricing.costs(document, measured.depths)
        return replace(
            made,
            is_valid=not errors,
            parsing=(parsed - begin) * _MS,
            validation=(validated - guarded) * _MS,
            whole=(process_time() - begin) * _MS,
        )


def main(steps: int, seed: int = 1) -> None:
    """Prints the slowest documents that were found."""
    search = Search(seed)
    # As the application does: a full collection would count as some document's time.
    gc.collect()
    gc.freeze()
    for _ in range(steps):
        search.step()
    print(f"{search.accepted} of {search.tried} documents were let through by the guard")
    for is_valid, kept in search.kept.items():
        print(f"\n{'valid' if is_valid else 'invalid'}, in ms\n  whole parsing validation")
        print(*kept, sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
