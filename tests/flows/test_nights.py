"""Night after night on a real web site: what is unchanged, changed, vanished, copied; and the archive behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from flows import extracting, fetching, keeping, steps
from flows.engines import Engines
from flows.run import Options, Summary, harvest
from flows.settings import Settings
from models.records import Source, SourceKind

ARTICLE = """<!doctype html><html lang="da"><head><title>{title}</title></head><body><main><h1>{title}</h1>
<p>31. august 2011</p><p>{text}</p></main></body></html>"""
AGREED = (
    "{first} og {second} har indgået et partnerskab om projektet »{project}«, der skal spare energi i fjernvarmen og "
    "gøre det lettere for husejerne at skifte fra olie og gas. Projektet varer i tre år, har fem delprojekter, og der "
    "holdes møde hvert kvartal, hvor parterne gør status og aftaler de næste skridt i arbejdet."
)


class Site:
    """A site whose pages a test changes between nights; pages are given by path."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[tuple[str, int, int]] = []  # path, status, bytes of body
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = site.pages.get(self.path)
                etag = f'"{hash(text)}"'
                body = b"" if text is None else text.encode()
                status = 404 if text is None else 304 if self.headers.get("If-None-Match") == etag else 200
                body = body if status == 200 else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status == 200:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(body)
                site.asked.append((self.path, status, len(body)))

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def write(self, path: str, title: str, text: str) -> None:
        self.pages[path] = ARTICLE.format(title=title, text=text)

    def link(self) -> None:
        """The start page leads to all others."""
        links = "".join(f'<a href="{path}">{path}</a> ' for path in sorted(self.pages) if path != "/")
        self.pages["/"] = ARTICLE.format(title="Forside", text=links)

    @property
    def source(self) -> Source:
        start = f"http://127.0.0.1:{self.server.server_address[1]}/"
        return Source("sted", "Sted", "Region Sjælland", SourceKind.WEBSITE, ("alle",), (start,), delay=0.0)


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    found.write(
        "/varme", "Varme Veje", AGREED.format(first="Region Sjælland", second="Lolland Kommune", project="Varme Veje")
    )
    found.write(
        "/skole",
        "Skole Først",
        AGREED.format(first="Aalborg Kommune", second="Aalborg Universitet", project="Skole Først"),
    )
    found.link()
    yield found
    found.server.shutdown()
    found.server.server_close()
    found.thread.join()


def night(site: Site, home: Path, day: int, month: int = 11) -> tuple[Summary, dict[str, dict[str, object]]]:
    """One harvest; the summary, and the collaborations by title."""
    clock = lambda: datetime(2026, month, day, 2, tzinfo=UTC)  # noqa: E731
    site.asked.clear()
    with Engines(Settings(home=home, allow_loopback=True), clock, harvesting=True) as engines:
        engines.fetcher._clock = clock  # the day of the night, also for what is fetched
        summary = harvest(engines, [site.source], Options())
        rows = steps.publish_dataset(engines).tables["collaborations"]
    return summary, {str(row["title"]): row for row in rows}


