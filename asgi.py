"""The application object, for `uvicorn asgi:app`; its first start creates the data."""

from graph.app import build_app
from graph.cli import prepare
from graph.settings import Settings

settings = Settings()
prepare(settings)
app = build_app(settings)
