"""The review's pages by WCAG 2.2 AA: what axe finds, reflow, large text, focus in view, keys that can be turned off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from werkzeug.datastructures import MultiDict

from extractors.sources import files_source
from flows.engines import Engines
from flows.review.access import Access
from flows.review.app import create_app
from flows.review.deciding import Reviewer
from flows.review.listing import question_id
from flows.run import Options, harvest
from flows.settings import Settings
from models.identity.judgements import COLLABORATION, ORGANISATION
from models.listing import Listings, Question, Search
from models.reviewers import Reviewers
from tests.flows.review.serving import asking, serving

SITE = Path(__file__).resolve().parents[3] / "data" / "sample-site"
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
"""Widths and heights in CSS pixels; the last is a desk at 400 %, as WCAG's 1.4.10 asks."""

Size = tuple[int, int]
Language = Literal["da", "en"]
Scheme = Literal["light", "dark"]
Visit = Callable[..., AbstractContextManager[Page]]


@dataclass(frozen=True, slots=True)
class Review:
    """The address of a running review, and the paths of one page of each kind."""

    url: str
    paths: Mapping[str, str]


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """The app over the sample site's collaborations: some decided, one of them disputed, one decision taken back."""
    home = tmp_path_factory.mktemp("tilgaengelig") / "hjem"
    seconds = count()
    with Engines(Settings(home=home), lambda: NIGHT + timedelta(seconds=next(seconds)), harvesting=True) as engines:
        harvest(asking(engines), [files_source(SITE)], Options())
        paths = _paths(engines)
        with serving(create_app(engines, Access(Reviewers(engines.store)))) as url:
            yield Review(url, paths)


def _paths(engines: Engines) -> dict[str, str]:
    """Decide some, and name a page of each kind."""
    listings, anna, bo = Listings(engines.store), Reviewer(engines, "Anna"), Reviewer(engines, "Bo")
    disputed, withdrawn, rejected, *_, item = listings.waiting(Search(), "Anna", 30)
    for row, reviewer, answer in ((disputed, anna, "godkend"), (disputed, bo, "ret"), (rejected, anna, "afvis")):
        themes = [("tema", theme) for theme in (row.themes if answer == "godkend" else ("klima_energi",))]
        reviewer.decide(row, MultiDict([*themes, ("afgoerelse", answer), ("note", "Læst to gange.")]))
    anna.withdraw(anna.decide(withdrawn, MultiDict({"afgoerelse": "ved-ikke"})))
    answered, asked, *_ = [one for one in listings.questions(50) if one.kind == ORGANISATION]
    pair = Question(question_id(disputed.id, item.id), disputed.id, item.id, 0.5, 0.5, COLLABORATION)
    listings.ask(pair)
    anna.answer(answered, MultiDict({"svar": "forskellige", "note": "To huse."}))
    many = max(listings.find(Search(), 1000).rows, key=lambda row: row.claim_count)
    claim = engines.store.claims_of(item.id)[0].claim
    return {
        "log-in": "/log-ind",
        "queue": "/koe",
        "item": f"/samarbejde/{item.id}",
        "item with claims": f"/samarbejde/{many.id}",
        "disputed item": f"/samarbejde/{disputed.id}",
        "withdrawn item": f"/samarbejde/{withdrawn.id}",
        "question": f"/spoergsmaal/{asked.id}",
        "pair": f"/spoergsmaal/{pair.id}",
        "archived": f"/side/{claim.id}",
        "table": "/samarbejder",
        "organisation": f"/organisation/{listings.parties(item.id)[0].organisation_id}",
        "sources": "/kilder",
        "source": f"/kilde/{claim.source_id}",
        "nights": "/nat",
        "decisions": "/afgoerelser",
        "quality": "/kvalitet",
        "error": "/findes-ikke",
    }


