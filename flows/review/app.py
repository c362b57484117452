"""The review app: `create_app(engines, access)`, and `samspil review`, which serves it."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, abort, render_template, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, SecurityError

from flows.engines import Engines
from flows.review import actions, overview, pages, visits
from flows.review.access import Access, check_address, is_loopback, secret_key
from flows.review.deciding import FormError
from flows.review.listing import catch_up
from flows.settings import Settings
from models.records import Theme
from models.reviewers import Reviewers

HERE = Path(__file__).parent
LARGEST_FORM = 64 * 1024  # bytes
MOST_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No script and no style but our own files; nothing from elsewhere, nothing inline."""


def create_app(engines: Engines, access: Access, hosts: tuple[str, ...] = ("localhost", "127.0.0.1")) -> Flask:
    """The app over the store of these engines; `hosts`: names that it may be called by."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key(engines.settings.home),
        SESSION_COOKIE_NAME="samspil",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_REFRESH_EACH_REQUEST=False,  # else the answer to a style sheet brings back what a form has just changed
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        TRUSTED_HOSTS=list(hosts),
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_HEADERS_ENABLED=True,
    )
    app.extensions["samspil"] = visits.Review(engines, access, Reviewers(engines.store))
    app.before_request(_plain)  # before anything reads the form
    CSRFProtect(app)
    Talisman(
        app,
        force_https=False,
        session_cookie_secure=False,
        session_cookie_samesite="Strict",
        strict_transport_security=False,
        content_security_policy=POLICY,
        referrer_policy="no-referrer",
        frame_options="DENY",
    )
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    for blueprint in (visits.visits, pages.pages, actions.actions, overview.overview):
        app.register_blueprint(blueprint)
    tries = limiter.limit(f"{visits.TRIES} per minute", methods=["POST"])
    limited: Any = tries(app.view_functions["visits.enter"])
    app.view_functions["visits.enter"] = limited
    app.register_error_handler(HTTPException, _told)
    app.register_error_handler(SecurityError, _elsewhere)
    app.register_error_handler(CSRFError, _told)
    app.register_error_handler(FormError, _refused)
    app.after_request(_private)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_shown)
    return app


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve the review until it is interrupted. Raises AccessError where it would stand open to others."""
    from waitress import serve as serve_wsgi  # noqa: PLC0415 - the server is needed here alone

    with Engines(settings) as engines:
        access = Access(Reviewers(engines.store), settings.review_token)
        check_address(host, access)
        hosts = ("localhost", "127.0.0.1") if is_loopback(host) else (host, *settings.review_hosts)
        engines.themes  # noqa: B018 - loaded before the first visitor waits for it
        app = create_app(engines, access, hosts)
        catch_up(engines)
        print(f"Gennemgangen er åben på http://{host}:{port}/ (afslut med Ctrl+C)", flush=True)
        serve_wsgi(app, host=host, port=port, threads=8, ident=None)


@cache
def english() -> dict[str, str]:
    """What each Danish text of the pages is in English."""
    return dict(tomllib.loads((HERE / "english.toml").read_text(encoding="utf-8")))


def translated(text: str) -> str:
    """A text of the pages in the language of the visitor."""
    return english().get(text, text) if session.get("sprog") == "en" else text


def _shown() -> dict[str, Any]:
    return {
        "t": translated,
        "language": session.get("sprog", "da"),
        "reviewer": session.get("navn", ""),
        "theme_names": {str(theme): theme.danish for theme in Theme},
    }


def _plain() -> None:
    """Refuse what no form of ours sends: other kinds of forms, too many fields, text that is no UTF-8, zero bytes."""
    form = request.get_data()
    if form.count(b"&") >= MOST_FIELDS:
        abort(413)
    if form and request.mimetype != FORM:
        abort(400)
    sent = unquote_to_bytes(b"&".join((request.path.encode(), request.query_string, form)))
    try:
        sent.decode()
    except UnicodeDecodeError:
        abort(400)
    if b"\0" in sent:
        abort(400)


def _told(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return render_template("error.html", code=code, told=_ERRORS.get(code, "Noget gik galt.")), code


def _elsewhere(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """Called by a name that is not ours: no page, for its addresses cannot be made."""
    return "Gennemgangen har ikke det navn.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _refused(error: FormError) -> tuple[str, int]:
    return render_template("error.html", code=400, told=str(error)), 400


def _private(response: Response) -> Response:
    """Nothing but our own files is kept by a browser."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


_ERRORS = {
    400: "Formularen kunne ikke læses. Gå tilbage, og prøv igen.",
    404: "Siden findes ikke.",
    413: "Der blev sendt for meget.",
    429: "For mange forsøg. Vent et minut.",
}
