"""What operations cost beside what they take: points are to be some 10 µs each.

    python -m bench.prices sqlite:///terrigraph.db

Prices are wrong in their own way for each value that is asked with; what matters is that nothing
takes many times what it costs.
"""

import sys
from time import perf_counter

from graphql import get_introspection_query

from bench.loop import run
from bench.questions import QUESTIONS
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.settings import Limits
from graph.storage.read import Database

_POINT_S = 10e-6
_LONGEST_S = 0.4
_RUNS = (3, 15)

_DEPARTEMENTS = "collectivities(first: 100, where: {kind: {eq: DEPARTEMENT}})"
# One to a line.
_ASKED = """
{ __typename }
{ prize(slug: "prix-territoria") { name } }
{ awards(first: 100) { nodes { id year level } } }
{ awards(first: 100) { nodes { id laureates { name departement { name } } } } }
{ collectivities(first: 100) { nodes { name parent { name } region { name } } } }
{ collectivities { totalCount } }
{ collectivities(where: {name: {contains: "ville"}}) { totalCount } }
{ collectivities(where: {name: {contains: "xyzzy"}}) { nodes { name } } }
{ collectivities(where: {name: {startsWith: "ville"}}) { totalCount } }
{ collectivities(where: {search: "ville"}) { totalCount } }
{ collectivities(where: {awards: {some: {year: {eq: 2017}}}}) { totalCount } }
{ collectivities(where: {awards: {none: {year: {eq: 2017}}}}) { totalCount } }
{ collectivities(where: {awards: {count: {eq: 0}}}) { totalCount } }
{ awards(where: {within: {region: "53"}}) { totalCount } }
{ collectivities(orderBy: [{population: DESC}]) { nodes { name } } }
{ collectivities(orderBy: [{awards: {count: DESC}}]) { nodes { name } } }
{ collectivities(orderBy: [{kind: ASC}, {awards: {count: DESC}}]) { nodes { name } } }
{ initiatives(orderBy: [{metrics: {sum: DESC, unit: "EUR"}}]) { nodes { title } } }
{ collectivities(first: 0) { aggregate { count } } }
{ collectivities(first: 0) { aggregate { population { median } } } }
{ awards(first: 0) { aggregate { count laureates year { avg } } } }
{ awards(first: 0) { facets { level { value count } region { value count } } } }
{ collectivities(first: 0) { facets { kind { value } epci { value } } } }
{ awardGroups(by: [YEAR]) { nodes { count } } }
{ awardGroups(by: [DEPARTEMENT]) { nodes { count perCapita share key { departement { name } } } } }
{ awardGroups(by: [EPCI, YEAR], includeEmpty: true) { totalCount nodes { count } } }
{ collectivityGroups(by: [EPCI]) { nodes { count } } }
{ collectivityGroups(by: [EPCI]) { nodes { population { median } } } }
{ collectivityGroups(by: [EPCI]) { nodes { items(first: 5) { nodes { name } } } } }
{ collectivityGroups(by: [EPCI]) { nodes { items { facets { kind { value } } } } } }
{ search(query: "eau") { totalCount nodes { label snippet } } }
{ search(query: "ville commune saint") { nodes { label snippet node { id } } } }
{ suggest(prefix: "saint eti") { label } }
{ suggest(prefix: "xaint etienne") { label } }
{ initiatives(first: 100) { nodes { similar(first: 5) { score node { title } } } } }
{ categories(first: 100) { nodes { awards(first: 98) { totalCount nodes { id } } } } }
{ $D { nodes { communes(first: 98) { nodes { name } } } } }
{ $D { nodes { communes(first: 5, where: {population: {gt: 10000}}) { nodes { name } } } } }
{ $D { nodes { communes(first: 5, orderBy: [{population: DESC}]) { nodes { name } } } } }
{ $D { nodes { communes(first: 0) { totalCount } } } }
{ $D { nodes { communes(first: 0) { facets { epci { value } } } } } }
{ $D { nodes { communes(first: 0) { aggregate { population { median } } } } } }
"""
ASKED = (
    *_ASKED.replace("$D", _DEPARTEMENTS).strip().splitlines(),
    *(question.text for question in QUESTIONS),
    get_introspection_query(),
)


async def measure(url: str) -> None:
    """Prints the points, the time in points, and their ratio."""
    schema = build_schema(Limits(operation_max_points=10**9))
    with Database(url) as database:
        print(f"{'points':>7} {'rows':>6} {'taken':>7} {'ratio':>6}")
        for document in ASKED:
            best, asked, began = 1e9, 0, perf_counter()
            while asked < _RUNS[0] or (asked < _RUNS[1] and perf_counter() - began < _LONGEST_S):
                start = perf_counter()
                answered = await answer(schema, database, document)
                best = min(best, perf_counter() - start)
                asked += 1
            assert "errors" not in answered.body, answered.body["errors"]
            assert answered.cost
            points, taken = answered.cost.points, best / _POINT_S
            told = " ".join(document.split())[:100]
            rows = answered.cost.nodes
            print(f"{points:7} {rows:6} {taken:7.0f} {taken / points:6.1f}  {told}")


if __name__ == "__main__":
    run(measure(sys.argv[1]))
