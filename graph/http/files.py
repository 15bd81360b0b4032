"""What a browser loads beside answers: pages, and the files that they need.

Everything comes from this server, and the policy of each page lets a browser load nothing else.
`scripts/graphiql` makes what `assets` holds of GraphiQL.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.http.compression import encoded
from graph.http.negotiation import IDENTITY, encoding

_ASSETS = Path(__file__).parent / "assets"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# Names change with the content, so a copy is good for ever; a page is asked for each time.
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


@dataclass(frozen=True)
class File:
    """Bytes that a browser loads."""

    name: str
    media_type: str
    body: bytes

    @cached_property
    def etag(self) -> str:
        """The validator of its bytes, however they are encoded."""
        return f'W/"{sha256(self.body).hexdigest()[:32]}"'


def page(text: str) -> File:
    """A page of HTML."""
    return File("", "text/html", text.encode())


def shown(request: Request, file: File) -> Response:
    """The response that shows a page."""
    return _response(request, file, _ASK_AGAIN, _PAGE_HEADERS)


@cache
def addresses() -> dict[str, str]:
    """Where pages find each file, by the name that it has here."""
    return {name.partition(".")[0] + Path(name).suffix: f"assets/{name}" for name in _files()}


async def _asset(request: Request) -> Response:
    file = _files().get(request.path_params["name"])
    if file is None:
        raise HTTPException(404)
    return _response(request, file, _FOR_EVER, {"Vary": "Accept-Encoding"})


ROUTES = [Route("/assets/{name}", _asset)]


@cache
def _files() -> dict[str, File]:
    """The files by the names under which browsers may keep them for ever."""
    files = (_named(path) for path in _ASSETS.iterdir() if path.suffix in _MEDIA_TYPES)
    return {file.name: file for file in files}


def _named(path: Path) -> File:
    body = path.read_bytes()
    name = f"{path.stem}.{sha256(body).hexdigest()[:16]}{path.suffix}"
    return File(name, _MEDIA_TYPES[path.suffix], body)


def _response(
    request: Request, file: File, cache_control: str, headers: dict[str, str]
) -> Response:
    described = {"Cache-Control": cache_control, "ETag": file.etag, **headers}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=described)
    chosen = encoding(request.headers.get("accept-encoding", ""))
    if chosen != IDENTITY:
        described["Content-Encoding"] = chosen
    return Response(_encoded(file.body, chosen), headers=described, media_type=file.media_type)


_encoded = cache(encoded)
