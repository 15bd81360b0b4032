"""`where` inputs: one per type; fields given together must all hold."""

import strawberry
from strawberry import Maybe

from graph.resolvers import award, category, collectivity, edition, initiative, metric, prize
from graph.resolvers.where import Fields
from graph.schema.filters import BooleanFilter, IntFilter, KindFilter, LevelFilter, StringFilter

_AND = "All of these hold; at most 200."
_OR = "At least one of these holds; at most 200."
_NOT = "This does not hold."
_ALL = "Fields given together must all hold."


@strawberry.input(description=f"Which categories. {_ALL}")
class CategoryWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    and_: Maybe[list["CategoryWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["CategoryWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["CategoryWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which prizes. {_ALL}")
class PrizeWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    and_: Maybe[list["PrizeWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["PrizeWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["PrizeWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which editions. {_ALL}")
class EditionWhere:
    year: Maybe[IntFilter] = strawberry.field(description="By year.")
    prize: Maybe[PrizeWhere] = strawberry.field(description="By the prize.")
    and_: Maybe[list["EditionWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["EditionWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["EditionWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which collectivities. {_ALL}")
class CollectivityWhere:
    kind: Maybe[KindFilter] = strawberry.field(description="By kind.")
    code: Maybe[StringFilter] = strawberry.field(
        description="By code, which is unique within a kind only."
    )
    sub_kind: Maybe[StringFilter] = strawberry.field(description="By sub-kind.")
    siren: Maybe[StringFilter] = strawberry.field(description="By SIREN, nine digits.")
    is_current: Maybe[BooleanFilter] = strawberry.field(
        description="Whether it exists today, under this code."
    )
    and_: Maybe[list["CollectivityWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["CollectivityWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["CollectivityWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which initiatives. {_ALL}")
class InitiativeWhere:
    slug: Maybe[StringFilter] = strawberry.field(description="By slug.")
    year: Maybe[IntFilter] = strawberry.field(description="By the year of the first award.")
    category: Maybe[CategoryWhere] = strawberry.field(
        description="At least one of its categories is such."
    )
    and_: Maybe[list["InitiativeWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["InitiativeWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["InitiativeWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which awards. {_ALL}")
class AwardWhere:
    year: Maybe[IntFilter] = strawberry.field(description="By the year of the edition.")
    level: Maybe[LevelFilter] = strawberry.field(description="By level.")
    category: Maybe[CategoryWhere] = strawberry.field(
        description="By the category; an award without a known one is never found."
    )
    initiative: Maybe[InitiativeWhere] = strawberry.field(
        description="By the initiative; an award without a known one is never found."
    )
    prize: Maybe[PrizeWhere] = strawberry.field(description="By the prize.")
    and_: Maybe[list["AwardWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["AwardWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["AwardWhere"] = strawberry.field(name="not", description=_NOT)


@strawberry.input(description=f"Which metrics. {_ALL}")
class MetricWhere:
    year: Maybe[IntFilter] = strawberry.field(description="By the year measured.")
    unit: Maybe[StringFilter] = strawberry.field(description="By unit, such as `personne`, `EUR`.")
    initiative: Maybe[InitiativeWhere] = strawberry.field(description="By the initiative.")
    and_: Maybe[list["MetricWhere"]] = strawberry.field(name="and", description=_AND)
    or_: Maybe[list["MetricWhere"]] = strawberry.field(name="or", description=_OR)
    not_: Maybe["MetricWhere"] = strawberry.field(name="not", description=_NOT)


# What the fields of each input are compared with.
FIELDS: dict[type, Fields] = {
    AwardWhere: award.FIELDS,
    CategoryWhere: category.FIELDS,
    CollectivityWhere: collectivity.FIELDS,
    EditionWhere: edition.FIELDS,
    InitiativeWhere: initiative.FIELDS,
    MetricWhere: metric.FIELDS,
    PrizeWhere: prize.FIELDS,
}
