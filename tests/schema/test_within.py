"""What lies in a territory: by parents and members in plain Python, and by the holders named."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph.domain.codes import Kind, Role
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database
from graph.storage.tables import (
    Collectivity,
    FormerCode,
    Initiative,
    InitiativeHolder,
    Laureate,
    Metric,
)
from tests.schema.conftest import Data
from tests.schema.plain import Item, Plain
from tests.storage.rows import World, list_by_place, new_world

SCHEMA = build_schema()
_ROOTS: dict[str, Callable[[Plain], list[Item]]] = {
    "awards": Plain.awards,
    "initiatives": Plain.initiatives,
    "metrics": Plain.metrics,
}
_NAMES = {Kind.REGION: "region", Kind.DEPARTEMENT: "departement", Kind.EPCI: "epci"}


async def ids(data: Data, root: str, within: str) -> set[str]:
    """The ids of all rows of a list within a territory."""
    found: set[str] = set()
    after = ""
    while True:
        page = (
            await data(
                f"{{ found: {root}(first: 100, where: {{within: {{{within}}}}}{after}) "
                "{ totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"
            )
        )["found"]
        found |= {node["id"] for node in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


def _places(plain: Plain, kind: Kind) -> dict[int, set[int]]:
    """The collectivities that lie in each territory of a kind, itself among them."""
    found: dict[int, set[int]] = {
        row["id"]: set() for row in plain.places.values() if row["kind"] == kind
    }
    for number in plain.places:
        place = plain.territory(number, kind)
        if place is not None:
            found[place].add(number)
    return found


@pytest.mark.parametrize("kind", _NAMES)
async def test_each_territory_holds_what_belongs_to_it(
    data: Data, plain: Plain, kind: Kind
) -> None:
    places = _places(plain, kind)
    assert sum(map(len, places.values())) > 1000
    codes = {number: plain.places[number]["code"] for number in places}
    asked = [
        f'p{number}: collectivities(where: {{within: {{{_NAMES[kind]}: "{code}"}}}}) '
        "{ totalCount }"
        for number, code in sorted(codes.items())[:: 12 if kind is Kind.EPCI else 1]
    ]
    for at in range(0, len(asked), 20):
        found = await data(f"{{ {' '.join(asked[at : at + 20])} }}")
        assert {name: page["totalCount"] for name, page in found.items()} == {
            name: len(places[int(name.removeprefix("p"))]) for name in found
        }


async def test_a_commune_holds_itself_its_parts_and_its_bodies(data: Data, plain: Plain) -> None:
    uids = {row["id"]: row["uid"] for row in plain.places.values()}
    by_commune: dict[int, set[str]] = {}
    for number in plain.places:
        commune = plain.territory(number, Kind.COMMUNE)
        if commune is not None:
            by_commune.setdefault(commune, set()).add(uids[number])
    communes = sorted(by_commune, key=lambda number: -len(by_commune[number]))
    for number in [*communes[:15], *communes[-2:]]:
        code = plain.places[number]["code"]
        assert await ids(data, "collectivities", f'commune: "{code}"') == by_commune[number]


@pytest.mark.parametrize(
    ("written", "current"),
    [
        ("45234", "45234"),
        (" 2a004 ", "2A004"),
        ("01126", "01033"),  # a former commune
        ("01120", "01262"),  # an associated commune
        ("75117", "75056"),  # a municipal arrondissement
        ("01015", "01015"),  # a commune, whose code a delegated one shares
    ],
)
async def test_a_code_of_the_past_or_of_a_part_leads_to_the_commune(
    data: Data, plain: Plain, written: str, current: str
) -> None:
    found = await ids(data, "collectivities", f'commune: "{written}"')
    [commune] = [
        row["uid"]
        for row in plain.places.values()
        if (row["kind"], row["code"]) == (Kind.COMMUNE, current)
    ]
    assert commune in found
    assert found == await ids(data, "collectivities", f'commune: "{current}"')


@pytest.mark.parametrize("kind", [Kind.REGION, Kind.DEPARTEMENT])
@pytest.mark.parametrize("root", _ROOTS)
async def test_a_record_lies_where_any_holder_does_or_the_lead_alone(
    data: Data, plain: Plain, root: str, kind: Kind
) -> None:
    items = _ROOTS[root](plain)
    places = _places(plain, kind)
    counts = {"ANY_HOLDER": 0, "LEAD_ONLY": 0}
    for number, inside in places.items():
        code = plain.places[number]["code"]
        any_holder = {item.uid for item in items if inside & set(item.holders)}
        lead_only = {item.uid for item in items if inside & set(item.holders[:1])}
        if kind is Kind.DEPARTEMENT and not any_holder:
            continue
        territory = f'{_NAMES[kind]}: "{code}"'
        assert await ids(data, root, territory) == any_holder
        assert await ids(data, root, f"{territory}, attribution: ANY_HOLDER") == any_holder
        assert await ids(data, root, f"{territory}, attribution: LEAD_ONLY") == lead_only
        counts["ANY_HOLDER"] += len(any_holder)
        counts["LEAD_ONLY"] += len(lead_only)
    leads = [plain.territory(item.holders[0], kind) for item in items]
    assert counts["LEAD_ONLY"] == sum(place is not None for place in leads)
    assert counts["ANY_HOLDER"] >= counts["LEAD_ONLY"]


async def test_bodies_win_where_their_collectivity_lies(data: Data) -> None:
    """Facts of the committed data: a CCAS, a syndicat, an EPCI, a joint award of two régions."""
    found = await data(
        """{
          ccas: awards(where: {within: {commune: "34172"}, laureates: {some: {kind: {eq: OTHER}}}})
            { nodes { laureates { name } } }
          orne: awards(where: {within: {departement: "61"}, year: {eq: 2008}})
            { nodes { laureates { kind } } }
          biodiversity: awards(where: {within: {region: "84"}, year: {eq: 2021},
            prize: {slug: {startsWith: "capitale"}}}) { nodes { laureates { name } } }
          lead: awards(where: {within: {region: "84", attribution: LEAD_ONLY}, year: {eq: 2021},
            prize: {slug: {startsWith: "capitale"}}}) { nodes { laureates { name } } }
        }"""
    )
    [award] = found["ccas"]["nodes"]
    assert award["laureates"] == [{"name": "CCAS de Montpellier"}]
    assert [{"kind": "DEPARTEMENT"}, {"kind": "OTHER"}] in [
        node["laureates"] for node in found["orne"]["nodes"]
    ]
    joint, lead = (
        [{each["name"] for each in node["laureates"]} for node in found[name]["nodes"]]
        for name in ("biodiversity", "lead")
    )
    assert [names for names in joint if "Ungersheim" in names]
    assert not [names for names in lead if "Ungersheim" in names]


class Land:
    """A région with a département, an EPCI of two communes, their bodies, and one elsewhere."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.region = self._place(Kind.REGION, "53")
        self.departement = self._place(Kind.DEPARTEMENT, "29", region_id=self.region)
        inside: dict[str, Any] = {"region_id": self.region, "departement_id": self.departement}
        self.epci = self._place(Kind.EPCI, "200000001", **inside)
        inside["epci_id"] = self.epci
        self.brest = self._place(Kind.COMMUNE, "29019", **inside)
        self.quimper = self._place(Kind.COMMUNE, "29232", **inside)
        of_brest = {**inside, "commune_id": self.brest, "parent_id": self.brest}
        self.ccas = self._place(Kind.OTHER, "ccas", own=False, **of_brest)
        part = {**of_brest, "sub_kind": "commune déléguée", "is_current": False}
        self.part = self._place(Kind.OTHER, "29001", own=False, **part)
        # What shares a commune's code without being a part of one.
        self.other = self._place(Kind.OTHER, "29002", own=False, **of_brest)
        self.elsewhere = self._place(Kind.COMMUNE, "45234")
        world.add(FormerCode(code="29003", collectivity_id=self.quimper))

    def _place(self, kind: Kind, code: str, *, own: bool = True, **others: Any) -> int:
        made: Collectivity = self._world.collectivity(kind, code, **others)
        column = {
            Kind.REGION: "region_id",
            Kind.DEPARTEMENT: "departement_id",
            Kind.EPCI: "epci_id",
            Kind.COMMUNE: "commune_id",
        }
        if own and kind in column:
            setattr(made, column[kind], made.id)
            self._world.add(made)
        return made.id or 0

    def award(self, key: str, *winners: int) -> None:
        """An award, and an initiative with a metric, of the same holders in the same order."""
        award = self._world.award(key=key)
        initiative: Initiative = self._world.initiative(key)
        for position, winner in enumerate(winners):
            laureate = Laureate(
                position=position, name_as_printed="n", award_id=0, collectivity_id=winner
            )
            laureate.award_id = award.id or 0
            holder = InitiativeHolder(
                role=Role.LEAD, position=position, initiative_id=0, collectivity_id=winner
            )
            holder.initiative_id = initiative.id or 0
            self._world.add(laureate)
            self._world.add(holder)
        self._world.add(
            Metric(
                uid=key,
                key=key,
                initiative_id=initiative.id or 0,
                name_fr="n",
                name_en="n",
                value_micro=1,
                unit="u",
                source_id=1,
            )
        )


