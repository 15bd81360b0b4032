"""A fetch brings a whole file or none, whatever the server does."""

import gzip
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import trustme

from seed.harvest.entry import Format
from seed.harvest.fetch import (
    UNKNOWN,
    Failed,
    Fetched,
    Fetcher,
    NotModified,
    Stopped,
    Validators,
)
from tests.seed.harvest.conftest import LIST, SETTINGS, entry
from tests.seed.harvest.server import Site, Write, answer, serving

NewFetcher = Callable[..., Fetcher]
_DIGEST = sha256(LIST).hexdigest()


def failed(found: object, words: str, *, is_passing: bool) -> Failed:
    assert isinstance(found, Failed), found
    assert words in found.reason
    assert found.is_passing is is_passing
    return found


def test_a_file_is_fetched_whole_with_its_validators(
    site: Site, new_fetcher: NewFetcher, folder: Path
) -> None:
    url = site.at("/a.csv", answer(LIST, ETag='"1"', Last_Modified="Sat, 31 Jan 2026 12:00:00 GMT"))
    found = new_fetcher().fetch(entry(url))
    assert isinstance(found, Fetched)
    assert found.path == folder / "awards.csv"
    assert found.path.read_bytes() == LIST
    assert found.size_bytes == len(LIST)
    assert found.validators == Validators('"1"', "Sat, 31 Jan 2026 12:00:00 GMT", _DIGEST)
    assert [path.name for path in folder.iterdir()] == ["awards.csv"]


def test_a_request_says_who_asks_for_what(site: Site, new_fetcher: NewFetcher) -> None:
    new_fetcher().fetch(entry(site.at("/a.csv", answer(LIST))))
    headers = site.requests[0].headers
    assert headers["user-agent"] == "Terrigraph/1.2.3 (+list@example.org)"
    assert headers["accept"].startswith("text/csv")
    assert headers["accept-encoding"] == "gzip"
    assert "if-none-match" not in headers
    assert "authorization" not in headers


def test_what_did_not_change_is_not_sent_again(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", answer(status=304, ETag='"2"'))
    known = Validators('"1"', "Sat, 31 Jan 2026 12:00:00 GMT", _DIGEST)
    found = new_fetcher().fetch(entry(url), known)
    assert found == NotModified(Validators('"2"', known.last_modified, _DIGEST))
    headers = site.requests[0].headers
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == known.last_modified


def test_the_same_bytes_under_another_etag_are_no_change(
    site: Site, new_fetcher: NewFetcher, folder: Path
) -> None:
    url = site.at("/a.csv", answer(LIST, ETag='"2"'))
    found = new_fetcher().fetch(entry(url), Validators('"1"', None, _DIGEST))
    assert found == NotModified(Validators('"2"', None, _DIGEST))
    assert list(folder.iterdir()) == []


def test_not_modified_of_what_is_unknown_is_refused(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", answer(status=304))
    failed(new_fetcher().fetch(entry(url)), "answers 304", is_passing=False)


@pytest.mark.parametrize("etag", ["é", "x" * 501])
def test_a_validator_that_cannot_be_sent_back_is_forgotten(
    site: Site, new_fetcher: NewFetcher, etag: str
) -> None:
    found = new_fetcher().fetch(entry(site.at("/a.csv", answer(LIST, ETag=etag))))
    assert isinstance(found, Fetched)
    assert found.validators.etag is None


# Tries


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_asked_again(
    site: Site, new_fetcher: NewFetcher, waits: list[float], status: int
) -> None:
    url = site.at("/a.csv", answer(status=status), answer(status=status), answer(LIST))
    assert isinstance(new_fetcher().fetch(entry(url)), Fetched)
    assert len(site.requests) == 3
    assert [1 <= waits[0] <= 2, 2 <= waits[1] <= 4] == [True, True]


def test_waits_differ_so_that_nobody_asks_in_step(
    site: Site, new_fetcher: NewFetcher, waits: list[float]
) -> None:
    url = site.at("/a.csv", answer(status=503))
    for _ in range(5):
        new_fetcher().fetch(entry(url))
    assert len(set(waits)) == 15


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 500, 204, 206, 300])
def test_what_does_not_pass_is_asked_once(
    site: Site, new_fetcher: NewFetcher, waits: list[float], status: int
) -> None:
    url = site.at("/a.csv", answer(LIST, status))
    failed(new_fetcher().fetch(entry(url)), f"answers {status}", is_passing=False)
    assert (len(site.requests), waits) == (1, [])


