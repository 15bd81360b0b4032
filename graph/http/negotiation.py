"""What a caller accepts: one of our media types, one of our encodings."""

from collections.abc import Iterator
from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"

# In our order where the caller has none. Clients that name no type get the one of old.
_MEDIA_TYPES = (JSON, GRAPHQL_JSON)
ENCODINGS = ("zstd", "br", "gzip")
IDENTITY = "identity"


@lru_cache(maxsize=512)
def media_type(accept: str) -> str | None:
    """The media type of the answer; None when the caller takes none of ours.

    RFC 9110, 12.5.1: the most specific range decides of a type, its weight among types.
    """
    if not accept.strip():
        return JSON
    weights = {kind: _weight(kind, accept) for kind in _MEDIA_TYPES}
    best = max(_MEDIA_TYPES, key=lambda kind: weights[kind])
    return best if weights[best] > 0 else None


def _weight(kind: str, accept: str) -> float:
    found = [
        (_specificity(given, kind), weight)
        for given, parameters, weight in _items(accept)
        if _specificity(given, kind) and parameters.get("charset", "utf-8") == "utf-8"
    ]
    return max(found)[1] if found else 0.0


def _specificity(given: str, kind: str) -> int:
    """How closely a media range names a type: 0 when it does not."""
    if given == kind:
        return 3
    if given == kind.split("/", maxsplit=1)[0] + "/*":
        return 2
    return 1 if given == "*/*" else 0


@lru_cache(maxsize=512)
def prefers_page(accept: str) -> bool:
    """Whether the caller is a browser: it names HTML, and JSON no better."""
    weights = {given: weight for given, _, weight in _items(accept)}
    best = max(weights.get(kind, 0.0) for kind in _MEDIA_TYPES)
    return weights.get(HTML, 0.0) > best


@lru_cache(maxsize=512)
def encoding(accept_encoding: str) -> str:
    """The encoding of the answer (RFC 9110, 12.5.3); `identity` where nothing else is taken."""
    weights = {given: weight for given, _, weight in _items(accept_encoding)}
    anything = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda name: weights.get(name, anything))
    return best if weights.get(best, anything) > 0 else IDENTITY


def _items(header: str) -> Iterator[tuple[str, dict[str, str], float]]:
    """The items of a header with their parameters and weights; what is malformed weighs 0."""
    for item in header.split(","):
        name, *pairs = (part.strip().lower() for part in item.split(";"))
        parameters = dict(_pair(pair) for pair in pairs)
        yield name, parameters, _number(parameters.pop("q", "1"))


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')


def _number(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
