"""A list is asked for: conditionally, within bounds, again where that may help, and no further.

    Fetched      a whole file, other than what was known
    NotModified  what is known still holds
    Failed       no file; `is_passing` when it may be there another time

Redirects are followed by hand, each to an address that is checked as the first one was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import SystemRandom
from ssl import SSLCertVerificationError
from threading import Event, Lock

import httpcore
import httpx

from seed.harvest import body
from seed.harvest.addresses import Network, RefusedAddress, checked_url, shown_url
from seed.harvest.connect import Gate, Resolve, TooLarge, UnknownHost, look_up
from seed.harvest.deadline import Deadline
from seed.harvest.entry import Format, SourceEntry
from seed.harvest.kinds import WrongKind, accept, check_media_type
from seed.harvest.lanes import Lanes
from seed.harvest.transport import Transport

_MAY_PASS = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_MAX_VALIDATOR_CHARACTERS = 500
_MAX_WAIT_DIGITS = 9
_MIB = 1024 * 1024
# Whoever asks to be left alone for years may have meant milliseconds.
_LONGEST_REST = timedelta(days=30)


@dataclass(frozen=True)
class FetchSettings:
    """Bounds of a fetch. `contact` tells the asked whom to write to; `networks` may be private.

    The whole of a fetch, with its tries and the waiting between them, ends after
    `whole_timeout_s`. A server that asks to wait longer than `wait_max_s` is not asked again now.
    """

    contact: str
    networks: tuple[Network, ...] = ()
    max_bytes: int = 200 * _MIB
    connect_timeout_s: float = 10
    read_timeout_s: float = 30
    whole_timeout_s: float = 600
    tries: int = 4
    backoff_s: float = 1
    wait_max_s: float = 120
    redirects_max: int = 5
    version: str = ""

    @property
    def user_agent(self) -> str:
        """Who asks, and whom to write to."""
        return f"Terrigraph{f'/{self.version}' if self.version else ''} (+{self.contact})"


@dataclass(frozen=True)
class Validators:
    """What the server told of the file that is known; `digest` is its SHA-256."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None

    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value}


UNKNOWN = Validators()


@dataclass(frozen=True)
class Fetched:
    """A file that is whole. `note` is what the operator should know of the way to it.

    `retrieved_on` is the day in UTC when it came.
    """

    path: Path
    size_bytes: int
    validators: Validators
    retrieved_on: str
    note: str | None = None


@dataclass(frozen=True)
class NotModified:
    """The file that is known still is the current one."""

    validators: Validators
    note: str | None = None


@dataclass(frozen=True)
class Failed:
    """Why there is no file. `not_before` is when the server wants to be asked again."""

    reason: str
    is_passing: bool
    not_before: datetime | None = None


Result = Fetched | NotModified | Failed


class Stopped(Exception):
    """The operator ended the harvest."""


class _Hopeless(Exception):
    """Another try would bring the same."""


