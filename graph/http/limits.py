"""The limits in force, for those who do not ask in GraphQL."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.execution.limits import told_limits
from graph.http.pages import json_response


def route(settings: BaseModel) -> Route:
    """All limits with what they count."""
    body = {"limits": [limit._asdict() for limit in told_limits(settings)]}

    async def limits(_request: Request) -> Response:
        return json_response(body)

    return Route("/limits", limits)
