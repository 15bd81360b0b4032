"""The way to the one path that nearly all requests ask."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Direct:
    """An application with one path that is found at once.

    The way through Starlette's router takes longer than finding an answer that is known. The
    router has the path as well, for what is mounted below another.
    """

    def __init__(self, app: ASGIApp, path: str, to: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        is_direct = scope["type"] == "http" and scope["path"] == self._path
        await (self._to if is_direct else self._app)(scope, receive, send)
