"""The review in a real browser: by keyboard alone, by touch, without JavaScript, by two, and while a night runs."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from extractors.sources import files_source
from flows.engines import Engines
from flows.review.access import Access
from flows.review.app import create_app
from flows.review.deciding import Reviewer
from flows.review.listing import drawn_twice
from flows.run import Options, harvest
from flows.settings import Settings
from models.identity.judgements import CLAIM, COLLABORATION
from models.listing import Listed, Listings, Search
from models.records import Decision, Relation, Theme, Verdict
from models.reviewers import Reviewers
from tests.flows.review.serving import asking, serving

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample-site"
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=6)
NEXT_NIGHT = NIGHT + timedelta(days=1)
MODELS = ("themes", "themes_version", "gazetteer", "typing", "identity", "matcher", "nlp", "privacy", "mappings")
"""What is slow to load, and the same for all homes."""

Fields = tuple[str, Verdict, tuple[Theme, ...]]
Visit = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Review:
    """The app at its address, and the home that it serves."""

    url: str
    engines: Engines

    @property
    def listings(self) -> Listings:
        return Listings(self.engines.store)

    def waiting(self, reviewer: str = "Anna") -> list[Listed]:
        """What the queue holds for a reviewer."""
        return self.listings.waiting(Search(), reviewer, 500)

    def decided(self, key: str = "") -> list[Decision]:
        """What the store holds, in the order in which it was decided."""
        return self.engines.store.decisions([key] if key else None)

    def told(self) -> list[Fields]:
        """Who decided what, in order."""
        return [(one.reviewer, one.verdict, one.themes) for one in self.decided()]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page in a context of its own; whatever the console or a script complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(locale="da-DK", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site in a folder that nights may add to."""
    return Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("sted") / "sted"))


