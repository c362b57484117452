from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.web.crawl import Memory, Outcome
from extractors.web.fetch import Unchanged, Validators
from extractors.web.outcomes import outcomes
from models.records import Response, Source, SourceKind

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Makers

DIGEST = "A" * 32


def source(kind: SourceKind, *start: str, **changes: object) -> Source:
    return Source("s", "S", "S", kind, ("alle",), start, delay=0.0, **changes)  # type: ignore[arg-type]


def urls(found: Iterable[Outcome], server: FaultServer) -> list[str]:
    return [outcome.url.removeprefix(server.root) for outcome in found]


def folder(path: Path) -> str:
    for name in ("a", "b", "c"):
        (path / f"{name}.html").write_text(f"<p>{name}")
    return str(path)


def test_websites_and_feeds_are_crawled(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(b"<a href='/1'>1</a>"))
    server.on("/1", make.reply(b"<p>1"))
    server.on(
        "/feed",
        make.reply(
            b"<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>", Content_Type="text/xml"
        ),
    )
    site = source(SourceKind.WEBSITE, f"{server.root}/")
    feed = source(SourceKind.FEED, f"{server.root}/feed")
    assert urls(outcomes(site, make.fetcher()), server) == ["/", "/1"]
    assert urls(outcomes(site, make.fetcher(), limit=1), server) == ["/"]
    assert urls(outcomes(feed, make.fetcher()), server) == ["/feed", "/1"]


def test_what_is_remembered_is_asked_for_conditionally(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(status="304 Not Modified", Content_Length=""))
    memory = Memory(known=lambda _url: Validators('"1"'))
    url = f"{server.root}/"
    assert list(outcomes(source(SourceKind.WEBSITE, url), make.fetcher(), memory)) == [Unchanged(url, make.now)]


def test_files_are_read_in_their_order(make: Makers, server: FaultServer, tmp_path: Path) -> None:
    for kind in (SourceKind.FILES, SourceKind.WARC, SourceKind.PROJECTS):
        whole = source(kind, folder(tmp_path), max_pages=1)  # a limit for the web
        assert urls(outcomes(whole, make.fetcher()), server) == ["file:a.html", "file:b.html", "file:c.html"]
        assert urls(outcomes(whole, make.fetcher(), limit=2), server) == ["file:a.html", "file:b.html"]
    assert server.hits == []


def test_projects_may_lie_on_the_web_and_on_disk(make: Makers, server: FaultServer, tmp_path: Path) -> None:
    server.on("/liste.csv", make.reply(b"navn;region\n", Content_Type="text/csv"))
    both = source(SourceKind.PROJECTS, f"{server.root}/liste.csv", folder(tmp_path))
    assert urls(outcomes(both, make.fetcher()), server) == ["/liste.csv", "file:a.html", "file:b.html", "file:c.html"]


def test_a_web_archive_is_asked_for_captures(make: Makers, server: FaultServer) -> None:
    listing = "".join(f"2011010{day}000000 http://a.dk/{day} text/html 200 {DIGEST[:-1]}{day}\n" for day in (2, 3, 4))
    server.on("/web/20110103000000id_/http://a.dk/3", make.reply(b"<p>3"))
    server.on("/web/20110104000000id_/http://a.dk/4", make.reply(b"<p>4"))
    answered = server.next_behaviour

    def answer(hit: object) -> object:
        is_listing = hit.path.startswith("/cdx/")  # type: ignore[attr-defined]
        return make.reply(listing.encode(), Content_Type="text/plain") if is_listing else answered(hit)  # type: ignore[arg-type]

    server.next_behaviour = answer  # type: ignore[method-assign, assignment]
    forum = source(SourceKind.WAYBACK, "http://a.dk/", since=date(2006, 1, 1), until=date(2018, 12, 31))
    memory = Memory(digests={f"{DIGEST[:-1]}2"})
    found = list(outcomes(forum, make.fetcher(), memory, archive=server.root))
    assert [(type(one), one.url) for one in found] == [
        (Unchanged, "http://a.dk/2"),
        (Response, "http://a.dk/3"),
        (Response, "http://a.dk/4"),
    ]
    assert len(list(outcomes(forum, make.fetcher(), memory, limit=2, archive=server.root))) == 2
