"""GraphiQL, for people: the page at the endpoint's address."""

from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from graph.http import files
from graph.http.negotiation import prefers_page

_EXAMPLES = Path(__file__).parent / "examples"

# What asks something is answered, whoever asks.
_ASKING = {"query", "documentId", "extensions", "variables", "operationName"}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Terrigraph – GraphiQL</title>
<meta name="description" content="Ask Terrigraph: what French collectivities try, win and measure">
<link rel="icon" href="{icon}" type="image/svg+xml">
<link rel="stylesheet" href="{style}">
<script id="examples" type="application/json">{examples}</script>
<script src="{script}" defer></script>
</head>
<body>
<noscript>
<h1>Terrigraph</h1>
<p lang="fr">Cette page pose des questions à une API GraphQL, et a besoin de JavaScript. Sans lui,
envoyez-les à cette même adresse par POST ou par GET ; <a href="schema.graphql">le schéma</a> dit
tout ce qui peut être demandé.</p>
<p>This page asks questions of a GraphQL API, and needs JavaScript. Without it, send them to
this very address by POST or GET; <a href="schema.graphql">the schema</a> tells all that can be
asked.</p>
</noscript>
<div id="graphiql"></div>
</body>
</html>
"""


def wants_page(method: str, query_string: bytes, accept: str) -> bool:
    """Whether a request of the endpoint is a browser's that asks nothing yet."""
    if method not in ("GET", "HEAD") or not prefers_page(accept):
        return False
    try:
        given = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return False
    return _ASKING.isdisjoint(name for name, _ in given)


def page(request: Request) -> Response:
    """The page, which opens with the examples as tabs."""
    return files.shown(request, _page())


def examples() -> list[str]:
    """Questions of the cookbook, in the order of the tabs."""
    return [path.read_text(encoding="utf-8") for path in sorted(_EXAMPLES.glob("*.graphql"))]


@cache
def _page() -> files.File:
    addresses = files.addresses()
    text = _PAGE.format(
        icon=addresses["icon.svg"],
        style=addresses["graphiql.css"],
        script=addresses["graphiql.js"],
        # Within a script element `</script>` and `<!--` would be read as HTML.
        examples=orjson.dumps(examples()).decode().replace("<", "\\u003c"),
    )
    return files.page(text)
