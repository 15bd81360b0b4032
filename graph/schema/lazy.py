"""The types by name, for modules that refer to one another."""

from typing import TYPE_CHECKING, Annotated

from strawberry import lazy

if TYPE_CHECKING:
    from graph.schema.award import Award, AwardConnection
    from graph.schema.category import Category, CategoryConnection
    from graph.schema.collectivity import Collectivity, CollectivityConnection
    from graph.schema.edition import Edition, EditionConnection
    from graph.schema.initiative import Initiative, InitiativeConnection
    from graph.schema.metric import Metric, MetricConnection
    from graph.schema.prize import Prize, PrizeConnection
    from graph.schema.source import Source

AwardRef = Annotated["Award", lazy("graph.schema.award")]
CategoryRef = Annotated["Category", lazy("graph.schema.category")]
CollectivityRef = Annotated["Collectivity", lazy("graph.schema.collectivity")]
EditionRef = Annotated["Edition", lazy("graph.schema.edition")]
InitiativeRef = Annotated["Initiative", lazy("graph.schema.initiative")]
MetricRef = Annotated["Metric", lazy("graph.schema.metric")]
PrizeRef = Annotated["Prize", lazy("graph.schema.prize")]
SourceRef = Annotated["Source", lazy("graph.schema.source")]
AwardConnectionRef = Annotated["AwardConnection", lazy("graph.schema.award")]
CategoryConnectionRef = Annotated["CategoryConnection", lazy("graph.schema.category")]
CollectivityConnectionRef = Annotated["CollectivityConnection", lazy("graph.schema.collectivity")]
EditionConnectionRef = Annotated["EditionConnection", lazy("graph.schema.edition")]
InitiativeConnectionRef = Annotated["InitiativeConnection", lazy("graph.schema.initiative")]
MetricConnectionRef = Annotated["MetricConnection", lazy("graph.schema.metric")]
PrizeConnectionRef = Annotated["PrizeConnection", lazy("graph.schema.prize")]
