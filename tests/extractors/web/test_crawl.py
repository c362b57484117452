from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from extractors.web.crawl import GIVE_UP, Memory, Outcome, crawl
from extractors.web.errors import FetchFailure
from extractors.web.fetch import Unchanged, Validators
from models.records import Response, Source, SourceKind

if TYPE_CHECKING:
    import socket

    from tests.extractors.web.conftest import FaultServer, Hit, Makers


def source(server: FaultServer, **changes: object) -> Source:
    fields: dict[str, object] = {"start": (f"{server.root}/",), "delay": 0.0, "kind": SourceKind.WEBSITE, **changes}
    return Source("s", "S", "S", regions=("alle",), **fields)  # type: ignore[arg-type]


def links(*paths: str, more: str = "") -> bytes:
    anchors = "".join(f"<a href='{path}'>x</a>" for path in paths)
    return f"<!doctype html>{more}{anchors}<p>{paths}".encode()


def told(outcomes: list[Outcome], server: FaultServer) -> list[str]:
    """Each outcome in a word: the path, with what became of it where that is not a response."""
    words = []
    for outcome in outcomes:
        path = outcome.url.removeprefix(server.root)
        unchanged = " 304" if isinstance(outcome, Unchanged) else ""
        words.append(path + (f" {outcome.kind}" if isinstance(outcome, FetchFailure) else unchanged))
    return words


def run(make: Makers, server: FaultServer, **changes: object) -> list[str]:
    return told(list(crawl(source(server, **changes), make.fetcher())), server)


def test_pages_come_breadth_first_and_once(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(links("/b", "/a", "/b#x")))
    server.on("/a", make.reply(links("/a/1", "/")))
    server.on("/b", make.reply(links("/b/1?utm_source=x", "/a")))
    server.on("/a/1", make.reply(links("/b/1")))
    server.on("/b/1", make.reply(links("/a/1", "https://elsewhere.example/")))
    assert run(make, server) == ["/", "/b", "/a", "/b/1", "/a/1"]
    assert make.server().hits == []


def test_depth_and_number_of_pages_are_bounded(make: Makers, server: FaultServer) -> None:
    for number in range(30):
        server.on(f"/{number or ''}", make.reply(links(f"/{number + 1}", f"/x{number}")))
    assert run(make, server, max_depth=2) == ["/", "/1", "/x0 NotFound", "/2", "/x1 NotFound"]
    assert run(make, server, max_pages=4) == ["/", "/1", "/x0 NotFound", "/2"]


def test_one_bad_page_harms_one_page(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(links("/broken", "/forbidden", "/noindex", "/moved", "/fine")))
    server.on("/broken", make.reply(status="500 Oops"))
    server.on("/robots.txt", make.reply(b"User-agent: *\nDisallow: /forbidden", Content_Type="text/plain"))
    server.on("/noindex", make.reply(links("/behind"), X_Robots_Tag="noindex"))
    server.on("/moved", make.reply(status="302 Found", Location="http://10.0.0.1/"))
    server.on("/fine", make.reply(b"<p>fine"))
    server.on("/behind", make.reply(b"<p>behind"))
    found = list(crawl(source(server), make.fetcher()))
    assert [outcome.url.removeprefix(server.root) for outcome in found] == [
        "/", "/broken", "/forbidden", "/noindex", "/moved", "/fine", "/behind",
    ]  # fmt: skip
    assert [outcome.reason for outcome in found if isinstance(outcome, FetchFailure)] == [
        "Serveren fejlede (HTTP 500)",
        "Webstedets robots.txt tillader ikke, at siden hentes",
        "Siden beder om ikke at blive indekseret (noindex)",
        "Siden viderestiller til en adresse uden for kilden",
    ]


def test_traps_are_not_walked_into(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(links("/kalender/2024/01/", "/x?sort=a", "/a.jpg", "/liste?page=1")))
    for page in range(1, 400):  # an endless list: each page the same but for the link to the next
        server.on(f"/liste?page={page}", make.reply(b"<p>Ingen flere<a href='?page=%d'>" % (page + 1)))
    found = run(make, server, max_depth=1000)
    assert found[0] == "/"
    assert len(found) == 201
    assert all(path.startswith("/liste") for path in found[1:])


def test_the_same_page_under_many_addresses_leads_on_once(make: Makers, server: FaultServer) -> None:
    for number in range(10):
        server.on(f"/{number or ''}", make.reply(b"<a href='/1'>1</a><a href='/2'>2</a>"))
    server.on("/2", make.reply(links("/3")))
    assert run(make, server) == ["/", "/1", "/2", "/3"]


def test_two_links_redirected_to_one_page_are_one_page(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(links("/old", "/older", "/new")))
    for path in ("/old", "/older"):
        server.on(path, make.reply(status="301 Moved", Location="/new"))
    server.on("/new", make.reply(b"<p>new"))
    assert run(make, server) == ["/", "/new"]
    assert server.paths().count("/new") == 2


