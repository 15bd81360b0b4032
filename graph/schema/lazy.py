"""The types by name, for modules that refer to one another."""

from typing import TYPE_CHECKING, Annotated

from strawberry import lazy

if TYPE_CHECKING:
    from graph.schema.award import Award
    from graph.schema.category import Category
    from graph.schema.collectivity import Collectivity
    from graph.schema.edition import Edition
    from graph.schema.initiative import Initiative
    from graph.schema.metric import Metric
    from graph.schema.prize import Prize
    from graph.schema.source import Source

AwardRef = Annotated["Award", lazy("graph.schema.award")]
CategoryRef = Annotated["Category", lazy("graph.schema.category")]
CollectivityRef = Annotated["Collectivity", lazy("graph.schema.collectivity")]
EditionRef = Annotated["Edition", lazy("graph.schema.edition")]
InitiativeRef = Annotated["Initiative", lazy("graph.schema.initiative")]
MetricRef = Annotated["Metric", lazy("graph.schema.metric")]
PrizeRef = Annotated["Prize", lazy("graph.schema.prize")]
SourceRef = Annotated["Source", lazy("graph.schema.source")]
