"""A web archive on loopback: a CDX server and captures, asked as web.archive.org would be."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from extractors.web import wayback
from extractors.web.crawl import GIVE_UP, Memory, Outcome
from extractors.web.errors import FetchFailure
from extractors.web.fetch import CAPTURE, CAPTURE_DIGEST, REDIRECTED_FROM, Unchanged, Validators
from extractors.web.wayback import captures
from models.records import Response, Source, SourceKind

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Makers

SOURCE = Source(
    "forum",
    "Vækstforum",
    "Region",
    SourceKind.WAYBACK,
    ("Sjælland",),
    ("http://www.a.dk/",),
    delay=2.0,
    since=date(2006, 1, 1),
    until=date(2018, 12, 31),
)
BODY = "<p>Vækstforum i {}"


@dataclass(frozen=True, slots=True)
class Shot:
    """A capture of the archive under test."""

    timestamp: str
    original: str
    body: bytes
    media_type: str = "text/html"
    status: str = "200"

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()

    @property
    def line(self) -> str:
        return f"{self.timestamp} {self.original} {self.media_type} {self.status} {self.digest}"

    @property
    def path(self) -> str:
        return f"/web/{self.timestamp}id_/{self.original}"


def shot(timestamp: str, path: str = "/", text: str = "", **changes: str) -> Shot:
    body = BODY.format(text or f"{timestamp}{path}").encode()
    return Shot(timestamp, f"http://www.a.dk{path}", body, **changes)


def archive(make: Makers, shots: Iterable[Shot], *pages: str) -> FaultServer:
    """An archive that lists `pages` in turn (by default all shots on one) and has the shots."""
    server = make.server()
    shots = list(shots)
    for page in shots:
        server.on(page.path, make.reply(page.body, Content_Type=f"{page.media_type}; charset=utf-8"))
    listings = pages or ("\n".join(page.line for page in shots) + "\n",)
    answers = [make.reply(page.encode(), Content_Type="text/plain") for page in listings]
    listed = server.on

    def next_behaviour(hit: object, original: object = server.next_behaviour) -> object:
        path = hit.path  # type: ignore[attr-defined]
        if path.startswith("/cdx/search/cdx?"):
            listed(path, answers.pop(0) if len(answers) > 1 else answers[0])
        return original(hit)  # type: ignore[operator]

    server.next_behaviour = next_behaviour  # type: ignore[method-assign, assignment]
    return server


def harvest(make: Makers, server: FaultServer, source: Source = SOURCE, digests: Iterable[str] = ()) -> list[Outcome]:
    return list(captures(source, make.fetcher(), Memory(digests=frozenset(digests)), server.root))


def told(outcomes: Iterable[Outcome]) -> list[str]:
    words = []
    for outcome in outcomes:
        if isinstance(outcome, FetchFailure):
            words.append(f"{outcome.kind}")
        else:
            kept = " kept" if isinstance(outcome, Unchanged) else ""
            words.append(f"{outcome.fetched_at:%Y%m%d} {urlsplit(outcome.url).path}{kept}")
    return words


def asked(server: FaultServer) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(path).query) for path in server.paths() if path.startswith("/cdx/")]


def test_a_capture_is_a_response_of_its_original_address_and_day(make: Makers) -> None:
    one = shot("20110831120000", "/vaekstforum?id=1")
    server = archive(make, [replace(one, original="http://www.a.dk:80/vaekstforum?id=1")])
    path = f"/web/{one.timestamp}id_/http://www.a.dk:80/vaekstforum?id=1"
    assert harvest(make, server) == [
        Response(
            "http://www.a.dk/vaekstforum?id=1",
            "text/html",
            one.body,
            datetime(2011, 8, 31, 12, tzinfo=UTC),
            "utf-8",
            200,
            (
                ("Content-Type", "text/html; charset=utf-8"),
                (CAPTURE, server.root + path),
                (CAPTURE_DIGEST, one.digest),
            ),
        )
    ]
    assert make.time.slept[-1] == 2.0


@pytest.mark.parametrize(
    ("start", "url", "match"),
    [
        ("http://www.a.dk/", "www.a.dk", "host"),
        ("http://www.a.dk/vf/", "http://www.a.dk/vf/", "prefix"),
        ("http://www.a.dk/?id=7&x=æ", "http://www.a.dk/?id=7&x=æ", "prefix"),
    ],
)
def test_a_listing_is_of_the_host_or_of_what_lies_below_the_start(
    make: Makers, start: str, url: str, match: str
) -> None:
    server = archive(make, [])
    assert harvest(make, server, replace(SOURCE, start=(start,))) == []
    assert asked(server) == [
        {
            "url": [url],
            "matchType": [match],
            "from": ["20060101"],
            "to": ["20181231"],
            "filter": ["statuscode:200", f"mimetype:({'|'.join(map(_escaped, wayback.DOCUMENTS))})"],
            "collapse": ["digest"],
            "fl": ["timestamp,original,mimetype,statuscode,digest"],
            "limit": ["5000"],
            "showResumeKey": ["true"],
        }
    ]


def _escaped(media_type: str) -> str:
    return media_type.replace(".", "\\.").replace("+", "\\+").replace("-", "\\-")


def test_captures_come_oldest_first_one_for_each_content(make: Makers) -> None:
    shots = [
        shot("20120101000000", "/b"),
        shot("20080101000000", "/b"),
        shot("20100101000000", "/a", "the same"),
        shot("20110101000000", "/c", "the same"),
        shot("20070101000000", "/a"),
    ]
    server = archive(make, shots)
    assert told(harvest(make, server)) == ["20070101 /a", "20080101 /b", "20110101 /c", "20120101 /b"]
    assert "/web/20100101000000id_/http://www.a.dk/a" not in server.paths()


def test_a_version_that_returned_comes_last(make: Makers) -> None:
    shots = [shot("20080101000000", "/", "A"), shot("20090101000000", "/", "B"), shot("20100101000000", "/", "A")]
    assert told(harvest(make, archive(make, shots))) == ["20090101 /", "20100101 /"]


def test_known_captures_are_not_fetched_again(make: Makers) -> None:
    shots = [shot("20080101000000", "/a"), shot("20090101000000", "/a"), shot("20100101000000", "/b")]
    first = harvest(make, archive(make, shots))
    digests = {Validators.of(found).etag for found in first if isinstance(found, Response)}
    assert digests == {each.digest for each in shots}
    server = archive(make, shots)
    again = harvest(make, server, digests=digests)
    assert again == [
        Unchanged("http://www.a.dk/a", datetime(2008, 1, 1, tzinfo=UTC), asked=False),
        Unchanged("http://www.a.dk/a", datetime(2009, 1, 1, tzinfo=UTC), asked=False),
        Unchanged("http://www.a.dk/b", datetime(2010, 1, 1, tzinfo=UTC), asked=False),
    ]
    assert [path for path in server.paths() if path.startswith("/web/")] == []


def test_captures_that_cannot_be_had_are_not_asked_for_again(make: Makers) -> None:
    """A missing and a refused one; a server that stumbled is asked again."""
    shots = [shot(f"2011010{number}000000", f"/{number}", str(number)) for number in (1, 2, 3, 4)]
    statuses = {"/1": "404 Not Found", "/2": "403 Forbidden", "/3": "500 Oops"}

    def broken() -> FaultServer:
        server = archive(make, shots)
        for each in shots[:3]:
            server.on(each.path, make.reply(status=statuses[each.path[-2:]]))
        return server

    lost: dict[str, FetchFailure] = {}
    first = list(captures(SOURCE, make.fetcher(), Memory(lose=lost.__setitem__), broken().root))
    assert told(first) == ["NotFound", "Blocked", "ServerError", "20110104 /4"]
    server = broken()
    again = list(captures(SOURCE, make.fetcher(), Memory(lost=lost), server.root))
    assert again[:2] == first[:2]
    assert told(again) == told(first)
    assert {path for path in server.paths() if path.startswith("/web/")} == {each.path for each in shots[2:]}


def test_a_harvest_that_broke_off_finds_the_rest_next_time(make: Makers) -> None:
    shots = [shot(f"20{number:02}0101000000", f"/{number % 3}") for number in range(8, 16)]
    whole = harvest(make, archive(make, shots))
    for stop in range(len(shots)):
        had = whole[:stop]
        digests = {Validators.of(found).etag for found in had if isinstance(found, Response)}
        again = harvest(make, archive(make, shots), digests=digests)
        assert [isinstance(found, Unchanged) for found in again] == [True] * stop + [False] * (len(shots) - stop)
        assert [Validators.of(found).etag for found in again if isinstance(found, Response)] == [
            each.digest for each in shots[stop:]
        ]


def test_allow_and_deny_judge_the_original_address(make: Makers) -> None:
    paths = ["/vaekstforum/1", "/vaekstforum/print/1", "/andet", "/vaekstforum/kalender/2011/05/"]
    server = archive(make, [shot(f"2011010{number}000000", path) for number, path in enumerate(paths, 1)])
    source = replace(SOURCE, allow=("^https?://(www\\.)?a\\.dk/vaekstforum",), deny=("/print",))
    assert told(harvest(make, server, source)) == ["20110101 /vaekstforum/1"]


def test_what_a_server_lists_unasked_is_left_out(make: Makers) -> None:
    shots = [
        shot("20051231235959", "/1"),
        shot("20190101000000", "/2"),
        shot("20110101000000", "/3", status="404"),
        shot("20110101000000", "/4", media_type="image/png"),
        shot("20110101000000", "/5", media_type="warc/revisit", status="-"),
        replace(shot("20110101000000", "/6"), original="mailto:navn@a.dk"),
        replace(shot("20110101000000", "/7"), original="http://b.dk/7"),
        shot("20110101000000", "/8"),
    ]
    assert told(harvest(make, archive(make, shots))) == ["20110101 /8"]


def test_broken_lines_are_skipped_and_told_once(make: Makers) -> None:
    good = shot("20110101000000", "/1")
    broken = [
        "",
        "20110101000000",
        "x " + good.line,
        good.line.replace("20110101", "20119901"),
        good.line[:-1],
        "\ufffd æ",
    ]
    server = archive(make, [good], "\n".join([*broken, good.line, *broken]) + "\n\n")
    found = harvest(make, server)
    assert told(found) == ["BadIndex", "20110101 /1"]
    assert isinstance(found[0], FetchFailure)
    assert found[0].reason == "10 linjer i webarkivets oversigt kan ikke læses og er sprunget over"


def test_a_long_listing_is_continued_by_its_key(make: Makers) -> None:
    shots = [shot(f"2011010{number}000000", f"/{number}") for number in range(1, 6)]
    lines = [each.line for each in shots]
    key = "dk%2Ca%29%2F+20110102%21&from=1"
    pages = (f"{lines[0]}\n{lines[1]}\n\n{key}\n", f"\n{key}2\n", "\n".join(lines[2:]))
    server = archive(make, shots, *pages)
    assert told(harvest(make, server)) == [f"2011010{number} /{number}" for number in range(1, 6)]
    assert [query.get("resumeKey") for query in asked(server)] == [
        None,
        ["dk,a)/ 20110102!&from=1"],
        ["dk,a)/ 20110102!&from=12"],
    ]
    assert [query["from"] for query in asked(server)] == [["20060101"]] * 3


@pytest.mark.parametrize("keys", ["the same", "new ones"])
def test_a_listing_without_end_is_left(make: Makers, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setattr(wayback, "LISTINGS", 5)
    one = shot("20110101000000", "/1")
    pages = [f"{one.line}\n\nkey{number if keys == 'new ones' else ''}\n" for number in range(9)]
    server = archive(make, [one], *pages)
    assert told(harvest(make, server)) == ["TooLarge", "20110101 /1"]
    assert len(asked(server)) == (5 if keys == "new ones" else 2)


def test_captures_kept_in_mind_are_bounded(make: Makers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayback, "CAPTURES", 2)
    shots = [shot(f"2011010{number}000000", f"/{number}") for number in range(1, 4)]
    server = archive(make, shots, *(f"{each.line}\n\nkey{each.timestamp}\n" for each in shots))
    assert told(harvest(make, server)) == ["TooLarge", "20110101 /1", "20110102 /2"]


def test_of_too_many_captures_the_newest_of_each_address_are_taken(make: Makers) -> None:
    shots = [shot(f"20{year}0101000000", path) for path in ("/a", "/b") for year in (10, 11, 12)]
    server = archive(make, shots)
    assert told(harvest(make, server, replace(SOURCE, max_pages=3))) == ["20110101 /a", "20120101 /a", "20120101 /b"]


def test_one_bad_capture_harms_one_capture(make: Makers) -> None:
    shots = [shot(f"2011010{number}000000", f"/{number}") for number in range(1, 4)]
    server = archive(make, shots)
    server.on(shots[1].path, make.reply(status="503 Busy"))
    found = harvest(make, server)
    assert told(found) == ["20110101 /1", "ServerError", "20110103 /3"]
    assert found[1].url == server.root + shots[1].path


def test_a_redirect_to_another_capture_of_the_address_is_followed_and_dated(make: Makers) -> None:
    listed, near, other = shot("20110101000000", "/1"), shot("20110102000000", "/1"), shot("20110101000000", "/2")
    server = archive(make, [listed, near, other], f"{listed.line}\n{other.line}\n")
    server.on(listed.path, make.reply(status="302 Found", Location=near.path))
    server.on(other.path, make.reply(status="302 Found", Location=near.path))
    first, second = harvest(make, server)
    assert isinstance(first, Response)
    assert (first.url, first.fetched_at) == ("http://www.a.dk/1", datetime(2011, 1, 2, tzinfo=UTC))
    told_by = dict(first.headers)
    assert told_by[REDIRECTED_FROM] == server.root + listed.path
    assert (told_by[CAPTURE], told_by[CAPTURE_DIGEST]) == (server.root + near.path, listed.digest)
    assert isinstance(second, FetchFailure)
    assert second.kind == "ScopeRefused"


@pytest.mark.parametrize("target", ["http://10.0.0.1/web/20110101000000id_/http://www.a.dk/1", "/login"])
def test_a_listing_or_capture_that_leads_elsewhere_is_refused(make: Makers, target: str) -> None:
    one = shot("20110101000000", "/1")
    server = archive(make, [one])
    server.on(one.path, make.reply(status="302 Found", Location=target))
    assert told(harvest(make, server)) == ["ScopeRefused"]


def test_the_archive_may_ask_for_patience(make: Makers) -> None:
    one = shot("20110101000000", "/1")
    server = archive(make, [one])
    fine = make.reply(one.body)
    server.on(one.path, make.reply(status="429 Slow", Retry_After="90"), fine)
    assert told(harvest(make, server)) == ["20110101 /1"]
    assert 90.0 in make.time.slept


def test_an_archive_that_wants_quiet_is_left_for_now(make: Makers) -> None:
    shots = [shot(f"2011010{number}000000", f"/{number}") for number in range(1, 4)]
    server = archive(make, shots)
    server.on(shots[0].path, make.reply(status="429 Slow", Retry_After="3600"))
    assert told(harvest(make, server)) == ["TooManyRequests", "GaveUp"]


def test_an_archive_that_falls_silent_is_left_for_now(make: Makers) -> None:
    shots = [shot(f"201101{number:02}000000", f"/{number}") for number in range(1, 20)]
    server = archive(make, shots)
    for each in shots[1:]:
        server.on(each.path, lambda _sock, _hit: None)
    assert told(harvest(make, server)) == ["20110101 /1", *["Unreachable"] * GIVE_UP, "GaveUp"]


def test_an_archive_that_is_not_there_is_one_failure(make: Makers) -> None:
    source = replace(SOURCE, start=("http://www.a.dk/", "http://b.dk/"))
    found = list(captures(source, make.fetcher(guard=make.guard()), service="http://archive.invalid"))
    assert told(found) == ["Unreachable"]


def test_its_robots_txt_is_obeyed(make: Makers) -> None:
    one = shot("20110101000000", "/1")
    server = archive(make, [one])
    server.on("/robots.txt", make.reply(b"User-agent: *\nDisallow: /web/", Content_Type="text/plain"))
    assert told(harvest(make, server)) == ["RobotsRefused"]
    closed = archive(make, [one])
    closed.on("/robots.txt", make.reply(b"User-agent: *\nDisallow: /cdx/", Content_Type="text/plain"))
    assert told(harvest(make, closed)) == ["RobotsRefused"]
    assert asked(closed) == []
