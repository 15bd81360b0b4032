"""What every response tells browsers: pages of any origin may ask, and nothing here is theirs.

The API is public and knows no cookies, so any page may read any answer (Fetch standard, CORS).
"""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

_ANY_ORIGIN = (b"access-control-allow-origin", b"*")
# Without credentials `*` names every header, but for the one of a key.
_PREFLIGHT: Headers = [
    _ANY_ORIGIN,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*, Authorization"),
    (b"access-control-max-age", b"86400"),
    (b"cache-control", b"public, max-age=86400"),
]
_ALWAYS: Headers = [
    _ANY_ORIGIN,
    (b"access-control-expose-headers", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]
_POLICY = b"content-security-policy"
# Data that a browser shows as a document loads and runs nothing.
_DATA_POLICY = (_POLICY, b"default-src 'none'; frame-ancestors 'none'")


class PublicHeaders:
    """An application whose answers any page may read; it answers preflights by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers to each response, refusals included."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_ours(message.get("headers", []))
            await send(message)

        await self._app(scope, receive, told)


def made_public(response: Response) -> Response:
    """A response with the headers, where none of the application's layers adds them."""
    response.raw_headers = _with_ours(response.raw_headers)
    return response


def _is_preflight(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


def _with_ours(headers: Headers) -> Headers:
    for name, _ in headers:
        if name == _POLICY:
            return [*headers, *_ALWAYS]
    return [*headers, *_ALWAYS, _DATA_POLICY]
