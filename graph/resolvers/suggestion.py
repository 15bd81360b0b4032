"""Suggestions: what is typed → collectivities."""

from collections.abc import Sequence
from enum import Enum

from graph.domain.codes import Kind
from graph.domain.suggest import parse_suggest
from graph.loaders.suggestion import Suggested, suggestions
from graph.resolvers.argument import checked_text
from graph.resolvers.limits import most, over
from graph.storage.selection import Selection


def select_suggestions(prefix: str, kinds: Sequence[Enum] | None, first: int) -> Selection:
    """What may be meant, the likeliest first. BadUserInput when nothing is typed."""
    asked = None if kinds is None else [Kind(kind.value) for kind in kinds]
    at_most = most("suggestion_max_rows")
    if first > at_most:
        message = f"`first: {first}` is out of range; write 1 to {at_most}"
        raise over("suggestion_max_rows", first, message)
    query = parse_suggest(checked_text("prefix", prefix), asked, first)
    return Selection(suggestions, source=Suggested(query))
