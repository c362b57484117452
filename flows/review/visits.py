"""Coming in and going out, and what every other page asks: who is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from flows.engines import Engines
from flows.review.access import Access, valid_name
from flows.review.deciding import Reviewer
from models.listing import Listings
from models.records import digest
from models.reviewers import Audit, Reviewers

TRIES = 10  # to come in, a minute and address
LANGUAGES = ("da", "en")

T = TypeVar("T")

visits = Blueprint("visits", __name__)


@dataclass(frozen=True, slots=True)
class Review:
    """What all pages work with."""

    engines: Engines
    access: Access
    accounts: Reviewers
    _kept: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def kept(self, name: str, made: Callable[[], T]) -> T:
        """What goes over all that is stored, made anew only when that has changed."""
        revision = self.engines.store.revision()
        if self._kept.get(name, (None, None))[0] != revision:
            self._kept[name] = revision, made()
        found: T = self._kept[name][1]
        return found

    @property
    def listings(self) -> Listings:
        """The listing."""
        return Listings(self.engines.store)


def review() -> Review:
    """That of the app which answers."""
    found: Review = current_app.extensions["samspil"]
    return found


def reviewer() -> Reviewer:
    """Who is reviewing."""
    return Reviewer(review().engines, session["navn"])


def since() -> datetime:
    """When this sitting began."""
    return datetime.fromisoformat(session["siden"])


def known(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only those in who said, or proved, who they are."""

    @wraps(view)
    def checked(*arguments: Any, **named: Any) -> Any:
        if not _admitted():
            session.pop("navn", None)
            return redirect(url_for("visits.enter", videre=_here()))
        return view(*arguments, **named)

    return checked


def audit(what: str, told: str = "") -> None:
    """Note what was done."""
    done = Audit(review().engines.clock(), session.get("navn", ""), request.remote_addr or "", what, told[:500])
    review().accounts.note(done)


@visits.route("/log-ind", methods=["GET", "POST"])
def enter() -> str | Response | tuple[str, int]:
    """Say who you are, and prove it where that is asked."""
    access = review().access
    onward = _within(request.values.get("videre", "/"))
    if request.method == "GET":
        return render_template("enter.html", open=access.open, onward=onward, name="")
    name = " ".join(request.form.get("navn", "").split())
    if not valid_name(name):
        flash("Skriv dit navn med bogstaver, tal og mellemrum.")
        return render_template("enter.html", open=access.open, onward=onward, name=name[:100]), 400
    if not access.admits(name, request.form.get("adgangskode", "")):
        audit("afvist", name)
        flash("Navn og adgangskode passer ikke sammen.")
        return render_template("enter.html", open=access.open, onward=onward, name=name), 403
    language = session.get("sprog", "da")
    session.clear()
    session.permanent = True
    session.update(navn=name, siden=review().engines.clock().isoformat(), sprog=language, krav=_demand(name))
    audit("inde")
    return redirect(onward)


@visits.post("/log-ud")
def leave() -> Response:
    """Go out."""
    audit("ude")
    session.clear()
    return redirect(url_for("visits.enter"))


@visits.post("/sprog")
def language() -> Response:
    """Danish or English."""
    chosen = request.form.get("sprog", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["sprog"] = chosen
    return redirect(_within(request.form.get("videre", "/")))


def _admitted() -> bool:
    """Whether the visitor came in, and what is asked for has not been changed since."""
    name = session.get("navn", "")
    return bool(name) and session.get("krav") == _demand(name)


def _demand(name: str) -> str:
    """Names what a visitor had to prove: with another token or password, or without the account, it is another."""
    access = review().access
    return "" if access.open else digest("demand", access.token, access.reviewers.password(name), length=16)


def _here() -> str:
    """The address that was asked for; of a form, that of the first page."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _within(address: str) -> str:
    """An address of this app; anything else leads to its first page."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if fine else "/"