def test_crawls_side_by_side_share_the_fetcher_and_each_finds_all(make: Makers) -> None:
    servers = [make.server() for _ in range(4)]
    for each in servers:
        for number in range(15):
            each.on(f"/{number or ''}", make.reply(links(f"/{2 * number + 1}", f"/{2 * number + 2}")))
    fetcher = make.fetcher()
    found: dict[str, list[str]] = {}

    def harvest(each: FaultServer) -> None:
        found[each.root] = told(list(crawl(source(each, max_pages=15), fetcher)), each)

    threads = [threading.Thread(target=harvest, args=(each,)) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(found.values()) == [["/", *(f"/{number}" for number in range(1, 15))]] * 4
    assert [each.paths().count("/robots.txt") for each in servers] == [1] * 4


def test_sitemaps_come_before_links(make: Makers, server: FaultServer) -> None:
    root = server.root
    server.on("/robots.txt", make.reply(f"Sitemap: {root}/index.xml\nSitemap: {root}/gone.xml".encode()))
    listed = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (f"{root}/news.xml", "/index.xml"))
    index = f"<sitemapindex>{listed}</sitemapindex>"
    server.on("/index.xml", make.reply(index.encode(), Content_Type="text/xml"))
    news = f"<urlset><url><loc>{root}/fra-sitemap</loc></url><url><loc>https://b.example/</loc></url></urlset>"
    server.on("/news.xml", make.reply(news.encode(), Content_Type="text/xml"))
    server.on("/", make.reply(links("/link")))
    server.on("/link", make.reply(b"<p>1"))
    server.on("/fra-sitemap", make.reply(b"<p>2"))
    assert run(make, server) == ["/", "/index.xml", "/gone.xml NotFound", "/news.xml", "/link", "/fra-sitemap"]


def test_a_sitemap_is_looked_for_quietly(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(b"<p>1"))
    assert run(make, server) == ["/"]
    assert "/sitemap.xml" in server.paths()
    server.on("/sitemap.xml", make.reply(b"<urlset><url><loc>/2</loc></url></urlset>", Content_Type="text/xml"))
    server.on("/2", make.reply(b"<p>2"))
    assert run(make, server) == ["/", "/sitemap.xml", "/2"]


def test_a_feed_leads_to_its_entries_and_no_further(make: Makers, server: FaultServer) -> None:
    feed = b"<rss version='2.0'><channel><item><link>/1</link></item><item><link>/2</link></item></channel></rss>"
    server.on("/feed", make.reply(feed, Content_Type="application/xml"))
    server.on("/1", make.reply(links("/andet")))
    server.on("/2", make.reply(b"<p>2"))
    assert run(make, server, kind=SourceKind.FEED, start=(f"{server.root}/feed",)) == ["/feed", "/1", "/2"]


def test_a_start_url_may_lie_outside_what_is_allowed(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(status="302 Found", Location="/da"))
    server.on("/da", make.reply(links("/vaekst/1", "/sport/1")))
    server.on("/vaekst/1", make.reply(status="302 Found", Location="/sport/1"))
    server.on("/sport/1", make.reply(b"<p>1"))
    assert run(make, server, allow=("/vaekst/",)) == ["/da", "/vaekst/1 ScopeRefused"]


def test_a_source_that_does_not_answer_is_left_for_now(make: Makers, server: FaultServer) -> None:
    def hang_up(_sock: socket.socket, _hit: Hit) -> None:
        return

    server.on("/", make.reply(links(*(f"/{number}" for number in range(1, 20)))))
    for number in range(1, 20):
        server.on(f"/{number}", hang_up)
    found = run(make, server)
    assert found == ["/", *(f"/{number} Unreachable" for number in range(1, GIVE_UP + 1)), f"/{GIVE_UP + 1} GaveUp"]


def test_a_source_that_asks_for_quiet_is_left_for_now(make: Makers, server: FaultServer) -> None:
    server.on("/", make.reply(links("/1", "/2", "/3")))
    server.on("/1", make.reply(status="429 Slow", Retry_After="3600"))
    assert run(make, server) == ["/", "/1 TooManyRequests", "/2 GaveUp"]
    assert [path for path in server.paths() if path in ("/1", "/2")] == ["/1"]


def test_an_unchanged_night_visits_the_same_pages_and_sends_no_body(make: Makers, server: FaultServer) -> None:
    def behaviour(body: bytes, tag: str) -> tuple[bytes, bytes]:
        return make.reply(body, ETag=f'"{tag}"'), make.reply(status="304 Not Modified", Content_Length="")

    server.on("/", *behaviour(links("/1", "/2"), "a"))
    server.on("/1", *behaviour(links("/3"), "b"))
    server.on("/2", *behaviour(links("/3"), "c"))
    server.on("/3", *behaviour(b"<p>3", "d"))
    archived = {found.url: found for found in crawl(source(server), make.fetcher()) if isinstance(found, Response)}

    def known(url: str) -> Validators | None:
        return Validators.of(archived[url]) if url in archived else None

    again = list(crawl(source(server), make.fetcher(), Memory(known, archived.get)))
    assert told(again, server) == ["/ 304", "/1 304", "/2 304", "/3 304"]


def test_a_crawl_that_broke_off_finds_the_rest_next_time(make: Makers, server: FaultServer) -> None:
    tree = {"/": ("/1", "/2"), "/1": ("/3", "/4"), "/2": ("/5",), "/3": (), "/4": (), "/5": ()}
    for path, below in tree.items():
        server.on(path, make.reply(links(*below, more=path), ETag=f'"{path}"'))
    whole = run(make, server)
    for stop in range(1, len(tree)):
        archived: dict[str, Response] = {}
        for found, _ in zip(crawl(source(server), make.fetcher()), range(stop), strict=False):
            assert isinstance(found, Response)
            archived[found.url] = found
        for url in archived:
            server.on(url.removeprefix(server.root), make.reply(status="304 Not Modified", Content_Length=""))
        known = {url: Validators.of(response) for url, response in archived.items()}
        again = list(crawl(source(server), make.fetcher(), Memory(known.get, archived.get)))
        assert [found.url.removeprefix(server.root) for found in again] == whole
        assert [isinstance(found, Unchanged) for found in again] == [found.url in archived for found in again]
        for path, below in tree.items():
            server.on(path, make.reply(links(*below, more=path), ETag=f'"{path}"'))
