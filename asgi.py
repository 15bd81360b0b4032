"""The application object, for `uvicorn asgi:app --http asgi:wire`.

Its first start creates the data. `wire` bounds connections as `terrigraph serve` does.
"""

from graph.app import build_app
from graph.cli import prepare
from graph.http import logs
from graph.http.server import affordable, wire_protocol
from graph.settings import Settings

settings = affordable(Settings())
logs.configure(settings)
prepare(settings)
app = build_app(settings)
wire = wire_protocol(settings)
