from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extractors.sources import SourceError, load_sources, select
from extractors.web.scope import Scope, canonical, is_trap
from models.records import REGIONS, Expectation, Source, SourceKind

SHIPPED = Path(__file__).parents[2] / "data" / "sources.toml"
ROW = """[[source]]
id = "a"
name = "A"
publisher = "P"
kind = "website"
regions = ["Sjælland"]
start = ["https://a.dk/"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "kilder.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_row_becomes_a_source(tmp_path: Path) -> None:
    more = """allow = ["^https://a\\\\.dk/x"]
deny = ["print"]
delay = 2
max_pages = 10
max_depth = 3
terms = "CC0"
enabled = false
expect = { min_documents = 5, max_claims = 9 }
"""
    assert load_sources(write(tmp_path, ROW + more)) == (
        Source(
            "a", "A", "P", SourceKind.WEBSITE, ("Sjælland",), ("https://a.dk/",), ("^https://a\\.dk/x",), ("print",),
            2.0, 10, 3, "CC0", False, None, None, Expectation(5, None, None, 9),
        ),
    )  # fmt: skip
    assert load_sources(write(tmp_path, ROW))[0] == Source(
        "a", "A", "P", SourceKind.WEBSITE, ("Sjælland",), ("https://a.dk/",)
    )


def test_sources_keep_their_order(tmp_path: Path) -> None:
    text = "".join(ROW.replace('id = "a"', f'id = "{name}"') for name in "cab")
    assert [source.id for source in load_sources(write(tmp_path, text))] == ["c", "a", "b"]


def test_wayback_sources_have_a_period(tmp_path: Path) -> None:
    row = ROW.replace("website", "wayback") + "from = 2006-01-01\nto = 2018-12-31\n"
    found = load_sources(write(tmp_path, ROW.replace('"a"', '"b"') + row))
    assert [(source.since, source.until) for source in found] == [(None, None), (date(2006, 1, 1), date(2018, 12, 31))]


WAYBACK = ROW.replace("website", "wayback")
SECOND = ROW.replace('id = "a"', 'id = "b"')


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "source: der er ingen [[source]] i filen"),
        ("source = 3\n", 1, "source: der er ingen [[source]] i filen"),
        ("[[source]\n", 1, "filen er ikke gyldig TOML"),
        (ROW + 'id = "igen"\n', 8, "filen er ikke gyldig TOML"),
        ("[[kilde]]\nid = 1\n", 1, "kilde: er en ukendt nøgle; kilder skrives som [[source]]"),
        (ROW + SECOND.replace('id = "b"\n', ""), 8, "id: mangler"),
        (ROW + SECOND.replace('"b"', '"a"'), 9, "id: a er brugt før"),
        (ROW + SECOND.replace('"b"', '"B b"'), 9, "id: må kun bestå af a-z, 0-9 og enkelte bindestreger"),
        (ROW + SECOND.replace('"b"', "7"), 9, "id: skal være en tekst"),
        (ROW + SECOND + "max_page = 3\n", 15, "max_page: er en ukendt nøgle"),
        (ROW + SECOND.replace("Sjælland", "Fyn"), 13, f"regions[0]: skal være en af {', '.join(REGIONS)} eller alle"),
        (ROW + SECOND.replace('"Sjælland"', '"Sjælland", "alle"'), 13, "regions: alle står alene"),
        (ROW + SECOND.replace('["Sjælland"]', "[]"), 13, "regions: må ikke være tom"),
        (ROW + SECOND.replace('["Sjælland"]', '"Sjælland"'), 13, "regions: skal være en liste"),
        (ROW.replace('"website"', '"web"'), 5, "kind: skal være en af website, feed, files, projects, wayback, warc"),
        (ROW.replace('"website"', '"wayback"'), 5, "kind: wayback kræver from og to, den første og den sidste dato"),
        (ROW.replace("https://a.dk/", "a.dk"), 7, "start: a.dk er ikke en http- eller https-adresse"),
        (ROW.replace('"website"', '"files"'), 7, "start: https://a.dk/ er ikke en sti til en fil eller en mappe"),
        (ROW.replace('"https://a.dk/"', ""), 7, "start: må ikke være tom"),
        (ROW + 'allow = ["ok", "(["]\n', 8, "allow[1]: er ikke et gyldigt regulært udtryk"),
        (ROW + "delay = -1\n", 8, "delay: er for lille"),
        (ROW + 'delay = "1"\n', 8, "delay: skal være et tal"),
        (ROW + "delay = nan\n", 8, "delay: skal være et endeligt tal"),
        (ROW + "max_pages = 0\n", 8, "max_pages: er for lille"),
        (ROW + "max_pages = 1.5\n", 8, "max_pages: skal være et helt tal"),
        (ROW + 'enabled = "ja"\n', 8, "enabled: skal være true eller false"),
        (ROW + "expect = { min_document = 5 }\n", 8, "expect.min_document: er en ukendt nøgle"),
        (ROW + "[source.expect]\nmin_claims = -1\n", 9, "expect.min_claims: er for lille"),
        (ROW + "expect = { min_claims = 5, max_claims = 4 }\n", 8, "expect: har et minimum over sit maksimum"),
        (ROW + "expect = 5\n", 8, "expect: skal være en tabel"),
        (ROW + "from = 2006-01-01\n", 8, "from: hører kun til wayback-kilder"),
        (WAYBACK + "from = 2018-01-01\nto = 2006-01-01\n", 8, "from: ligger efter to"),
        (WAYBACK + 'from = "2018"\nto = 2019-01-01\n', 8, "from: er ikke en dato (ÅÅÅÅ-MM-DD)"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line_with_file_line_and_key(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        load_sources(path)
    assert str(caught.value) == f"{path}:{line}: {said}"


def test_a_file_that_cannot_be_read_is_a_source_error(tmp_path: Path) -> None:
    missing = tmp_path / "mangler.toml"
    with pytest.raises(SourceError, match=r"mangler\.toml: filen kan ikke læses"):
        load_sources(missing)
    missing.write_bytes(b"\xff\xfe\xe6")
    with pytest.raises(SourceError, match="UTF-8"):
        load_sources(missing)


def source(name: str, *regions: str, enabled: bool = True) -> Source:
    return Source(name, name, "P", SourceKind.WEBSITE, regions, (f"https://{name}.dk/",), enabled=enabled)


SOURCES = (
    source("s", "Sjælland"),
    source("h", "Hovedstaden", "Sjælland"),
    source("x", "alle"),
    source("off", "Sjælland", enabled=False),
)


@pytest.mark.parametrize(
    ("regions", "ids", "expected"),
    [
        ([], [], ["s", "h", "x"]),
        (["Sjælland"], [], ["s", "h", "x"]),
        (["Hovedstaden"], [], ["h", "x"]),
        (["Bornholm"], [], ["x"]),
        (["alle"], [], ["x"]),
        ([], ["s", "x"], ["s", "x"]),
        ([], ["off"], ["off"]),
        (["Hovedstaden"], ["s", "h"], ["h"]),
    ],
)
def test_sources_are_selected_by_region_and_id(regions: list[str], ids: list[str], expected: list[str]) -> None:
    assert [found.id for found in select(SOURCES, regions, ids)] == expected


def test_an_unknown_region_or_id_is_an_error() -> None:
    with pytest.raises(SourceError, match="Fyn: ukendt region"):
        select(SOURCES, ["Fyn"], [])
    with pytest.raises(SourceError, match="nix: ukendt kilde"):
        select(SOURCES, [], ["s", "nix"])


def test_the_shipped_sources_cover_what_they_should() -> None:
    sources = load_sources(SHIPPED)
    enabled = select(sources, [], [])
    assert len(enabled) >= 30
    for region in REGIONS:
        own = [found for found in enabled if region in found.regions]
        assert len(own) >= 3, region
    forums = [found for found in enabled if found.kind is SourceKind.WAYBACK]
    assert {region for found in forums for region in found.regions if region in REGIONS} == set(REGIONS)
    assert {(found.since, found.until) for found in forums} == {(date(2006, 1, 1), date(2018, 12, 31))}
    assert all(found.terms and found.expect.min_documents for found in sources)


def test_the_shipped_start_urls_are_canonical_and_lead_somewhere() -> None:
    for found in load_sources(SHIPPED):
        scope = Scope.of(found)
        for url in found.start:
            assert canonical(url) == url
            assert scope.on_hosts(url)
            assert not is_trap(url)
