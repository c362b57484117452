from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extractors.web.leads import Leads, scope_key
from models.records import Source, SourceKind

URLS = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N", "P"))).map("https://sted.dk/".__add__))
SOURCE = Source("s", "S", "S", SourceKind.WEBSITE, ("alle",), ("https://sted.dk/",))


@given(URLS, URLS)
def test_what_is_packed_comes_back(pages: list[str], sitemaps: list[str]) -> None:
    leads = Leads("abc", tuple(pages), tuple(sitemaps))
    assert Leads.unpack("abc", leads.pack()) == leads


def test_leads_hold_for_one_scope() -> None:
    others = [replace(SOURCE, allow=("/a",)), replace(SOURCE, deny=("/a",)), replace(SOURCE, start=("https://b.dk/",))]
    assert len({scope_key(source) for source in (SOURCE, *others)}) == 4
    assert scope_key(replace(SOURCE, max_pages=7, name="Andet")) == scope_key(SOURCE)