@pytest.fixture(scope="module")
def loaded(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The engines of a home with the sample site's collaborations, as the harvest left it."""
    home = tmp_path_factory.mktemp("gennemgang") / "hjem"
    with Engines(Settings(home=home), lambda: NIGHT, harvesting=True) as engines:
        harvest(asking(engines), [files_source(site)], Options())
        listings = Listings(engines.store)
        for one in listings.questions(9):  # behind the collaborations of several claims, before those of one
            listings.ask(replace(one, worth=0.3008))
        yield engines


@pytest.fixture
def home(loaded: Engines, tmp_path: Path) -> Path:
    """A home in which nothing was decided yet."""
    return Path(shutil.copytree(loaded.settings.home, tmp_path / "hjem"))


@contextmanager
def opened(home: Path, loaded: Engines, clock: Callable[[], datetime], **options: bool) -> Iterator[Engines]:
    """The engines of a home, with the models that are loaded already."""
    with Engines(Settings(home=home), clock, **options) as engines:
        engines.__dict__ |= {name: getattr(loaded, name) for name in MODELS}
        yield engines


@contextmanager
def served(home: Path, loaded: Engines) -> Iterator[Review]:
    """The app on a free port of loopback; its clock ticks whenever it is looked at."""
    seconds = count()
    with opened(home, loaded, lambda: MORNING + timedelta(seconds=next(seconds))) as engines:
        app = create_app(engines, Access(Reviewers(engines.store)))
        with serving(app) as url:
            yield Review(url, engines)


@pytest.fixture
def review(home: Path, loaded: Engines) -> Iterator[Review]:
    with served(home, loaded) as found:
        yield found


def focused(page: Page, what: str) -> bool:
    """Whether the focus is on an element of this selector."""
    return bool(page.evaluate("what => document.activeElement.matches(what)", what))


def tab_to(page: Page, what: str) -> None:
    for _ in range(60):
        if focused(page, what):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {what}")


def turn(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def come_in(page: Page, review: Review, name: str = "Anna") -> Page:
    """Log in, by keyboard."""
    page.goto(review.url)
    tab_to(page, "input[name=navn]")
    page.keyboard.type(name)
    turn(page, "Enter")
    assert page.url == f"{review.url}/koe"
    return page


def begin(page: Page, review: Review) -> str:
    """Log in and take up the worthiest item: its id."""
    turn(come_in(page, review), "Enter")
    return at(page)


def at(page: Page) -> str:
    """The id of the item that is shown."""
    _, found, key = page.url.partition("/samarbejde/")
    assert found, page.url
    return key.partition("?")[0]


def take_up(page: Page, review: Review, key: str) -> None:
    page.goto(f"{review.url}/samarbejde/{key}")


# By keyboard alone


def test_enter_takes_up_the_worthiest_and_a_accepts_it_and_leads_to_the_next(review: Review, visit: Visit) -> None:
    first, second = review.waiting()[:2]
    page = visit()
    assert begin(page, review) == first.id
    turn(page, "a")
    assert at(page) == second.id
    assert [(one.collaboration_id, one.reviewer, one.verdict, one.themes) for one in review.decided()] == [
        (first.id, "Anna", Verdict.ACCEPTED, tuple(Theme(theme) for theme in first.themes))
    ]
    assert (review.decided()[0].title, review.decided()[0].project, review.decided()[0].participants) == (None,) * 3
    assert first.id not in {one.id for one in review.waiting()}


def test_the_filters_of_the_queue_stay_and_the_themes_of_an_item_are_none(review: Review, visit: Visit) -> None:
    page = come_in(visit(), review)
    page.goto(f"{review.url}/koe?region=Bornholm")
    turn(page, "Enter")
    themed = next(one for one in review.waiting() if one.themes and one.id != at(page))
    turn(page, "a")
    assert page.url.partition("?")[2] == "region=Bornholm"
    take_up(page, review, themed.id)
    turn(page, "a")
    assert page.url.partition("?")[2] == ""


def test_digits_put_themes_on_and_off_and_g_stores_them(review: Review, visit: Visit) -> None:
    page = come_in(visit(), review)
    row = next(one for one in review.waiting() if not drawn_twice(one.id))  # one reader is enough for it
    take_up(page, review, row.id)
    for digit in "123456":
        page.keyboard.press(digit)
    turn(page, "g")
    others = tuple(theme for theme in Theme if str(theme) not in row.themes)
    assert review.told() == [("Anna", Verdict.CORRECTED, others)]
    now = review.listings.one(row.id)
    assert now is not None
    assert (now.review, now.worth) == ("corrected", 0.0)


def test_t_p_d_and_b_write_into_their_fields_and_escape_leaves_them(review: Review, visit: Visit) -> None:
    page = visit()
    key = begin(page, review)
    before = review.listings.parties(key)
    for field, text in (("t", "navnet var et andet"), ("p", "et projekt"), ("b", "set på siden")):
        page.keyboard.press(field)
        page.keyboard.type(text)  # holds keys of the review too: they are letters here
        page.keyboard.press("Escape")
        assert focused(page, "body")
    page.keyboard.press("d")
    assert focused(page, "input[name=deltager]")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ny Havn Kommune")
    page.keyboard.press("Escape")
    turn(page, "g")
    (made,) = review.decided()
    assert made.participants is not None
    assert (made.verdict, made.title, made.project, made.note) == (
        Verdict.CORRECTED, "navnet var et andet", "et projekt", "set på siden",
    )  # fmt: skip
    assert [one.name for one in made.participants] == ["Ny Havn Kommune", *(one.name for one in before[1:])]


@pytest.mark.parametrize(("pressed", "verdict"), [("n", Verdict.REJECTED), ("v", Verdict.UNSURE)])
def test_n_says_it_is_none_and_v_that_one_does_not_know(
    review: Review, visit: Visit, pressed: str, verdict: Verdict
) -> None:
    page = visit()
    key = begin(page, review)
    turn(page, pressed)
    assert at(page) != key
    assert [(one.collaboration_id, one.verdict) for one in review.decided()] == [(key, verdict)]
    assert key not in {one.id for one in review.waiting("Anna")}


def test_s_leaves_one_for_later_and_decides_nothing(review: Review, visit: Visit) -> None:
    page = visit()
    waiting = [one.id for one in review.waiting()]
    assert begin(page, review) == waiting[0]
    turn(page, "s")
    assert at(page) == waiting[1]
    turn(page, "q")
    assert page.locator(f"a[href='/samarbejde/{waiting[0]}']").count() == 0
    page.get_by_role("button", name="Vis igen").press("Enter")
    page.locator(f"a[href='/samarbejde/{waiting[0]}']").wait_for()
    assert review.decided() == []
    assert [one.id for one in review.waiting()] == waiting


def test_z_takes_the_last_decision_back_and_shows_its_item_again(review: Review, visit: Visit) -> None:
    page = visit()
    key = begin(page, review)
    waiting = review.waiting()
    turn(page, "n")
    turn(page, "z")
    assert at(page) == key
    assert [(one.collaboration_id, one.verdict) for one in review.decided()] == [
        (key, Verdict.REJECTED),
        (key, Verdict.WITHDRAWN),
    ]
    assert review.decided()[1].undoes == review.decided()[0].id
    assert review.waiting() == waiting


def test_a_question_mark_shows_the_keys_and_nothing_is_decided_behind_them(review: Review, visit: Visit) -> None:
    page = visit()
    key = begin(page, review)
    for _ in range(2):
        page.keyboard.press("?")
        page.locator("dialog#genveje[open]").wait_for()
        page.keyboard.press("n")
        page.keyboard.press("Escape")
        page.locator("dialog#genveje[open]").wait_for(state="hidden")
    assert (at(page), review.decided()) == (key, [])
    turn(page, "v")
    assert len(review.decided(key)) == 1


def test_j_and_k_move_among_the_quotes_and_stop_at_the_ends(review: Review, visit: Visit) -> None:
    page = come_in(visit(), review)
    most = max(review.waiting(), key=lambda one: one.claim_count)
    assert most.claim_count == 3
    take_up(page, review, most.id)
    seen = []
    for key in "jjjjkkk":
        page.keyboard.press(key)
        seen.append(
            page.evaluate(
                "[...document.querySelectorAll('[data-quote]')].findIndex(one => one == document.activeElement)"
            )
        )
    assert seen == [0, 1, 2, 2, 1, 0, 0]


def test_l_lays_an_item_together_with_another(review: Review, visit: Visit) -> None:
    page = visit()
    key = begin(page, review)
    other = review.waiting()[-1].id
    page.keyboard.press("l")
    assert focused(page, "input[name=andet]")
    page.keyboard.type(other)
    turn(page, "Enter")
    assert at(page) == key
    (said,) = review.engines.store.judgements()
    assert (said.reviewer, said.kind, {said.left, said.right}) == ("Anna", COLLABORATION, {key, other})
    assert said.relation is Relation.SAME


def test_u_divides_an_item(review: Review, visit: Visit) -> None:
    page = come_in(visit(), review)
    two = next(one for one in review.waiting() if one.claim_count == 2)
    take_up(page, review, two.id)
    page.keyboard.press("u")
    assert focused(page, "input[name=udsagn]")
    page.keyboard.press("Space")
    tab_to(page, "form[action$='/del'] button")
    turn(page, "Enter")
    said = review.engines.store.judgements()
    assert [(one.reviewer, one.kind, one.relation) for one in said] == [("Anna", CLAIM, Relation.DIFFERENT)]
    turn(page, "z")
    assert [one.relation for one in review.engines.store.judgements()] == [Relation.DIFFERENT, Relation.WITHDRAWN]


@pytest.mark.parametrize(
    ("pressed", "relation"), [("e", Relation.SAME), ("f", Relation.DIFFERENT), ("v", Relation.UNSURE)]
)
def test_e_f_and_v_answer_a_question(review: Review, visit: Visit, pressed: str, relation: Relation) -> None:
    page = visit()
    begin(page, review)
    question = review.listings.questions(1)[0]
    for _ in range(sum(one.worth >= question.worth for one in review.waiting())):
        turn(page, "s")
    assert page.url == f"{review.url}/spoergsmaal/{question.id}"
    turn(page, pressed)
    assert question not in review.listings.questions(9)
    (said,) = review.engines.store.judgements()
    assert (said.reviewer, said.kind, said.left, said.right) == ("Anna", question.kind, question.left, question.right)
    assert said.relation is relation
    turn(page, "z")
    assert question.id in {one.id for one in review.listings.questions(9)}
    assert [one.relation for one in review.engines.store.judgements()] == [relation, Relation.WITHDRAWN]


def test_a_stroke_seeks_in_the_queue_and_q_leads_back_to_what_was_sought(review: Review, visit: Visit) -> None:
    page = come_in(visit(), review)
    sought = next(one for one in review.waiting() if one.title == "Spilbyen")
    page.keyboard.press("/")
    assert focused(page, "input[name=soeg]")
    page.keyboard.type("spilbyen")
    turn(page, "Enter")
    page.keyboard.press("Escape")
    turn(page, "Enter")
    assert at(page) == sought.id
    turn(page, "q")
    assert page.locator("input[name=soeg]").input_value() == "spilbyen"
    assert page.locator("ol.cards a[href^='/samarbejde/']").all_inner_texts() == ["Spilbyen"]


# One decision, and two reviewers


@pytest.mark.parametrize("pressed", ["aaa", "nnn", "ann", "gav"])
def test_keys_pressed_before_the_answer_comes_decide_once(
    review: Review, visit: Visit, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    page = visit()
    key = begin(page, review)
    decide = Reviewer.decide

    def slow(*arguments: Any) -> Decision:
        made = decide(*arguments)
        time.sleep(0.6)
        return made

    monkeypatch.setattr(Reviewer, "decide", slow)
    with page.expect_navigation():
        for one in pressed:
            page.keyboard.press(one)
            time.sleep(0.1)  # each would be sent before the first is answered
    assert [one.collaboration_id for one in review.decided()] == [key]


def test_z_pressed_before_the_answer_comes_takes_back_nothing_else(
    review: Review, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()
    first = begin(page, review)
    turn(page, "a")
    second = at(page)
    decide = Reviewer.decide

    def slow(*arguments: Any) -> Decision:
        made = decide(*arguments)
        time.sleep(0.6)
        return made

    monkeypatch.setattr(Reviewer, "decide", slow)
    page.keyboard.press("a")
    time.sleep(0.1)
    page.keyboard.press("z")
    page.wait_for_url(lambda address: second not in address)
    time.sleep(1)
    told = [(one.collaboration_id, one.verdict) for one in review.decided()]
    assert told == [(first, Verdict.ACCEPTED), (second, Verdict.ACCEPTED)]


def test_a_key_held_down_decides_once(review: Review, visit: Visit) -> None:
    page = visit()
    key = begin(page, review)
    with page.expect_navigation():
        for _ in range(5):
            page.keyboard.down("n")
    page.keyboard.down("n")
    page.keyboard.up("n")
    assert [one.collaboration_id for one in review.decided()] == [key]


def test_the_second_of_two_reviewers_is_shown_the_disagreement_and_both_are_stored(
    review: Review, visit: Visit
) -> None:
    anna, bent = come_in(visit(), review, "Anna"), come_in(visit(), review, "Bent")
    row = review.waiting()[0]
    for page in (anna, bent):
        take_up(page, review, row.id)
    turn(anna, "a")
    turn(bent, "n")
    assert at(bent) == row.id
    told = bent.get_by_role("heading", name="I er uenige").locator("xpath=..").get_by_role("listitem")
    assert [text.partition(",")[0] for text in told.all_inner_texts()] == ["Anna", "Bent"]
    themes = tuple(Theme(theme) for theme in row.themes)
    assert review.told() == [("Anna", Verdict.ACCEPTED, themes), ("Bent", Verdict.REJECTED, ())]
    now = review.listings.one(row.id)
    assert now is not None
    assert (now.reason, now.review, now.reviewers) == ("disagreed", "rejected", ("Anna", "Bent"))


# Nights


def test_no_decision_is_lost_or_held_up_by_a_night_that_runs_meanwhile(
    review: Review, visit: Visit, loaded: Engines, site: Path
) -> None:
    page = visit()
    begin(page, review)
    troubles: list[BaseException] = []

    def night() -> None:
        try:
            with opened(review.engines.settings.home, loaded, lambda: NEXT_NIGHT, harvesting=True) as engines:
                engines.__dict__["extractor_version"] = "en anden"  # so that all pages are read again
                harvest(engines, [files_source(site)], Options())
        except BaseException as error:  # noqa: BLE001 - told below
            troubles.append(error)

    extra = site / "nordjylland" / "nyheder" / "ny.html"
    extra.write_text(NEW_PAGE.format(NORDLYS), encoding="utf-8")
    running = threading.Thread(target=night)
    running.start()
    decided, during = [], 0
    try:
        while (running.is_alive() or len(decided) < 5) and len(decided) < 40:
            if "/spoergsmaal/" in page.url:
                turn(page, "s")
                continue
            decided.append(at(page))
            turn(page, "a")
            during += running.is_alive()
    finally:
        running.join()
        extra.unlink()
    assert troubles == []
    assert during >= 3  # answered before the night was over
    assert [one.collaboration_id for one in review.decided()] == decided
    held = {one.id: one for one in review.listings.some(decided)}
    assert {key: (one.review, one.reviewers) for key, one in held.items()} == dict.fromkeys(
        decided, ("accepted", ("Anna",))
    )
    assert not {one.id for one in review.waiting()} & set(decided)
    assert "Nordlys over Fjorden" in {one.project for one in review.listings.find(Search(), 1000).rows}


NORDLYS = (
    "Projektet Nordlys over Fjorden er et samarbejde mellem Region Nordjylland, Aalborg Kommune og Aalborg "
    "Universitet. Projektet skal udvikle nye energiløsninger til virksomheder i Nordjylland."
)
FJORDBYEN = (
    "Projektet Fjordbyens Vand er et samarbejde mellem Region Sjælland, Roskilde Kommune og Roskilde Universitet. "
    "Projektet skal give flere unge en uddannelse i byggeriet."
)
NEW_PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Nyt</title></head>
<body><main><h1>Nyt</h1><p>{}</p></main></body></html>"""
REDESIGNED = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Forsiden, i nye klæder</title></head>
<body><header><nav><a href="index.html">Forside</a></nav></header>
<article><div class="row"><div class="col"><h2>Hvad der sker</h2><section><div>
<p>{}</p></div></section></div></div></article>
<footer>Region Nordjylland</footer></body></html>"""


def nightly(home: Path, loaded: Engines, site: Path, at: datetime, extractor: str = "") -> None:
    with opened(home, loaded, lambda: at, harvesting=True) as engines:
        if extractor:
            engines.__dict__["extractor_version"] = extractor
        harvest(engines, [files_source(site)], Options())


def test_a_decision_outlasts_another_extractor_and_a_redesign_and_is_asked_for_again_when_the_sentences_change(
    visit: Visit, loaded: Engines, tmp_path: Path
) -> None:
    site, home = tmp_path / "sted", tmp_path / "hjem"
    site.mkdir()
    (site / "nordlys.html").write_text(NEW_PAGE.format(NORDLYS), encoding="utf-8")
    (site / "fjordbyen.html").write_text(NEW_PAGE.format(FJORDBYEN), encoding="utf-8")
    nightly(home, loaded, site, NIGHT)
    with served(home, loaded) as review:
        rows = {one.project: one.id for one in review.waiting()}
        assert set(rows) == {"Nordlys over Fjorden", "Fjordbyens Vand"}
        page = come_in(visit(), review)
        for project, pressed in (("Nordlys over Fjorden", "a"), ("Fjordbyens Vand", "n")):
            take_up(page, review, rows[project])
            turn(page, pressed)
        decided, verdicts = review.decided(), review.listings.some(rows.values())
        assert [one.verdict for one in decided] == [Verdict.ACCEPTED, Verdict.REJECTED]

        nightly(home, loaded, site, NEXT_NIGHT, "en anden udgave")
        assert standing(page, review) == ([], decided, [one.review for one in verdicts])

        for name, text in (("nordlys", NORDLYS), ("fjordbyen", FJORDBYEN)):
            (site / f"{name}.html").unlink()
            (site / name).mkdir()
            (site / name / "index.html").write_text(REDESIGNED.format(text), encoding="utf-8")
        nightly(home, loaded, site, NEXT_NIGHT + timedelta(days=1))
        assert standing(page, review) == ([], decided, [one.review for one in verdicts])

        for name, text, party, others in (
            ("nordlys", NORDLYS, "Aalborg Kommune", "Hjørring Kommune, Læsø Kommune"),
            ("fjordbyen", FJORDBYEN, "Roskilde Kommune", "Lejre Kommune, Greve Kommune"),
        ):
            changed = text.replace(party, others)
            (site / name / "index.html").write_text(REDESIGNED.format(changed), encoding="utf-8")
        nightly(home, loaded, site, NEXT_NIGHT + timedelta(days=2))
        shown, held, states = standing(page, review)
        assert (sorted(shown), held, states) == (sorted(rows), decided, [one.review for one in verdicts])
        take_up(page, review, rows["Nordlys over Fjorden"])
        told = page.locator("p.notice", has_text="Ændret siden afgørelsen").inner_text()
        assert "deltagere: Aalborg Universitet, Region Nordjylland, Aalborg Kommune → " in told
        assert "Læsø Kommune" in told
        page.context.close()


def standing(page: Page, review: Review) -> tuple[list[str], list[Decision], list[str]]:
    """What the queue shows, what the store holds, and how what was decided is listed."""
    page.goto(f"{review.url}/koe")
    keys = {one.collaboration_id for one in review.decided()}
    return (
        page.locator("ol.cards a[href^='/samarbejde/']").all_inner_texts(),
        review.decided(),
        [one.review for one in review.listings.some(keys)],
    )


# Without a keyboard, and without JavaScript


def press_all(page: Page, review: Review, press: Callable[[str], None]) -> str:
    """Log in, accept one, correct another, take that back; gives back the id of the first."""
    page.goto(review.url)
    page.get_by_label("Navn").fill("Anna")
    press("button:has-text('Begynd')")
    press("a:has-text('Begynd med det vigtigste')")
    first = at(page)
    press("button:has-text('Godkend')")
    second = at(page)
    page.get_by_label("Titel").fill("Et bedre navn")
    press("button:has-text('Gem rettelser')")
    press("button:has-text('Fortryd den sidste')")
    assert at(page) == second
    assert [(one.collaboration_id, one.verdict, one.title) for one in review.decided()] == [
        (first, Verdict.ACCEPTED, None),
        (second, Verdict.CORRECTED, "Et bedre navn"),
        (second, Verdict.WITHDRAWN, None),
    ]
    return first


def test_everything_goes_without_javascript(review: Review, visit: Visit) -> None:
    page = visit(java_script_enabled=False)

    def click(what: str) -> None:
        page.locator(what).first.click()
        page.wait_for_load_state()

    first = press_all(page, review, click)
    assert first not in {one.id for one in review.waiting()}


def test_everything_goes_by_touch_on_a_telephone(review: Review, visit: Visit) -> None:
    page = visit(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})

    def tap(what: str) -> None:
        with page.expect_navigation():
            page.locator(what).first.tap()

    press_all(page, review, tap)
    bar = page.locator("label.bar input").first
    before = bar.is_checked()
    page.locator("label.bar").first.tap()
    assert bar.is_checked() is not before
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")  # nothing lies beside the screen
