"""What a reviewer does: decide, take back, merge, split, answer, skip, publish, train."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from flows.review import work
from flows.review.pages import KEPT, asked, listed, screen
from flows.review.visits import audit, known, review, reviewer
from models.records import Verdict

actions = Blueprint("actions", __name__)

SAID = {
    Verdict.ACCEPTED: "Godkendt",
    Verdict.CORRECTED: "Rettet",
    Verdict.REJECTED: "Afvist",
    Verdict.UNSURE: "Gemt som ved ikke",
}


@actions.post("/samarbejde/<key>/afgoer")
@known
def decide(key: str) -> str | Response:
    """Store a decision, and go on to the next."""
    row, form = listed(key), request.form
    if form.get("passage") != row.passage:
        return screen(row, "Samarbejdet er ændret, mens du læste. Intet er gemt; se på det igen.")
    engines = review().engines
    before = engines.store.decisions([key, *engines.store.former_ids(key)])
    made = reviewer().decide(row, form)
    session["sidste"] = made.id
    flash(f"{SAID[made.verdict]}: {row.title}")
    last = before[-1] if before else None
    if last is not None and last.id != form.get("seneste") and last.reviewer != made.reviewer:
        return redirect(url_for("pages.collaboration", key=key, uenig=1, **asked()))
    return redirect(url_for("pages.following", **asked()))


@actions.post("/fortryd")
@known
def undo() -> Response:
    """Take a decision back, the last of this session or any other by its id."""
    wanted = request.form.get("id") or session.get("sidste", "")
    store = review().engines.store
    undone = store.decision(wanted)
    if undone is not None:
        reviewer().withdraw(undone)
        session.pop("sidste", None)
        flash("Fortrudt.")
        return redirect(url_for("pages.collaboration", key=store.current_id(undone.collaboration_id)))
    said = store.judgement(wanted)
    if said is None:
        flash("Der er intet at fortryde.")
        return redirect(url_for("pages.queue"))
    reviewer().take_back(said)
    session.pop("sidste", None)
    flash("Fortrudt.")
    return redirect(url_for("overview.decided"))


@actions.post("/spring-over")
@known
def skip() -> Response:
    """Leave one for later in this session."""
    key = request.form.get("id", "")
    if not key or len(key) > 64:
        abort(400)
    session["sprunget"] = [*(one for one in session.get("sprunget", ()) if one != key), key][-KEPT:]
    return redirect(url_for("pages.following", **asked()))


@actions.post("/spring-over/ingen")
@known
def unskip() -> Response:
    """Take up again what was skipped."""
    session.pop("sprunget", None)
    return redirect(url_for("pages.queue"))


@actions.post("/samarbejde/<key>/sammen")
@known
def merge(key: str) -> Response:
    """Two collaborations are one."""
    said = reviewer().merge(listed(key), request.form.get("andet", "").strip(), request.form.get("note", "")[:2000])
    session["sidste"] = said.id
    flash("De to lægges sammen, næste gang datasættet udgives.")
    return redirect(url_for("pages.collaboration", key=key))


@actions.post("/samarbejde/<key>/del")
@known
def split(key: str) -> Response:
    """Some claims are of another collaboration."""
    said = reviewer().split(listed(key), request.form.getlist("udsagn"), request.form.get("note", "")[:2000])
    session["sidste"] = said[-1].id
    flash("De valgte udsagn bliver et samarbejde for sig, næste gang datasættet udgives.")
    return redirect(url_for("pages.collaboration", key=key))


@actions.post("/spoergsmaal/<key>")
@known
def answer(key: str) -> Response:
    """Whether two names are one organisation."""
    question = review().listings.question(key)
    if question is None:
        return redirect(url_for("pages.following"))
    said = reviewer().answer(question, request.form)
    session["sidste"] = said.id
    flash("Gemt")
    return redirect(url_for("pages.following"))


@actions.post("/udgiv")
@known
def publish() -> Response:
    """Write the dataset with what was decided."""
    audit("udgiv")
    engines = review().engines
    flash(work.start(work.PUBLISH, engines.settings, engines.forget_themes))
    return redirect(url_for("overview.quality"))


@actions.post("/traen")
@known
def train() -> Response:
    """Train the theme model on what was decided."""
    audit("træn")
    engines = review().engines
    flash(work.start(work.TRAIN, engines.settings, engines.forget_themes))
    return redirect(url_for("overview.quality"))