class _MayPass(Exception):
    """Another try may bring the file; `wait_s` is what the server asks for."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass
class _Way:
    """One fetch as far as it has come; `note` tells of a move for good."""

    entry: SourceEntry
    known: Validators
    deadline: Deadline
    gate: Gate
    note: str | None = None
    seen: set[str] = field(default_factory=set)


class Fetcher:
    """Fetches lists into a folder; threads may share it.

    `pause` waits so many seconds, `resolve` gives the addresses of a host.
    """

    def __init__(
        self,
        settings: FetchSettings,
        folder: Path,
        *,
        resolve: Resolve = look_up,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._resolve = resolve
        self._stopped = Event()
        self._pause = pause or self._stopped.wait
        self._lanes = Lanes()
        self._lock = Lock()
        self._gates: set[Gate] = set()
        # Some hundred certificates are read, so once for all; SSL_CERT_FILE may name others.
        self._ssl_context = httpx.create_ssl_context()

    def fetch(self, entry: SourceEntry, known: Validators = UNKNOWN) -> Result:
        """The file of a list, unless what is known of it still holds. Stopped."""
        settings = self._settings
        deadline = Deadline(settings.whole_timeout_s)
        with self._opened(deadline) as gate:
            way = _Way(entry, known, deadline, gate)
            for number in range(1, settings.tries + 1):
                try:
                    return self._try(way)
                except _Hopeless as error:
                    self._go_on()
                    return Failed(str(error), is_passing=False)
                except _MayPass as error:
                    self._go_on()
                    failure, wait_s = error, self._wait_s(error, number)
                if number == settings.tries or wait_s > min(settings.wait_max_s, deadline.left_s()):
                    break
                self._pause(wait_s)
                self._go_on()
        return _failed(failure, number)

    def stop(self) -> None:
        """Ends what is under way, in whatever thread: there it raises Stopped."""
        self._stopped.set()
        with self._lock:
            gates = list(self._gates)
        for gate in gates:
            gate.shut()

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    @contextmanager
    def _opened(self, deadline: Deadline) -> Iterator[Gate]:
        gate = Gate(deadline, self._settings.max_bytes, self._settings.networks, self._resolve)
        with self._lock:
            self._gates.add(gate)
        try:
            self._go_on()
            yield gate
        finally:
            with self._lock:
                self._gates.discard(gate)

    def _wait_s(self, error: _MayPass, number: int) -> float:
        # Doubled each time, and never in step with others who wait for the same server.
        own = self._settings.backoff_s * float(2 ** (number - 1))
        return max(own, error.wait_s or 0) + own * SystemRandom().random()

    def _try(self, way: _Way) -> Result:
        way.seen.clear()
        try:
            with self._client(way) as client:
                return self._follow(client, way)
        except RefusedAddress as error:
            raise _Hopeless(str(error)) from error
        except UnknownHost as error:
            raise _Hopeless(f"no such host: {error}; check the address") from error
        except TooLarge:
            raise _Hopeless(self._too_large()) from None
        except (httpx.RemoteProtocolError, httpx.InvalidURL):
            # httpx reads where a redirect leads, followed or not.
            raise _Hopeless("a redirect leads to what is no address") from None
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            cause = error.args[0] if error.args else None  # httpcore wraps what it translates
            if isinstance(cause, SSLCertVerificationError):
                told = cause.verify_message
                raise _Hopeless(f"the server does not prove who it is: {told}") from error
            raise _MayPass(_explained(error)) from error

    def _client(self, way: _Way) -> httpx.Client:
        settings = self._settings
        return httpx.Client(
            transport=Transport(way.gate, self._ssl_context),
            timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s),
            # No proxy, no password of a .netrc: what is checked here must be what is asked.
            trust_env=False,
            follow_redirects=False,
            headers={
                "User-Agent": settings.user_agent,
                "Accept": accept(way.entry.format),
                "Accept-Encoding": _accepted_coding(way.entry.format),
                **way.known.headers(),
            },
        )

    def _follow(self, client: httpx.Client, way: _Way) -> Result:
        url, is_for_good = checked_url(way.entry.address), True
        for _ in range(self._settings.redirects_max + 1):
            if str(url) in way.seen:
                raise _Hopeless(f"the redirects lead in a circle by {shown_url(url)}")
            way.seen.add(str(url))
            found = self._ask(client, way, url)
            if not isinstance(found, _Redirect):
                return found
            is_for_good = is_for_good and found.is_for_good
            url = _next(url, found.location)
            if is_for_good:
                way.note = f"moved for good to {shown_url(url)}; write that address"
        raise _Hopeless(f"there are more than {self._settings.redirects_max} redirects")

    def _ask(self, client: httpx.Client, way: _Way, url: httpx.URL) -> "Result | _Redirect":
        try:
            with (
                self._lanes.of(url.host, way.deadline.left_s()),
                client.stream("GET", url) as response,
            ):
                return self._read(way, response)
        except TimeoutError:
            raise _MayPass(f"{url.host} was busy with other lists all the time") from None

    def _read(self, way: _Way, response: httpx.Response) -> "Result | _Redirect":
        status = response.status_code
        if status in _REDIRECTS and "location" in response.headers:
            return _Redirect(response.headers["location"], status in _FOR_GOOD)
        if status == httpx.codes.NOT_MODIFIED and way.known.headers():
            return NotModified(_validators(response, way.known), way.note)
        if status in _MAY_PASS:
            raise _MayPass(_of_status(response), _retry_after_s(response))
        if status != httpx.codes.OK:
            raise _Hopeless(f"{_of_status(response)}; look at the address in a browser")
        return self._save(way, response)

    def _save(self, way: _Way, response: httpx.Response) -> Result:
        kind, max_bytes = way.entry.format, self._settings.max_bytes
        length = response.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > max_bytes:
            raise TooLarge
        path = self._folder / f"{way.entry.key}.{kind.value}"
        try:
            check_media_type(kind, response.headers.get("content-type"))
            chunks = response.iter_raw()
            pieces = body.decoded(chunks, response.headers.get("content-encoding"), kind)
            saved = body.save(pieces, path, kind, max_bytes)
        except WrongKind as error:
            raise _Hopeless(str(error)) from error
        except body.Cut as error:
            raise _MayPass(str(error)) from error
        except body.UnknownCoding as error:
            raise _Hopeless(f"the server compresses by {error}, which was not asked for") from error
        except OSError as error:
            raise _Hopeless(f"the file cannot be written: {error.strerror}") from error
        validators = _validators(response, Validators(digest=saved.digest))
        if saved.digest == way.known.digest:
            path.unlink()
            return NotModified(validators, way.note)
        today = datetime.now(UTC).date().isoformat()
        return Fetched(path, saved.size_bytes, validators, today, way.note)

    def _too_large(self) -> str:
        most = self._settings.max_bytes / _MIB
        return (
            f"the file is larger than {most:,.0f} MiB; if it should be, raise "
            "TERRIGRAPH_HARVEST_MAX_BYTES"
        )


@dataclass(frozen=True)
class _Redirect:
    location: str
    is_for_good: bool


def _next(url: httpx.URL, location: str) -> httpx.URL:
    try:
        following = checked_url(str(url.join(location)))
    except RefusedAddress as error:
        raise _Hopeless(f"a redirect leads to an address that {error}") from error
    if url.scheme == "https" and following.scheme == "http":
        raise _Hopeless(
            f"a redirect leads from https to http ({shown_url(following)}), where anybody on the "
            "way could change the file"
        )
    return following


def _accepted_coding(kind: Format) -> str:
    # What is compressed already gains nothing, and servers would tell of it in two ways.
    return "identity" if kind in {Format.CSV_GZ, Format.XLSX} else "gzip"


def _failed(error: _MayPass, tries: int) -> Failed:
    times = "once" if tries == 1 else f"{tries} times"
    not_before = None
    if error.wait_s:
        not_before = datetime.now(UTC) + min(timedelta(seconds=error.wait_s), _LONGEST_REST)
    return Failed(f"{error} (asked {times})", is_passing=True, not_before=not_before)


def _validators(response: httpx.Response, known: Validators) -> Validators:
    """What the answer says; what it leaves out of a 304 stays as it was known."""
    etag, modified = (_sound(response.headers.get(name)) for name in ("etag", "last-modified"))
    return Validators(etag or known.etag, modified or known.last_modified, known.digest)


def _sound(text: str | None) -> str | None:
    """A header that can be kept and sent back; None for one that cannot."""
    if text and len(text) <= _MAX_VALIDATOR_CHARACTERS and text.isascii() and text.isprintable():
        return text
    return None


def _retry_after_s(response: httpx.Response) -> float | None:
    told = response.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:_MAX_WAIT_DIGITS])
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _of_status(response: httpx.Response) -> str:
    # The server's own words could be anything, so the standard's are told.
    status = response.status_code
    phrase = httpx.codes.get_reason_phrase(status)
    return f"the server answers {status}{f' ({phrase})' if phrase else ''}"


def _explained(error: Exception) -> str:
    match error:
        case httpcore.ConnectTimeout():
            return "the server cannot be reached in time"
        case httpcore.TimeoutException():
            return "the server is too slow"
        case httpcore.ConnectError():
            return f"the server cannot be reached: {error}"
        case httpcore.ProtocolError():
            return f"the answer is cut or not HTTP: {error}"
        case _:
            return "the connection was lost"
