"""Checks that the type of an argument cannot make."""

from graph.domain.errors import BadUserInput, shown
from graph.resolvers.limits import most, over


def checked_text(argument: str, text: str) -> str:
    """`text` as it may go to a database; BadUserInput when it is over-long or no text."""
    at_most = most("text_max_characters")
    if len(text) > at_most:
        message = f"`{argument}` has {len(text)} characters; write at most {at_most}"
        raise over("text_max_characters", len(text), message)
    if "\0" in text or not _is_unicode(text):
        raise BadUserInput(f"`{argument}: {shown(text)}` holds characters of no text")
    return text


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