@pytest.fixture(scope="module")
def visit(browser: Browser, review: Review) -> Visit:
    """Opens a page for a visitor who has come in; each language comes in once, for that is rationed."""
    cookies = {}
    for language in ("da", "en"):
        with closing(browser.new_context()) as context:
            page = context.new_page()
            page.goto(f"{review.url}/log-ind")
            if language == "en":
                page.click("button[name=sprog]")
            page.fill("[name=navn]", "Anna")
            page.click("main button")
            page.wait_for_url("**/koe")
            cookies[language] = context.storage_state()

    @contextmanager
    def opened(viewport: Size, language: Language = "da", scheme: Scheme = "light") -> Iterator[Page]:
        """The policy of the pages is off, so that axe may be put into them."""
        with closing(
            browser.new_context(color_scheme=scheme, bypass_csp=True, storage_state=cookies[language])
        ) as context:
            page = context.new_page()
            size(page, viewport)
            yield page

    return opened


def size(page: Page, viewport: Size) -> None:
    page.set_viewport_size({"width": viewport[0], "height": viewport[1]})


def axe(page: Page, name: str) -> list[str]:
    """What axe finds on a page, a line for each rule; at its end, where the bar of buttons lies over nothing."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES}).response["violations"]
    return [f"{name} {page.viewport_size}: {one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_axe_finds_nothing(review: Review, visit: Visit, language: Language, scheme: Scheme) -> None:
    found: list[str] = []
    with visit(DESK, language, scheme) as page:
        for name, path in review.paths.items():
            page.goto(review.url + path)
            assert page.get_attribute("html", "lang") == language
            for viewport in (DESK, PHONE):
                size(page, viewport)
                found += axe(page, name)
        page.click("[data-opens]")
        found += axe(page, "shortcuts")
        page.goto(review.url + review.paths["item with claims"])
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found += axe(page, "all unfolded")
    assert found == []


WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(("viewport", "text"), [(DESK, 100), (PHONE, 100), (NARROW, 100), (DESK, 200), (PHONE, 200)])
def test_no_page_scrolls_sideways(review: Review, visit: Visit, language: Language, viewport: Size, text: int) -> None:
    wide = []
    with visit(viewport, language) as page:
        for name, path in review.paths.items():
            page.goto(review.url + path)
            page.add_style_tag(content=f"html {{ font-size: {text}% !important; }}")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            wide += [name] if page.evaluate(WIDER) else []
    assert wide == []


HIDDEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return "";  // behind the last and before the first
  const seen = (x, y) => one.contains(document.elementFromPoint(x, y));
  const [x, ys] = [box.left + Math.min(box.width / 2, 20), [box.top + 2, box.top + box.height / 2, box.bottom - 2]];
  return ys.some((y) => seen(x, y)) ? "" : one.outerHTML.slice(0, 100);
}"""
"""What has the focus, where nothing of it can be seen."""


@pytest.mark.parametrize("viewport", [DESK, (1280, 600), PHONE, NARROW])
def test_what_has_the_focus_is_in_view(review: Review, visit: Visit, viewport: Size) -> None:
    hidden = []
    with visit(viewport) as page:
        for key in ("Tab", "Shift+Tab"):
            page.goto(review.url + review.paths["item with claims"])
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            for _ in range(page.locator("a, button, summary, input:not([type=hidden]), select, textarea").count()):
                page.keyboard.press(key)
                hidden.append(page.evaluate(HIDDEN))
    assert [one for one in hidden if one] == []


def test_an_ordinary_item_is_judged_without_scrolling(review: Review, visit: Visit) -> None:
    with visit(DESK) as page:
        page.goto(review.url + review.paths["item"])
        parts = ["h1", ".quote", ".themes", "[name=title]", "summary[data-key=d]", "[data-key=a]", "[data-key=s]"]
        boxes = {part: page.locator(part).first.bounding_box() for part in parts}
    assert [part for part, box in boxes.items() if box is None or box["y"] + box["height"] > DESK[1]] == []


def test_single_keys_can_be_turned_off_and_stay_off(review: Review, visit: Visit) -> None:
    with visit(DESK) as page:
        page.goto(review.url + review.paths["queue"])
        page.keyboard.press("?")
        page.uncheck("#taster")
        page.keyboard.press("Escape")
        page.goto(review.url + review.paths["item"])
        page.keyboard.press("q")
        page.keyboard.press("b")
        stayed = page.url, page.evaluate("document.activeElement.tagName")
        page.click("[data-opens]")
        page.check("#taster")
        page.keyboard.press("Escape")
        page.keyboard.press("q")
        page.wait_for_url("**/koe")
    assert stayed == (review.url + review.paths["item"], "BODY")
