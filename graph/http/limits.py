"""The limits in force, for those who do not ask in GraphQL."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.execution.limits import told_limits
from graph.http import texts
from graph.http.pages import VARY, for_people, json_response


def route(settings: BaseModel) -> Route:
    """All limits with what they count."""
    told = told_limits(settings)
    body = {"limits": [limit._asdict() for limit in told]}
    page = texts.limits(told)

    async def limits(request: Request) -> Response:
        return for_people(request, page) or json_response(body, 200, **VARY)

    return Route("/limits", limits)
