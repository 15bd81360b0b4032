"""The endpoint: a question in, an answer out, in the media type that the caller accepts.

It is an ASGI application of its own. A request that came before, byte for byte, is answered
before anything of it is read.
"""

import asyncio
import logging
import re
from contextlib import nullcontext
from functools import partial

import orjson
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from graph.execution.answer import Answer, answer, too_large
from graph.execution.cost import Cost
from graph.http import browser
from graph.http.budget import Budget
from graph.http.cache import Cache, Known, etag, key_of, raw_key
from graph.http.documents import NamedDocuments
from graph.http.leaving import unless_gone
from graph.http.negotiation import ENCODINGS, GRAPHQL_JSON, IDENTITY, encoding, media_type
from graph.http.observe import Observed, observed_of
from graph.http.problem import Problem
from graph.http.release import Current, ReleaseWatch
from graph.http.request import (
    ClientGone,
    Question,
    check_content,
    question_of_body,
    question_of_url,
    read_body,
)
from graph.http.shared import Shared, SharedAnswers
from graph.schema.build import Schema
from graph.settings import Settings
from graph.storage.read import Database

log = logging.getLogger("terrigraph")

ALLOWED = "GET, HEAD, POST, OPTIONS"
_VARY = (b"vary", b"Accept, Accept-Encoding")
# The whole schema takes the processor for 0.1 s and waits for nothing. Of several such questions
# one at a time is answered, so that others find the loop free in between.
_INTROSPECTION = re.compile(r"__(?:schema|type)\b")
# Before so much is begun, the loop may find out that its caller has left meanwhile, which takes
# it a few rounds.
_MANY_POINTS, _LOOKS = 1000, 8
_NO_STORE = (b"cache-control", b"no-store")

Headers = list[tuple[bytes, bytes]]


