"""A server under load: the API, or an application that has the bytes ready.

`python -m bench.serve api DATABASE_URL`, which keeps no answers, so that each is computed;
`cached DATABASE_URL`, which keeps them as `terrigraph serve` does; `plain FOLDER`. It prints
its port, serves until interrupted, and prints the most memory that it has held, in MiB.
"""

import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn

from bench.memory import peak_mib

_BACKLOG = 64
# As little as uvicorn does for anyone; uvloop and httptools are used wherever they are installed.
_OPTIONS: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}


def api_app(url: str, *, keeps_answers: bool) -> Any:
    """The application that `terrigraph serve` runs, with or without its cache."""
    # Imported here, as the memory of the plain application is to be its own.
    from graph.app import build_app  # noqa: PLC0415
    from graph.settings import Settings  # noqa: PLC0415

    options = {} if keeps_answers else {"cache_max_bytes": 0}
    # One caller asks more in a few seconds than many do in an hour.
    return build_app(Settings(DATABASE_URL=url, points_per_hour=0, **options))


def configured_as_served(app: Any) -> uvicorn.Config:
    """The wire of `terrigraph serve`, with its limits and its log."""
    from graph.http.server import configured  # noqa: PLC0415
    from graph.settings import Settings  # noqa: PLC0415

    return configured(app, Settings())


def plain_app(folder: Path) -> Callable[..., Awaitable[None]]:
    """An application that answers `/<name>` with the bytes of the file of that name."""
    starts, bodies = {}, {}
    for file in folder.iterdir():
        body = file.read_bytes()
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        starts[f"/{file.name}"] = {
            "type": "http.response.start",
            "status": 200,
            "headers": headers,
        }
        bodies[f"/{file.name}"] = {"type": "http.response.body", "body": body}

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError(scope["type"])  # which uvicorn takes for "no lifespan"
        await send(starts[scope["path"]])
        await send(bodies[scope["path"]])

    return app


def main() -> None:
    """Serve what the arguments name."""
    what, where = sys.argv[1:]
    app: Any = (
        plain_app(Path(where))
        if what == "plain"
        else api_app(where, keeps_answers=what == "cached")
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(_BACKLOG)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, **_OPTIONS) if what == "plain" else configured_as_served(app)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    print(peak_mib(), flush=True)


if __name__ == "__main__":
    main()
