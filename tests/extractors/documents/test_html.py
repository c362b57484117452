"""HTML to blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from extractors.documents.errors import EmptyDocument, TooLarge, UnreadableDocument
from extractors.documents.html import read_html
from extractors.documents.reading import Reading
from models.records import BlockKind

_LEDE = (
    "Sandvig Havn og Værftsskolen har sammen stiftet en klynge, der skal samle kystens værksteder om reparation af "
    "skibe og hjælpe dem ud på nye markeder."
)
_END = (
    "Klyngen løber i tre år og følges af et fælles sekretariat, som holder til i den gamle fiskehal på havnen sammen "
    "med lærlingene."
)
_PAGE = f"""<!DOCTYPE html>
<html lang="da-DK"><head><title>Klynge for værfter - Sandvig Kommune</title>
<meta property="og:site_name" content="Sandvig Kommune">
<meta property="article:published_time" content="2016-03-04T10:00:00+01:00"></head><body>
<div id="cookie-bar"><p>Vi bruger cookies, og det siger du ja til ved at gå videre på siden her.</p></div>
<header><h1>Sandvig Kommune</h1></header>
<nav><ul><li><a href="/">Forside</a></li><li><a href="/b">Borger</a></li></ul></nav>
<main><h1>Klynge for værfter</h1><p>{_LEDE}</p>
<h2>Partnere</h2><ul><li><a href="/s">Sandvig Havn</a></li><li>Lead partner: Værftsskolen</li></ul>
<table><tr><th>Deltager</th><th>Rolle</th></tr><tr><td>Nørrevig Værft A/S</td><td>vært</td></tr></table>
<dl><dt>Periode:</dt><dd>2016 - 2019</dd></dl>
<p>Deltagere: Odde Kommune<br>og Havneskolen<br>Budget: 2 mio. kr.</p>
<p>{_END}</p>
<h2>Læs også</h2><ul><li><a href="/1">Ny kran til havnen</a></li><li><a href="/2">Færre skibe i vinter</a></li></ul>
<h2>Kontakt</h2><p>Inga Testesen<br>Konsulent<br>Tlf. 11 22 33 44</p></main>
<footer><p>Senest opdateret 5. april 2016</p><p>Sandvig Kommune, Havnevej 1</p></footer></body></html>"""

_OLD_PAGE = f"""<html><head><title>Værfter i vækst | Sandvig Vækstforum</title></head><body>
<table width="100%"><tr><td colspan="2"><img src="top.gif"></td></tr><tr>
<td width="150"><a href="a">Forside</a><br><a href="b">Om os</a><br><a href="c">Projekter</a></td>
<td><b>Værfter i vækst</b><br><br>{_LEDE}<br><br><b>Partnere:</b><br>- Sandvig Havn<br>- Værftsskolen<br><br>
{_END}<br><br>Publiceret 12.03.2009</td></tr></table></body></html>"""


def test_a_page_is_read_with_its_lists_and_tables(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_html(_PAGE)
    assert [(block.kind, block.heading, block.text, block.fields) for block in reading.blocks] == [
        (BlockKind.PARAGRAPH, "", "Sandvig Kommune", ()),  # whose page it is
        (BlockKind.HEADING, "", "Klynge for værfter", ()),
        (BlockKind.PARAGRAPH, "Klynge for værfter", _LEDE, ()),
        (BlockKind.HEADING, "Klynge for værfter", "Partnere", ()),
        (BlockKind.LIST_ITEM, "Partnere", "Sandvig Havn", ()),
        (BlockKind.KEY_VALUE, "Partnere", "Lead partner: Værftsskolen", (("Lead partner", "Værftsskolen"),)),
        (
            BlockKind.TABLE_ROW,
            "Partnere",
            "Nørrevig Værft A/S | vært",
            (("Deltager", "Nørrevig Værft A/S"), ("Rolle", "vært")),
        ),
        (BlockKind.KEY_VALUE, "Partnere", "Periode: 2016 - 2019", (("Periode", "2016 - 2019"),)),
        (
            BlockKind.KEY_VALUE,
            "Partnere",
            "Deltagere: Odde Kommune og Havneskolen",
            (("Deltagere", "Odde Kommune og Havneskolen"),),
        ),
        (BlockKind.KEY_VALUE, "Partnere", "Budget: 2 mio. kr.", (("Budget", "2 mio. kr."),)),
        (BlockKind.PARAGRAPH, "Partnere", _END, ()),
    ]
    assert (reading.title, reading.language) == ("Klynge for værfter", "da")
    assert (reading.published, reading.updated) == (date(2016, 3, 4), date(2016, 4, 5))
    assert leads_back(reading)


def test_an_old_page_laid_out_with_tables_is_read(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_html(_OLD_PAGE)
    assert [(block.kind, block.text) for block in reading.blocks] == [
        (BlockKind.PARAGRAPH, "Sandvig Vækstforum"),
        (BlockKind.HEADING, "Værfter i vækst"),
        (BlockKind.PARAGRAPH, _LEDE),
        (BlockKind.HEADING, "Partnere"),
        (BlockKind.LIST_ITEM, "Sandvig Havn"),
        (BlockKind.LIST_ITEM, "Værftsskolen"),
        (BlockKind.PARAGRAPH, _END),
    ]
    assert (reading.title, reading.published, reading.updated) == ("Værfter i vækst", date(2009, 3, 12), None)
    assert (reading.language, leads_back(reading)) == ("da", True)


def test_keys_and_values_of_a_table_without_headers() -> None:
    rows = "<tr><td>Ansøger</td><td>Odde Kommune</td></tr><tr><td>Parter:</td><td>Sandvig Havn<br>Skolen</td></tr>"
    reading = read_html(f"<html><body><h1>Molen</h1><p>{_LEDE}</p><table>{rows}</table><p>{_END}</p></body></html>")
    assert [block.fields for block in reading.blocks if block.kind is BlockKind.KEY_VALUE] == [
        (("Ansøger", "Odde Kommune"),),
        (("Parter", "Sandvig Havn; Skolen"),),
    ]


def test_a_cell_that_reaches_over_rows_stands_in_each_of_them() -> None:
    rows = (
        "<tr><th>Projekt</th><th>Rolle</th><th>Hvem</th></tr>"
        '<tr><td rowspan="2">Molen</td><td>Leder</td><td>Odde Kommune</td></tr><tr><td>Part</td><td>Skolen</td></tr>'
        '<tr><td rowspan="x">Kajen</td><td>Part</td><td>Sandvig Havn</td></tr>'
    )
    reading = read_html(f"<html><body><h1>Molen</h1><p>{_LEDE}</p><table>{rows}</table><p>{_END}</p></body></html>")
    assert [block.fields for block in reading.blocks if block.kind is BlockKind.TABLE_ROW] == [
        (("Projekt", "Molen"), ("Rolle", "Leder"), ("Hvem", "Odde Kommune")),
        (("Projekt", "Molen"), ("Rolle", "Part"), ("Hvem", "Skolen")),
        (("Projekt", "Kajen"), ("Rolle", "Part"), ("Hvem", "Sandvig Havn")),
    ]


def test_cells_that_reach_over_all_rows_of_a_huge_table_are_told_again_up_to_a_bound() -> None:
    first = f"<tr>{'<td rowspan=9999>Molen og kajen</td>' * 500}</tr>"
    reading = read_html(
        f"<html><body><h1>Molen</h1><p>{_LEDE}</p><table>{first}{'<tr><td>Odde</td></tr>' * 500}</table>"
    )
    assert sum(len(block.text) for block in reading.blocks) < 500_000


def test_keys_above_the_text_that_name_parties_are_read() -> None:
    keys = "<dl><dt>Leadpartner</dt><dd>Odde Kommune</dd><dt>Partnere</dt><dd>Sandvig Havn</dd></dl>"
    reading = read_html(f"<html><body><h1>Molen</h1>{keys}<p>{_LEDE}</p><p>{_END}</p></body></html>")
    assert [block.text for block in reading.blocks if block.kind is BlockKind.KEY_VALUE] == [
        "Leadpartner: Odde Kommune",
        "Partnere: Sandvig Havn",
    ]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Molen - Odde Kommune</title>", "Molen"),
        ("<title>Molen, kajen og kysten</title>", "Molen, kajen og kysten"),
        ('<title>x</title><meta property="og:title" content="Ny mole">', "Ny mole"),
    ],
)
def test_title_without_a_heading(head: str, title: str) -> None:
    assert read_html(f"<html><head>{head}</head><body><p>{_LEDE}</p><p>{_END}</p></body></html>").title == title


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p>23. marts 2021</p>", date(2021, 3, 23)),
        ("<div>Af redaktionen, 23. marts 2021</div>", date(2021, 3, 23)),
        ('<time datetime="2021-03-23">i dag</time>', date(2021, 3, 23)),
        ('<time datetime="2021-01-01">i år</time>', None),  # htmldate's word for a year alone
        ("<div>© 2021 Havnen</div>", None),
        ('<div id="page-footer"><p>Oprettet 23-03-2021</p></div>', date(2021, 3, 23)),
    ],
)
def test_dates_above_the_text(line: str, published: date | None) -> None:
    reading = read_html(f"<html><body><h1>Molen</h1>{line}<p>{_LEDE}</p><p>{_END}</p></body></html>")
    assert (reading.published, reading.updated) == (published, None)


@pytest.mark.parametrize(
    ("extra", "dates"),
    [
        ('<meta name="DCTERMS.modified" content="2014-05-06">', (None, date(2014, 5, 6))),
        ('<meta http-equiv="last-modified" content="2014-05-06">', (None, date(2014, 5, 6))),
        ('<script type="application/ld+json">{"datePublished": "2014-05-06"}</script>', (date(2014, 5, 6), None)),
        ("", (None, None)),
    ],
)
def test_dates_of_the_head(extra: str, dates: tuple[date | None, date | None]) -> None:
    reading = read_html(f"<html><head>{extra}</head><body><p>{_LEDE}</p><p>{_END}</p></body></html>")
    assert (reading.published, reading.updated) == dates


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Sandvig Kommune - Ny mole", "<h1>Ny mole</h1>", "Ny mole"),
        ("Ny mole - Sandvig Kommune", "<h1>Sandvig Kommune</h1><h1>Ny mole</h1>", "Ny mole"),
        ("Sandvig Kommune | Ny mole", "<h1>Sandvig Kommune</h1><h1>Ny mole</h1>", "Ny mole"),
        ("Ny mole - Sandvig Kommune", "<h1>Sandvig Kommune</h1><h2>Ny mole</h2>", "Ny mole"),
        ("Sandvig Kommune - Ny mole", "<h2>Ny mole</h2>", "Ny mole"),
        ("Sandvig Kommune", "<h1>Sandvig Kommune</h1>", "Sandvig Kommune"),
        ("x", "<h1>Molen<br>ved havet</h1>", "Molen ved havet"),
    ],
)
def test_the_name_of_the_site_is_no_title(title: str, body: str, expected: str) -> None:
    page = f"<html><head><title>{title}</title></head><body>{body}<p>{_LEDE}</p><p>{_END}</p></body></html>"
    assert read_html(page).title == expected


def test_what_stands_above_the_title_and_beside_the_text_is_no_content(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_html(
        f"""<html><body><table width="960"><tr><td colspan="3"><small>Prøve: siden er skrevet for at prøve noget af,
        og intet på den er rigtigt.</small></td></tr><tr><td colspan="3">Sandvig Vækstforum</td></tr><tr>
        <td><a href="a">Forside</a><br><a href="b">Om os</a></td><td><h1>Klynge for værfter</h1><p>{_LEDE}</p>
        <p><a href="x">Rapporter</a> · <a href="y">Om siden</a> · <a href="z">Nyheder som RSS</a></p><p>{_END}</p>
        <h3>Relateret</h3><ul><li><a href="c">Odde Kommune</a></li></ul></td></tr><tr><td colspan="3">
        <small>Sandvig Vækstforum - Havnevej 1, 9999 Sandvig - Bedst i fuld skærm</small></td></tr></table>"""
    )
    assert [(block.kind, block.heading, block.text) for block in reading.blocks] == [
        (BlockKind.PARAGRAPH, "", "Sandvig Vækstforum"),
        (BlockKind.HEADING, "", "Klynge for værfter"),
        (BlockKind.PARAGRAPH, "Klynge for værfter", _LEDE),
        (BlockKind.PARAGRAPH, "Klynge for værfter", _END),
    ]
    assert leads_back(reading)


def test_items_of_an_agenda_are_headings_also_without_text(leads_back: Callable[[Reading], bool]) -> None:
    reading = read_html(
        f"<h1>Dagsorden</h1><p>Sag 1: Godkendelse Sag 2: Nyt fra formanden</p><h2>Sag 3: Molen</h2><p>{_LEDE}</p>"
        f"<p>Sted: Havnen. Til stede: Inga. Afbud: Ingen.</p><p>{_END}</p><h2>Sag 4: Næste møde</h2>"
        "<p>Den 5. februar 2014.</p><h2>Links</h2><h2>Sag 5: Eventuelt</h2>"
    )
    assert [(block.kind, block.heading, block.text) for block in reading.blocks] == [
        (BlockKind.HEADING, "", "Dagsorden"),
        (BlockKind.HEADING, "Dagsorden", "Sag 1: Godkendelse"),
        (BlockKind.HEADING, "Sag 1: Godkendelse", "Sag 2: Nyt fra formanden"),
        (BlockKind.HEADING, "Sag 2: Nyt fra formanden", "Sag 3: Molen"),
        (BlockKind.PARAGRAPH, "Sag 3: Molen", _LEDE),
        (BlockKind.KEY_VALUE, "Sag 3: Molen", "Sted: Havnen."),
        (BlockKind.KEY_VALUE, "Sag 3: Molen", "Til stede: Inga."),
        (BlockKind.KEY_VALUE, "Sag 3: Molen", "Afbud: Ingen."),
        (BlockKind.PARAGRAPH, "Sag 3: Molen", _END),
        (BlockKind.HEADING, "Sag 3: Molen", "Sag 4: Næste møde"),
        (BlockKind.PARAGRAPH, "Sag 4: Næste møde", "Den 5. februar 2014."),
        (BlockKind.HEADING, "Sag 4: Næste møde", "Sag 5: Eventuelt"),
    ]
    assert (reading.published, leads_back(reading)) == (None, True)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>Partnere:</p>", (BlockKind.HEADING, "Partnere")),
        ("<p>De fem parter er:</p>", (BlockKind.PARAGRAPH, "De fem parter er")),
        ("<p>Alle bidrager: Odde og Sandvig.</p>", (BlockKind.PARAGRAPH, "Alle bidrager: Odde og Sandvig.")),
        ("<p>¿Molen¿ skal bygges af sten.</p>", (BlockKind.PARAGRAPH, '"Molen" skal bygges af sten.')),
        ("<ul><li>Ejer: <a>Odde By</a>, ved havet</li></ul>", (BlockKind.KEY_VALUE, "Ejer: Odde By, ved havet")),
        ("<ul><li><a>Plan: Mole</a>, læst i 2012</li></ul>", (BlockKind.LIST_ITEM, "Plan: Mole, læst i 2012")),
        ("<dl><dt>Ejer<dd><dl><dt>By<dd>Odde</dl></dl>", (BlockKind.KEY_VALUE, "Ejer: By: Odde")),
    ],
)
def test_kinds_of_lines(line: str, expected: tuple[BlockKind, str]) -> None:
    reading = read_html(f"<html><body><h1>Molen</h1><p>{_LEDE}</p>{line}<p>{_END}</p></body></html>")
    assert [(block.kind, block.text) for block in reading.blocks[2:-1]] == [expected]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<html><body><nav><a href='/'>Forside</a></nav><h1>Sandvig</h1></body></html>", "Sandvig"),
        ("<h1>Kontakt</h1><h2>Medarbejdere</h2><p>Inga Testesen<br>Tlf. 11 22 33 44</p>", "Kontakt"),
        ("<html><head><title>Billeder</title></head><body><img src='a.jpg'><svg></svg></body></html>", "Billeder"),
        ("<html><body></body></html>", ""),
    ],
)
def test_a_page_without_text_has_a_title_and_no_blocks(page: str, title: str) -> None:
    reading = read_html(page)
    assert (reading.text, reading.blocks, reading.title) == ("", (), title)


@pytest.mark.parametrize("page", ["<!DOCTYPE html>", "<!-- intet -->"])
def test_a_page_without_elements_is_empty(page: str) -> None:
    with pytest.raises(EmptyDocument, match="tom"):
        read_html(page)


def test_nesting_is_followed_and_beyond_all_measure_it_ends() -> None:
    def nested(depth: int) -> str:
        return f"<html><body>{'<div>' * depth}<p>{_LEDE}</p><p>{_END}</p>{'</div>' * depth}</body></html>"

    assert [block.text for block in read_html(nested(150)).blocks] == [_LEDE, _END]
    assert [block.text for block in read_html(nested(240)).blocks] == [f"{_LEDE} {_END}"]
    for depth in (300, 10_000):
        with pytest.raises(UnreadableDocument, match="dybt indlejret"):
            read_html(nested(depth))


def test_lists_in_lists_take_no_time_by_the_power_of_their_depth() -> None:
    assert read_html(f"<h1>Molen</h1><p>{_LEDE}</p>{'<dl><dt>By<dd>Odde' * 60}").blocks[1].text == _LEDE


def test_a_page_of_endless_links_ends() -> None:
    assert read_html("<a href='/'>Odde " * 30_000).title.startswith("Odde")
    with pytest.raises(TooLarge, match="300002 elementer"):
        read_html("<a href='/'>Odde " * 300_000)


def test_what_is_set_off_in_a_line_is_noted() -> None:
    page = "<h1>Nyt</h1><p>For et år siden fandtes <em>Regnbed i Række</em> kun på papir.</p>"
    assert [(block.text, block.marked) for block in read_html(page).blocks] == [
        ("Nyt", ()),
        ("For et år siden fandtes Regnbed i Række kun på papir.", ("Regnbed i Række",)),
    ]
