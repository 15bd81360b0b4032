"""A response that is whole is written at once; uvicorn writes its head apart from its body."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_BODILESS = frozenset({204, 304})
# What is told of the connection is for uvicorn to understand.
_OF_THE_CONNECTION = frozenset({b"connection", b"transfer-encoding"})
# No header may hold them; ends of lines are counted.
_CONTROLS = bytes({*range(32), 127} - set(b"\t\r\n"))


class WholeCycle(RequestResponseCycle):
    """uvicorn's cycle, with one system call for a response where it makes two.

    The second takes as long as all that is done for an answer that is known. Whatever is not
    whole, such as parts, unknown lengths and last responses, is left to uvicorn's own way.
    """

    _start: Any = None  # the first message of a response, until the second comes

    async def send(self, message: Any) -> None:
        """Keep the head until the body is there, then write both."""
        start = self._start
        if start is not None:
            self._start = None
            if not self._is_written(start, message):
                await super().send(start)
                await super().send(message)
        elif message["type"] == "http.response.start" and not self.response_started:
            self._start = message
        else:
            await super().send(message)

    def _is_written(self, start: Any, message: Any) -> bool:
        """Whether both messages were a whole response, which is written then."""
        if (
            not self.keep_alive
            or self.disconnected
            or self.flow.write_paused
            or message["type"] != "http.response.body"
            or message.get("more_body", False)
        ):
            return False
        headers = [*self.default_headers, *start.get("headers", ())]
        body = message.get("body", b"")
        named = dict(headers)
        if not _OF_THE_CONNECTION.isdisjoint(named):
            return False
        length = named.get(b"content-length")
        if self.scope["method"] == "HEAD":
            body = b""
        elif length is None:
            if body or start["status"] not in _BODILESS:
                return False
        elif length != b"%d" % len(body):
            return False
        lines = b"\r\n".join([*map(b": ".join, headers), b""])
        if (
            not lines.count(b"\r") == lines.count(b"\n") == len(headers)
            or lines.translate(None, _CONTROLS) != lines
        ):
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.writelines((b"%b%b\r\n" % (STATUS_LINE[start["status"]], lines), body))
        self.message_event.set()
        self.on_response()
        return True
