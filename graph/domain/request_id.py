"""The id of the request that is being answered: the answer has it, and each line of the log."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