def records(home: Path) -> list[tuple[str, str]]:
    """Every record of the archive, as warcio reads it: (type, path)."""
    found = []
    for path in sorted((home / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI").rsplit("/", 1)[1]))
    return found


def test_an_unchanged_night_downloads_no_body_and_extracts_nothing(site: Site, tmp_path: Path) -> None:
    night(site, tmp_path, 23)
    summary, found = night(site, tmp_path, 24)
    asked = [one for one in site.asked if one[0] != "/robots.txt" and "sitemap" not in one[0]]
    assert sorted(asked) == [("/", 304, 0), ("/skole", 304, 0), ("/varme", 304, 0)]  # side by side
    assert summary.documents_read == 0
    assert (summary.sources[0].unchanged, summary.sources[0].fresh) == (3, 0)
    assert {row["first_seen"] for row in found.values()} == {"2026-11-23"}
    assert {row["last_seen"] for row in found.values()} == {"2026-11-24"}
    assert sorted(records(tmp_path)[3:]) == [("revisit", ""), ("revisit", "skole"), ("revisit", "varme")]


def test_a_changed_page_replaces_its_claims_and_keeps_the_id(site: Site, tmp_path: Path) -> None:
    _, before = night(site, tmp_path, 23)
    told = AGREED.format(first="Region Sjælland", second="Guldborgsund Kommune", project="Varme Veje")
    site.write("/varme", "Varme Veje", told + " Lolland har trukket sig.")
    summary, after = night(site, tmp_path, 24)
    assert after["Varme Veje"]["collaboration_id"] == before["Varme Veje"]["collaboration_id"]
    assert (summary.sources[0].changed, summary.sources[0].unchanged) == (1, 2)
    with Engines(Settings(home=tmp_path)) as engines:
        (change,) = engines.store.changes("sted")
    assert (change.kept, change.added, change.removed) == (0, 1, 1)


def test_a_vanished_page_keeps_its_claims_and_its_last_day(site: Site, tmp_path: Path) -> None:
    night(site, tmp_path, 23)
    del site.pages["/varme"]
    summary, found = night(site, tmp_path, 24)
    assert (summary.sources[0].vanished, summary.sources[0].failed) == (1, 0)
    assert (found["Varme Veje"]["last_seen"], found["Skole Først"]["last_seen"]) == ("2026-11-23", "2026-11-24")


def test_near_copies_of_a_page_are_one_witness(site: Site, tmp_path: Path) -> None:
    text = AGREED.format(first="Region Sjælland", second="Lolland Kommune", project="Varme Veje")
    site.write("/kopi", "Varme Veje", text + " Kilde: Region Sjælland.")
    other = "Lolland Kommune er sammen med Region Sjælland om projektet »Varme Veje«. Byrådet drøftede det i aftes."
    site.write("/andet", "Byrådet", other)
    site.link()
    _, found = night(site, tmp_path, 23)
    assert (found["Varme Veje"]["document_count"], found["Skole Først"]["document_count"]) == (2, 1)


def test_the_archive_alone_gives_the_dataset_back(site: Site, tmp_path: Path) -> None:
    night(site, tmp_path / "a", 23)
    night(site, tmp_path / "a", 24)
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "archive").rename(tmp_path / "b" / "archive")
    site.pages.clear()
    with Engines(Settings(home=tmp_path / "b"), harvesting=True) as engines:
        restored = keeping.replay(engines)
    assert {row["title"] for row in restored.tables["collaborations"]} == {"Varme Veje", "Skole Først"}


def test_pruning_takes_old_months_and_the_next_night_fetches_what_they_held(site: Site, tmp_path: Path) -> None:
    night(site, tmp_path, 23, month=8)
    with Engines(Settings(home=tmp_path), lambda: datetime(2026, 11, 24, tzinfo=UTC), harvesting=True) as engines:
        assert keeping.prune(engines, 3) == ()
        assert keeping.prune(engines, 2) == ("sted-202608.warc.gz",)
        assert len(steps.publish_dataset(engines)) == 2
    summary, found = night(site, tmp_path, 24)
    assert summary.sources[0].unchanged == 3
    assert set(found) == {"Varme Veje", "Skole Først"}
    assert [kind for kind, _ in records(tmp_path)] == ["response"] * 3


def test_an_unchanged_night_opens_no_archived_page_and_goes_the_same_way(site: Site, tmp_path: Path) -> None:
    site.write("/dyb", "Dyb", "Intet nyt.")
    site.pages["/skole"] += '<a href="/dyb">Mere</a>'
    site.pages["/"] = site.pages["/"].replace("</main>", '<a href="/skole">1</a><a href="/varme">2</a></main>')
    night(site, tmp_path, 23)
    (archive,) = (tmp_path / "archive").iterdir()
    archive.write_bytes(bytes(archive.stat().st_size))
    summary, _ = night(site, tmp_path, 24)
    pages = [(path, status) for path, status, _ in site.asked if path not in ("/robots.txt", "/sitemap.xml")]
    assert sorted(pages) == [("/", 304), ("/dyb", 304), ("/skole", 304), ("/varme", 304)]  # side by side
    assert (summary.sources[0].unchanged, summary.failures) == (4, ())


def test_a_source_with_a_wider_scope_follows_the_links_it_left_out_before(site: Site, tmp_path: Path) -> None:
    def harvested(source: Source) -> int:
        with Engines(Settings(home=tmp_path, allow_loopback=True), harvesting=True) as engines:
            return harvest(engines, [source], Options()).pages

    assert harvested(replace(site.source, deny=("/varme",))) == 2
    assert harvested(site.source) == 3


def test_the_dataset_stands_while_nothing_changes_and_is_made_anew_when_it_is_gone(site: Site, tmp_path: Path) -> None:
    first, _ = night(site, tmp_path, 24)
    dataset = tmp_path / "dataset"
    before = dataset.resolve().stat().st_mtime_ns
    again, _ = night(site, tmp_path, 24)
    assert dataset.resolve().stat().st_mtime_ns == before
    assert (again.claims, again.collaborations, again.by_theme) == (first.claims, first.collaborations, first.by_theme)
    content = {path.name: path.read_bytes() for path in dataset.iterdir()}
    dataset.unlink()
    night(site, tmp_path, 24)
    assert {path.name: path.read_bytes() for path in dataset.iterdir()} == content


def test_a_run_that_was_killed_before_it_published_is_made_up_for(site: Site, tmp_path: Path) -> None:
    night(site, tmp_path, 24)
    site.write("/nyt", "Nyt Spor", AGREED.format(first="Region Sjælland", second="Vejle Kommune", project="Nyt Spor"))
    site.link()
    with Engines(Settings(home=tmp_path, allow_loopback=True), harvesting=True) as engines:
        fetching.fetch(engines, site.source)
        extracting.extract(engines, site.source, fetching.pending_pages(engines, site.source))
    summary, found = night(site, tmp_path, 24)
    assert (summary.documents_read, summary.collaborations, "Nyt Spor" in found) == (0, 3, True)
