"""Suggestions: completing the name of a collectivity in a form field."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from graph.domain.suggest import SUGGESTIONS_DEFAULT
from graph.execution.declaration import Cardinality, Edge
from graph.loaders.collectivity import collectivity_by_id
from graph.loaders.suggestion import SUGGESTION
from graph.resolvers.suggestion import select_suggestions
from graph.schema import lazy, prices
from graph.schema.connection import known
from graph.schema.enums import Kind
from graph.schema.fields import column, declare, to_one


@strawberry.type(description="A collectivity that may be meant by what is typed.")
class Suggestion:
    label: str = column(
        SUGGESTION.c.label,
        "The name as a list of choices shows it: a commune with its département, a département "
        "with its code.",
    )
    kind: Kind = column(SUGGESTION.c.kind, "What it is.")
    code: str = column(SUGGESTION.c.code, "Its code, unique within its kind.")
    collectivity: lazy.CollectivityRef = to_one(
        collectivity_by_id, SUGGESTION.c.collectivity_id, "The collectivity."
    )


def _suggest(
    prefix: Annotated[
        str,
        argument(
            description=(
                "The beginning of a name, whatever its accents, hyphens and leading article, with "
                "`st` for `saint` and one wrong letter forgiven; or of an official or postal code."
            )
        ),
    ],
    kinds: Annotated[
        list[Kind] | None, argument(description="Which kinds to suggest; all without it.")
    ] = UNSET,
    first: Annotated[int, argument(description="How many: 1 to 20.")] = SUGGESTIONS_DEFAULT,
) -> Any:
    return select_suggestions(prefix, known(kinds), first)


suggest = declare(
    Edge(Cardinality.LIST),
    _suggest,
    "Collectivities of today for what is typed into a form field: whole names and codes first, "
    "larger ones before smaller ones, other bodies last.",
    prices.SUGGESTIONS,
)