def test_tries_come_to_an_end(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", answer(status=503))
    found = failed(new_fetcher().fetch(entry(url)), "(asked 4 times)", is_passing=True)
    assert "503 (Service Unavailable)" in found.reason
    assert len(site.requests) == 4


def test_retry_after_is_waited_for(site: Site, new_fetcher: NewFetcher, waits: list[float]) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    url = site.at(
        "/a.csv",
        answer(status=429, Retry_After="7"),
        answer(status=503, Retry_After=soon),
        answer(status=429, Retry_After="soon"),
        answer(LIST),
    )
    assert isinstance(new_fetcher().fetch(entry(url)), Fetched)
    assert 7 <= waits[0] <= 8
    assert 15 <= waits[1] <= 22
    assert 4 <= waits[2] <= 8


@pytest.mark.parametrize("told", ["121", "9" * 40, "Fri, 31 Dec 2049 00:00:00 GMT"])
def test_who_asks_to_wait_long_is_left_alone_until_then(
    site: Site, new_fetcher: NewFetcher, waits: list[float], told: str
) -> None:
    url = site.at("/a.csv", answer(status=429, Retry_After=told))
    found = failed(new_fetcher(whole_timeout_s=600).fetch(entry(url)), "429", is_passing=True)
    assert (len(site.requests), waits) == (1, [])
    assert found.not_before is not None
    now = datetime.now(UTC)
    assert now + timedelta(seconds=100) < found.not_before <= now + timedelta(days=30)


def test_no_wait_goes_beyond_the_whole(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", answer(status=429, Retry_After="40"))
    failed(new_fetcher(whole_timeout_s=30).fetch(entry(url)), "asked once", is_passing=True)


# Bodies


@pytest.mark.parametrize(
    "bad",
    [
        answer(LIST, length=len(LIST) + 1),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + LIST,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n" + LIST,
        b"HTTP/1.1 200 OK\r\nContent-Len",
        b"nonsense\r\n\r\n",
        b"",
        answer(gzip.compress(LIST)[:-3], Content_Encoding="gzip"),
        answer(gzip.compress(LIST)[:12] + b"\xff" * 9, Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: yes\r\n" * 20_000,
        b"HTTP/1.1 200 OK\r\nX-Flood: " + b"x" * 300_000,
    ],
    ids=[
        "length",
        "chunk",
        "framing",
        "head",
        "nonsense",
        "nothing",
        "cut-gzip",
        "broken-gzip",
        "headers",
        "header",
    ],
)
def test_a_part_of_a_file_is_never_used(
    site: Site, new_fetcher: NewFetcher, folder: Path, bad: bytes
) -> None:
    found = new_fetcher().fetch(entry(site.at("/a.csv", bad)))
    assert isinstance(found, Failed)
    assert found.is_passing
    assert len(site.requests) == 4
    assert list(folder.iterdir()) == []


def test_a_cut_file_is_fetched_again_from_its_beginning(
    site: Site, new_fetcher: NewFetcher
) -> None:
    url = site.at("/a.csv", answer(LIST, length=500), answer(LIST))
    found = new_fetcher().fetch(entry(url))
    assert isinstance(found, Fetched)
    assert found.path.read_bytes() == LIST
    assert "range" not in site.requests[1].headers


def test_what_is_sent_beyond_the_length_is_no_part_of_the_file(
    site: Site, new_fetcher: NewFetcher
) -> None:
    url = site.at("/a.csv", answer(LIST + b"more", length=len(LIST)))
    found = new_fetcher().fetch(entry(url))
    assert isinstance(found, Fetched)
    assert found.path.read_bytes() == LIST


def test_a_file_of_several_gzip_members_is_whole(site: Site, new_fetcher: NewFetcher) -> None:
    body = gzip.compress(LIST) + gzip.compress(LIST * 1000)
    found = new_fetcher().fetch(entry(site.at("/a.csv", answer(body, Content_Encoding="gzip"))))
    assert isinstance(found, Fetched)
    assert found.path.read_bytes() == LIST * 1001


def _endless(head: bytes, piece: bytes) -> Callable[[Write], None]:
    def write_on(write: Write) -> None:
        write(head)
        while True:
            write(piece)

    return write_on


@pytest.mark.parametrize(
    "large",
    [
        answer(b"", length=100_001),
        answer(b"", length=int("9" * 19)),
        answer(LIST * 4_000),
        _endless(b"HTTP/1.1 200 OK\r\n\r\n", LIST),
        _endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4\r\na,b\n\r\n"),
        _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        answer(gzip.compress(bytes(b"x" * 100_000_000)), Content_Encoding="gzip"),
    ],
    ids=["told", "told-huge", "body", "endless", "endless-chunks", "endless-heads", "bomb"],
)
def test_a_file_that_is_too_large_is_refused_at_once(
    site: Site, new_fetcher: NewFetcher, folder: Path, large: bytes
) -> None:
    url = site.at("/a.csv", large)
    found = failed(new_fetcher().fetch(entry(url)), "larger than", is_passing=False)
    assert "TERRIGRAPH_HARVEST_MAX_BYTES" in found.reason
    assert len(site.requests) == 1
    assert list(folder.iterdir()) == []


def _sparse(head: bytes, piece: bytes, site: Site) -> Callable[[Write], None]:
    def drip(write: Write) -> None:
        write(head)
        while not site.over.wait(0.05):
            write(piece)

    return drip


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b""),
        (b"", b""),
    ],
    ids=["status", "headers", "body", "stalled", "silent"],
)
def test_a_slow_answer_ends_with_the_time_for_the_whole(
    site: Site, new_fetcher: NewFetcher, folder: Path, head: bytes, piece: bytes
) -> None:
    url = site.at("/a.csv", _sparse(head, piece, site))
    found = new_fetcher(whole_timeout_s=0.5, read_timeout_s=30).fetch(entry(url))
    failed(found, "too slow (asked once)", is_passing=True)
    assert list(folder.iterdir()) == []