@pytest.fixture
def land(engine_url: str) -> Iterator[Database]:
    with new_world(engine_url) as world:
        made = Land(world)
        made.award("region", made.region)
        made.award("epci", made.epci)
        made.award("brest", made.brest)
        made.award("ccas", made.ccas)
        made.award("part", made.part)
        made.award("quimper", made.quimper)
        made.award("elsewhere", made.elsewhere)
        made.award("elsewhere and quimper", made.elsewhere, made.quimper)
        made.award("brest and elsewhere", made.brest, made.elsewhere)
        made.award("brest and ccas", made.brest, made.ccas)
        made.award("nobody")
    list_by_place(engine_url)
    with Database(engine_url) as opened:
        yield opened


_OF_BREST = {"brest", "ccas", "part", "brest and elsewhere", "brest and ccas"}
_OF_QUIMPER = {"quimper", "elsewhere and quimper"}
_OF_EPCI = {"epci", *_OF_BREST, *_OF_QUIMPER}
IN_LAND: list[tuple[str, set[str]]] = [
    ('region: "53"', {"region", *_OF_EPCI}),
    ('departement: "29"', _OF_EPCI),
    ('epci: "200000001"', _OF_EPCI),
    ('commune: "29019"', _OF_BREST),
    ('commune: "29001"', _OF_BREST),  # its delegated commune
    ('commune: "29232"', _OF_QUIMPER),
    ('commune: "29003"', _OF_QUIMPER),  # its former code
    ('commune: "29002"', set()),  # no part of a commune, whatever its code
    ('commune: "45234"', {"elsewhere", "elsewhere and quimper", "brest and elsewhere"}),
    ('region: "84"', set()),
    ('departement: "53"', set()),  # another kind's code
    ('commune: "99999"', set()),
]


