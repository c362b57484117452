"""What a reviewer works on: the queue, one item, one question, an archived page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from flows.review.archived import archived
from flows.review.item import SHOWN_CLAIMS, Item, item_of, progress
from flows.review.visits import known, review, since
from models.identity.judgements import COLLABORATION
from models.listing import ORDERS, Listed, Question, Search
from models.records import REGIONS, Organisation, PartnerType, Role, Theme

pages = Blueprint("pages", __name__)

QUEUE, ASKED = 30, 10  # rows of the queue that are shown
MOST_CLAIMS = 500
PAIRED = 3  # claims of each of two collaborations
KEPT = 80  # ids of what was skipped that a session remembers: its cookie has room for no more

REASONS = {
    "changed": "ændret siden afgørelsen",
    "disagreed": "uenighed",
    "uncertain": "usikkert tema",
    "weak": "svagt udsagn",
    "twice": "til anden læser",
    "new": "ny",
}
ROLES = {
    Role.LEAD: "leder",
    Role.PARTNER: "partner",
    Role.MEMBER: "medlem",
    Role.FUNDER: "finansierer",
}
TYPES = {
    PartnerType.VAEKSTFORUM: "vækstforum",
    PartnerType.REGION: "region",
    PartnerType.KOMMUNE: "kommune",
    PartnerType.VIDENINSTITUTION: "videninstitution",
    PartnerType.ERHVERVSFREMME: "erhvervsfremme",
    PartnerType.VIRKSOMHED: "virksomhed",
    PartnerType.ARBEJDSMARKEDSPART: "arbejdsmarkedspart",
    PartnerType.STAT: "stat",
    PartnerType.UDENLANDSK: "udenlandsk",
    PartnerType.ANDET: "andet",
}
REVIEWS = {"automatic": "ikke afgjort", "accepted": "godkendt", "corrected": "rettet", "rejected": "afvist"}


@pages.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "reasons": REASONS,
        "roles": {str(role): name for role, name in ROLES.items()},
        "types": {str(kind): name for kind, name in TYPES.items()},
        "reviews": REVIEWS,
        "regions": REGIONS,
        "themes": [str(theme) for theme in Theme],
        "home_of": home_of,
    }


def home_of(organisation: Organisation) -> str:
    """Where an organisation is at home, in a few words."""
    abroad = organisation.country if organisation.country not in ("", "DK") else ""
    return ", ".join(filter(None, (organisation.municipality, organisation.region, abroad)))


def search_of(values: Mapping[str, str]) -> Search:
    """What is asked for in an address; what it does not know it leaves out."""
    page = values.get("side", "1")
    order = values.get("orden", "title")
    region, theme = values.get("region", ""), values.get("tema", "")
    return Search(
        text=values.get("soeg", "").replace("\0", "")[:100],
        region=region if region in REGIONS else "",
        theme=theme if theme in tuple(Theme) else "",
        source=values.get("kilde", "").replace("\0", "")[:100],
        review=values["stand"] if values.get("stand") in REVIEWS else "",
        since=values.get("siden", "").replace("\0", "")[:10],
        order=order if order in ORDERS else "title",
        descending=values.get("ned") == "1",
        page=min(int(page), 10_000) if page.isdecimal() and len(page) < 7 else 1,
    )


def asked() -> dict[str, Any]:
    """The filters of this address, to be handed on."""
    names = ("soeg", "region", "tema", "kilde", "stand", "siden")
    return {name: value for name in names if (value := request.args.get(name, ""))}  # a form has a `tema` of its own


@pages.get("/")
@known
def start() -> Response:
    """The queue."""
    return redirect(url_for("pages.queue"))


@pages.get("/koe")
@known
def queue() -> str:
    """What is worth a look, the worthiest first."""
    search, mine = search_of(request.args), session["navn"]
    listings = review().listings
    rows = listings.waiting(search, mine, QUEUE, session.get("sprunget", ()))
    questions = listings.questions(ASKED, session.get("sprunget", ()))
    pairs = [one for one in questions if one.kind == COLLABORATION]
    return render_template(
        "queue.html",
        rows=rows,
        count=listings.count_waiting(search, mine) if len(rows) == QUEUE else len(rows),
        questions=questions,
        labels=listings.titles({key for one in pairs for key in (one.left, one.right)}),
        why=listings.reasons(),
        search=search,
        asked=asked(),
        sources=review().engines.store.sources(),
        progress=progress(review().engines, mine, since()),
    )


@pages.get("/naeste")
@known
def following() -> Response:
    """The worthiest of collaborations and questions."""
    listings, skipped = review().listings, session.get("sprunget", ())
    row = next(iter(listings.waiting(search_of(request.args), session["navn"], 1, skipped)), None)
    question = next(iter(listings.questions(1, skipped)), None) if not asked() else None
    if question and (row is None or question.worth > row.worth):
        return redirect(url_for("pages.question", key=question.id))
    if row is None:
        return redirect(url_for("pages.queue", **asked()))
    return redirect(url_for("pages.collaboration", key=row.id, **asked()))


def listed(key: str) -> Listed:
    """A row by its id; 404 where there is none."""
    row = review().listings.one(key)
    if row is None:
        abort(404)
    return row


@pages.get("/samarbejde/<key>")
@known
def collaboration(key: str) -> str | Response:
    """One collaboration, all of it on one screen."""
    row = review().listings.one(key)
    if row is None:
        now = review().engines.store.current_id(key)
        if now != key and review().listings.one(now):
            return redirect(url_for("pages.collaboration", key=now))
        abort(404)
    return screen(row)


def screen(row: Listed, notice: str = "") -> str:
    """The screen of one collaboration."""
    shown = MOST_CLAIMS if request.args.get("alle") else SHOWN_CLAIMS
    item: Item = item_of(review().engines, row, shown)
    sources = {one.id: one.name for one in review().engines.store.sources()}
    return render_template(
        "item.html",
        item=item,
        row=row,
        notice=notice,
        asked=asked(),
        sources=sources,
        progress=progress(review().engines, session["navn"], since()),
    )


@pages.get("/spoergsmaal/<key>")
@known
def question(key: str) -> str | Response:
    """Two names: are they one organisation?"""
    engines = review().engines
    found = review().listings.question(key)
    if found is None:
        return redirect(url_for("pages.following"))
    if found.kind == COLLABORATION:
        return _pair(found)
    names = engines.store.organisations_named((found.left, found.right))
    sides = []
    for name in (found.left, found.right):
        organisation = names.get(name)
        rows = review().listings.of_organisation(organisation.id, 6) if organisation else []
        sides.append((name, organisation, rows))
    counted = progress(engines, session["navn"], since())
    return render_template("question.html", question=found, sides=sides, progress=counted)


def _pair(found: Question) -> str | Response:
    """Two collaborations beside each other; a pair of which one is gone is no question any more."""
    engines = review().engines
    rows = {row.id: row for row in review().listings.some({found.left, found.right})}
    if len(rows) < 2:
        review().listings.answered(found.id)
        return redirect(url_for("pages.following"))
    items = [item_of(engines, rows[key], PAIRED) for key in (found.left, found.right)]
    counted = progress(engines, session["navn"], since())
    return render_template("pair.html", question=found, items=items, progress=counted)


@pages.get("/side/<claim_id>")
@known
def archived_page(claim_id: str) -> str:
    """The archived page that a claim stands in, as text."""
    stored = review().engines.store.claim(claim_id)
    if stored is None:
        abort(404)
    return render_template("archived.html", stored=stored, blocks=archived(review().engines, stored))