def test_a_silence_ends_with_the_time_for_a_read(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", _sparse(b"", b"", site), answer(LIST))
    assert isinstance(new_fetcher(read_timeout_s=0.3).fetch(entry(url)), Fetched)


def test_who_answers_at_no_port_cannot_be_reached(site: Site, new_fetcher: NewFetcher) -> None:
    found = new_fetcher().fetch(entry("http://127.0.0.1:1/a.csv"))
    failed(found, "cannot be reached", is_passing=True)


def test_a_full_disk_is_told(site: Site, new_fetcher: NewFetcher, folder: Path) -> None:
    (folder / "awards.csv.part").mkdir()  # stands in the way as a full disk would
    found = new_fetcher().fetch(entry(site.at("/a.csv", answer(LIST))))
    failed(found, "cannot be written", is_passing=False)


# What a file is


@pytest.mark.parametrize(
    ("kind", "content_type", "body", "words"),
    [
        (Format.CSV, "text/html; charset=utf-8", LIST, "'text/html' where the entry says csv"),
        (Format.CSV, "application/pdf", LIST, "'application/pdf'"),
        (Format.CSV, "text/csv", b"<!DOCTYPE html><html>", "a web page"),
        (Format.CSV, "text/csv", b"\xef\xbb\xbf \n<html>", "a web page"),
        (Format.CSV, "text/csv", b"PK\x03\x04" + b"x" * 600, "a ZIP archive or a workbook"),
        (Format.CSV, "text/csv", gzip.compress(LIST), "compressed by gzip"),
        (Format.CSV, "text/csv", b"%PDF-1.7", "a PDF"),
        (Format.CSV, "text/csv", LIST.decode().encode("utf-16"), "text in UTF-16"),
        (Format.CSV, "text/csv", b"a,b\n\x00", "no text"),
        (Format.CSV, "text/csv", b"", "is empty"),
        (Format.XLSX, "application/zip", LIST, "does not begin as xlsx"),
        (Format.XLSX, "application/zip", b"\xd0\xcf\x11\xe0", "of the old kind (XLS)"),
        (Format.JSON, "application/json", b'"text"', "does not begin as json"),
        (Format.NDJSON, "application/json", b"[1]", "does not begin as ndjson"),
        (Format.CSV_GZ, "application/gzip", LIST, "does not begin as csv.gz"),
    ],
)
def test_what_is_no_such_file_is_refused(  # noqa: PLR0913, PLR0917  # a table
    site: Site,
    new_fetcher: NewFetcher,
    folder: Path,
    kind: Format,
    content_type: str,
    body: bytes,
    words: str,
) -> None:
    url = site.at("/a", answer(body, Content_Type=content_type))
    failed(new_fetcher().fetch(entry(url, format=kind)), words, is_passing=False)
    assert len(site.requests) == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "content_type", "body"),
    [
        (Format.CSV, "text/plain; charset=utf-8", LIST),
        (Format.CSV, "application/vnd.ms-excel", LIST),
        (Format.CSV, "application/octet-stream", LIST),
        (Format.CSV, "", "nom;année\nÉté;2017\n".encode("cp1252")),
        (
            Format.XLSX,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK\x03\x04...",
        ),
        (Format.JSON, "application/json;charset=utf-8", b"\xef\xbb\xbf [{}]"),
        (Format.NDJSON, "application/x-ndjson", b"{}\n{}\n"),
        (Format.CSV_GZ, "application/gzip", gzip.compress(LIST)),
    ],
)
def test_what_servers_call_such_a_file_is_accepted(
    site: Site, new_fetcher: NewFetcher, kind: Format, content_type: str, body: bytes
) -> None:
    url = site.at("/a", answer(body, Content_Type=content_type))
    found = new_fetcher().fetch(entry(url, format=kind))
    assert isinstance(found, Fetched)
    assert found.path.name == f"awards.{kind.value}"
    assert found.path.read_bytes() == body