async def test_a_territory_holds_what_it_does_in_a_small_land(land: Database) -> None:
    for territory, names in IN_LAND:
        for root in _ROOTS:
            for given, expected in (
                ("", names),
                (", attribution: ANY_HOLDER", names),
                (", attribution: LEAD_ONLY", {n for n in names if _leads(n, territory)}),
            ):
                where = f"{{within: {{{territory}{given}}}}}"
                document = f"{{ {root}(where: {where}) {{ nodes {{ id }} }} }}"
                body = (await answer(SCHEMA, land, document)).body
                found = {node["id"] for node in body["data"][root]["nodes"]}
                assert found == expected, (territory, root, given)


def _leads(name: str, territory: str) -> bool:
    """Whether the one named first lies in it."""
    lead = name.split(" and ", maxsplit=1)[0]
    return lead in dict(IN_LAND)[territory]


async def test_what_does_not_lie_there_is_everything_else(land: Database) -> None:
    body = (
        await answer(
            SCHEMA,
            land,
            '{ awards(where: {not: {within: {region: "53"}}}) { nodes { id } }'
            '  both: awards(where: {and: [{within: {commune: "29019"}},'
            '    {within: {commune: "45234"}}]}) { nodes { id } } }',
        )
    ).body["data"]
    assert {node["id"] for node in body["awards"]["nodes"]} == {"elsewhere", "nobody"}
    assert {node["id"] for node in body["both"]["nodes"]} == {"brest and elsewhere"}