class Endpoint:
    """Answers questions over one schema and one database."""

    def __init__(
        self,
        schema: Schema,
        database: Database,
        release: ReleaseWatch,
        settings: Settings,
        shared: Shared | None = None,
    ) -> None:
        self._schema = schema
        self._database = database
        self._release = release
        self.budget = Budget(settings, shared)
        self.answers = SharedAnswers(shared)
        self._turn = asyncio.Lock()
        self._documents = NamedDocuments(settings.trusted_documents)
        self._settings = settings
        self.cache = Cache(settings.cache_max_bytes)
        self._fresh = (b"cache-control", f"public, max-age={settings.cache_max_age_s}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The response to one request; nothing that goes wrong shows its insides."""
        exchange = _Exchange(scope, receive, send)
        if browser.wants_page(exchange.method, exchange.query_string, exchange.header(b"accept")):
            exchange.observed.kind = "page"
            await browser.page(Request(scope))(scope, receive, send)
            return
        if exchange.method == "OPTIONS":
            await exchange.reply(204, [(b"allow", ALLOWED.encode())], b"")
            return
        try:
            await self._serve(exchange)
        except Problem as problem:
            await exchange.refuse(problem)
        except ClientGone:
            return

    async def _serve(self, exchange: "_Exchange") -> None:
        media = exchange.accepted()
        request = await self._request(exchange)
        release = self._release.current or await self._release.look()
        if release is None:
            question = exchange.read(request, self._settings)
            await self._answer(exchange, question, self._documents.text_of(question), media)
            return
        raw = raw_key(release, exchange.kind, media, request)
        known = self.cache.by_request(raw)
        if known is not None:
            exchange.note_known("raw", known)
            await self._reply(exchange, known)
            return
        question = exchange.read(request, self._settings)
        text = self._documents.text_of(question)
        key = key_of(release, text, question.operation_name, question.variables, media)
        layer, known = "key", self.cache.by_key(key)
        if known is None and exchange.holds(key):
            exchange.observed.layer = "validator"
            # Validators depend on what is asked alone: who has this one has the answer.
            await self._unchanged(exchange, key)
            return
        if known is None:
            layer, known = "shared", await self._shared(key, release, media)
        if known is not None:
            self._documents.remember(question, text)
            exchange.note_known(layer, known)
            await self._reply(exchange, known)
        if known is not None or await self._answer(exchange, question, text, media, key):
            self.cache.note(raw, key)

    async def _shared(self, key: str, release: Current, media: str) -> Known | None:
        """The answer that another process has made, kept here, too."""
        found = await self.answers.get(key)
        if found is None:
            return None
        operation, body = found
        known = Known(media, key, body, release.last_modified, operation)
        self.cache.keep(known)
        return known

    async def _request(self, exchange: "_Exchange") -> bytes:
        match exchange.method:
            case "GET" | "HEAD":
                return exchange.query_string
            case "POST":
                check_content(
                    exchange.header(b"content-type"), exchange.header(b"content-encoding")
                )
                length = exchange.header(b"content-length")
                return await read_body(exchange.receive, length, self._settings)
            case _:
                raise Problem(
                    405, "METHOD_NOT_ALLOWED", f"use one of: {ALLOWED}", {"Allow": ALLOWED}
                )

    async def _answer(
        self,
        exchange: "_Exchange",
        question: Question,
        text: str,
        media: str,
        key: str | None = None,
    ) -> bool:
        """Runs the question and replies. Whether the answer is kept for others."""
        release = self._release.current
        exchange.observed.document = text
        answered = await unless_gone(exchange.receive, self._run(exchange, question, text))
        operation = question.operation_name or ""
        if answered.is_executed:
            operation = operation or next(iter(self._schema.documents.of(text).costs)) or ""
        exchange.note_answer(answered, operation)
        if answered.is_executed:
            self._documents.remember(question, text)
        body = orjson.dumps(answered.response)
        if len(body) > self._settings.response_max_bytes:
            answered = too_large(answered, len(body), self._settings)
            body = orjson.dumps(answered.response)
        if key is None or release is None or not answered.is_executed or "errors" in answered.body:
            # Callers that know GraphQL's media type learn from the status that nothing was run.
            is_refused = not answered.is_executed and media == GRAPHQL_JSON
            await exchange.reply_json(400 if is_refused else 200, body, media, _NO_STORE)
            return False
        known = Known(media, key, body, release.last_modified, operation)
        # An import that came between leaves it open which release the answer is of.
        is_current = release is self._release.current
        if is_current:
            self.cache.keep(known)
            self.answers.put(key, operation, body)
        await self._reply(exchange, known)
        return is_current

    async def _run(self, exchange: "_Exchange", question: Question, text: str) -> Answer:
        if reading := self._schema.documents.reading_points(text):
            await self._pay(exchange, reading)
        async with self._turn if _INTROSPECTION.search(text) else nullcontext():
            return await answer(
                self._schema,
                self._database,
                text,
                question.variables,
                question.operation_name,
                admit=partial(self._admit, exchange),
            )

    async def _admit(self, exchange: "_Exchange", cost: Cost) -> None:
        """Pays for an operation, and lets callers leave before much is begun."""
        await self._pay(exchange, cost.charged)
        if cost.points > _MANY_POINTS:
            for _ in range(_LOOKS):
                await asyncio.sleep(0)

    async def _pay(self, exchange: "_Exchange", points: int) -> None:
        """Spends the caller's points. Problem when it has too few."""
        decision = await self.budget.take(exchange.observed.caller, points)
        if not decision.is_allowed:
            raise decision.problem()
        exchange.budget = decision.headers

    async def _reply(self, exchange: "_Exchange", known: Known) -> None:
        if exchange.holds(known.key):
            await self._unchanged(exchange, known.key)
            return
        is_new = exchange.encoding not in known.variants
        variant = known.variant(exchange.encoding)
        if is_new and self.cache.by_key(known.key) is known:
            self.cache.keep(known)
        await exchange.reply(200, [*variant.headers, _VARY, self._fresh], variant.body)

    async def _unchanged(self, exchange: "_Exchange", key: str) -> None:
        validator = etag(key, exchange.encoding).encode()
        await exchange.reply(304, [(b"etag", validator), _VARY, self._fresh], b"")


class _Exchange:
    """One request and its response."""

    __slots__ = (
        "_headers", "_send", "budget", "encoding", "kind", "method", "observed", "query_string",
        "receive",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.query_string: bytes = scope["query_string"]
        self.receive = receive
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._send = send
        self.observed: Observed = observed_of(scope)
        self.budget: Headers = []  # what the response tells of it
        self.encoding = encoding(self.header(b"accept-encoding"))
        self.kind = b"P" if self.method == "POST" else b"G"

    def header(self, name: bytes) -> str:
        """A header of the request; empty when it is absent."""
        return self._headers.get(name, b"").decode("latin-1")

    def accepted(self) -> str:
        """The media type of the answer. Problem when the caller takes none of ours."""
        found = media_type(self.header(b"accept"))
        if found is None:
            raise Problem(
                406,
                "NOT_ACCEPTABLE",
                "answers come as application/graphql-response+json or application/json; "
                "accept one of them",
            )
        return found

    def read(self, request: bytes, settings: Settings) -> Question:
        """The question of the request."""
        of = question_of_body if self.kind == b"P" else question_of_url
        return of(request, settings)

    def holds(self, key: str) -> bool:
        """Whether the caller of a GET has the answer of a key already, in some encoding."""
        given = self._headers.get(b"if-none-match")
        if given is None or self.kind != b"G":
            return False
        held = {tag.strip().removeprefix("W/") for tag in given.decode("latin-1").split(",")}
        return "*" in held or any(etag(key, name) in held for name in (IDENTITY, *ENCODINGS))

    def note_known(self, layer: str, known: Known) -> None:
        """Tells the observer of an answer that was kept."""
        self.observed.layer = layer
        self.observed.operation = known.operation

    def note_answer(self, answered: Answer, operation: str) -> None:
        """Tells the observer of an answer that was made."""
        observed = self.observed
        observed.operation = operation
        observed.statements = len(answered.statements)
        if answered.is_executed:
            observed.layer = "computed"
        if answered.cost:
            observed.points = answered.cost.points
        for error in answered.body.get("errors", [])[:1]:
            observed.code = error["extensions"]["code"]
            observed.limit = error["extensions"].get("limit", {}).get("name", "")

    async def refuse(self, problem: Problem) -> None:
        """Tells a problem, in the caller's media type where there is one."""
        self.observed.code = problem.code
        self.observed.limit = problem.extensions.get("limit", {}).get("name", "")
        accepted = media_type(self.header(b"accept")) or "application/json"
        headers = [
            (name.lower().encode(), value.encode()) for name, value in problem.headers.items()
        ]
        body = orjson.dumps(problem.body())
        await self.reply_json(problem.status, body, accepted, _NO_STORE, *headers)

    async def reply_json(
        self, status: int, body: bytes, media: str, *headers: tuple[bytes, bytes]
    ) -> None:
        """Sends a body that nobody keeps."""
        described = [
            (b"content-type", f"{media}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
            _VARY,
        ]
        await self.reply(status, [*described, *dict(headers).items()], body)

    async def reply(self, status: int, headers: Headers, body: bytes) -> None:
        """Sends a response; that of a HEAD has no body."""
        if self.budget:
            headers = [*headers, *self.budget]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if self.method == "HEAD" else body
        await self._send({"type": "http.response.body", "body": shown})
