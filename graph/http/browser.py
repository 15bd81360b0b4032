"""GraphiQL, for people: the page at the endpoint's address, and what the page loads.

Everything comes from this server, and the page's policy lets a browser load nothing else.
`scripts/graphiql` makes the files of `assets`.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.http.compression import encoded
from graph.http.negotiation import IDENTITY, encoding, prefers_page

_HERE = Path(__file__).parent
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# Names change with the content, so a copy is good for ever; the page asks each time.
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Vary": "Accept, Accept-Encoding",
}

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


@dataclass(frozen=True)
class _File:
    """Bytes that a browser loads."""

    name: str
    media_type: str
    body: bytes

    @cached_property
    def etag(self) -> str:
        return f'W/"{sha256(self.body).hexdigest()[:32]}"'


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
    return _response(request, _page(), _ASK_AGAIN, _PAGE_HEADERS)


async def _asset(request: Request) -> Response:
    file = _assets().get(request.path_params["name"])
    if file is None:
        raise HTTPException(404)
    return _response(request, file, _FOR_EVER, {"Vary": "Accept-Encoding"})


ROUTES = [Route("/assets/{name}", _asset)]


def examples() -> list[str]:
    """Questions of the cookbook, in the order of the tabs."""
    files = sorted((_HERE / "examples").glob("*.graphql"))
    return [file.read_text(encoding="utf-8") for file in files]


@cache
def _assets() -> dict[str, _File]:
    """The files of the page by the names under which browsers may keep them for ever."""
    files = (_named(path) for path in (_HERE / "assets").iterdir() if path.suffix in _MEDIA_TYPES)
    return {file.name: file for file in files}


def _named(path: Path) -> _File:
    body = path.read_bytes()
    name = f"{path.stem}.{sha256(body).hexdigest()[:16]}{path.suffix}"
    return _File(name, _MEDIA_TYPES[path.suffix], body)


@cache
def _page() -> _File:
    names = {name.partition(".")[0] + Path(name).suffix: f"assets/{name}" for name in _assets()}
    text = _PAGE.format(
        icon=names["icon.svg"],
        style=names["graphiql.css"],
        script=names["graphiql.js"],
        # Within a script element `</script>` and `<!--` would be read as HTML.
        examples=orjson.dumps(examples()).decode().replace("<", "\\u003c"),
    )
    return _File("", "text/html", text.encode())


def _response(
    request: Request, file: _File, cache_control: str, headers: dict[str, str]
) -> Response:
    described = {"Cache-Control": cache_control, "ETag": file.etag, **headers}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=described)
    chosen = encoding(request.headers.get("accept-encoding", ""))
    if chosen != IDENTITY:
        described["Content-Encoding"] = chosen
    return Response(_encoded(file.body, chosen), headers=described, media_type=file.media_type)


_encoded = cache(encoded)