def test_a_compressed_file_stays_so_whatever_the_server_calls_it(
    site: Site, new_fetcher: NewFetcher
) -> None:
    body = gzip.compress(LIST)
    url = site.at("/a", answer(body, Content_Type="text/csv", Content_Encoding="gzip"))
    found = new_fetcher().fetch(entry(url, format=Format.CSV_GZ))
    assert isinstance(found, Fetched)
    assert found.path.read_bytes() == body
    assert site.requests[0].headers["accept-encoding"] == "identity"


def test_a_coding_that_was_not_asked_for_is_refused(site: Site, new_fetcher: NewFetcher) -> None:
    url = site.at("/a.csv", answer(LIST, Content_Encoding="br"))
    failed(new_fetcher().fetch(entry(url)), "compresses by br", is_passing=False)


# TLS and stopping


def test_tls_proves_the_name_that_was_asked_for(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("lists.example").configure_cert(context)
    fetcher = Fetcher(SETTINGS, folder, resolve=lambda _host, _port: ["127.0.0.1"])
    with serving(context) as site:
        site.at("/a.csv", answer(LIST))
        proven = fetcher.fetch(entry(site.url("/a.csv", "lists.example", "https")))
        other = fetcher.fetch(entry(site.url("/a.csv", "other.example", "https")))
    assert isinstance(proven, Fetched)
    failed(other, "does not prove who it is", is_passing=False)
    assert site.requests[0].headers["host"] == f"lists.example:{site.port}"
    assert len(site.requests) == 1


def test_a_stop_ends_what_is_under_way(site: Site, folder: Path) -> None:
    fetcher = Fetcher(SETTINGS, folder)
    url = site.at("/a.csv", _sparse(b"HTTP/1.1 200 OK\r\n\r\na", b"", site))
    raised: list[type[BaseException]] = []

    def fetch() -> None:
        try:
            fetcher.fetch(entry(url))
        except Stopped as error:
            raised.append(type(error))

    thread = Thread(target=fetch)
    thread.start()
    while not site.requests:
        sleep(0.01)
    fetcher.stop()
    thread.join(10)
    assert raised == [Stopped]
    assert list(folder.iterdir()) == []
    with pytest.raises(Stopped):
        fetcher.fetch(entry(url), UNKNOWN)
