"""What there is to look at: collaborations, organisations, sources, nights, decisions, the quality of the model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, abort, render_template, request, url_for

from flows.publish.files import cell_text
from flows.review import work
from flows.review.pages import asked, search_of
from flows.review.quality import SECONDS_A_DECISION, quality_of
from flows.review.visits import audit, known, review
from models.decisions import upheld
from models.listing import COUNTED, Listed

overview = Blueprint("overview", __name__)

ROWS = 50  # of a page of the table
EXPORTED = (
    *("id", "title", "project", "parties", "themes", "regions", "forums", "corroboration", "participant_count"),
    *("claim_count", "first_year", "last_year", "first_seen", "last_seen", "review"),
)


@overview.get("/samarbejder")
@known
def table() -> str:
    """All collaborations: searched, filtered, sorted."""
    search = search_of(request.args)
    found = review().listings.find(search, ROWS)
    return render_template(
        "table.html",
        found=found,
        search=search,
        asked=asked(),
        more=found.count > search.page * ROWS,
        counted=COUNTED,
        sources=review().engines.store.sources(),
    )


@overview.get("/samarbejder.csv")
@known
def exported() -> Response:
    """The same rows as a file."""
    audit("eksport", request.query_string.decode(errors="replace"))
    rows = review().listings.every(search_of(request.args))
    headers = {"Content-Disposition": 'attachment; filename="samarbejder.csv"'}
    return Response(_lines(rows), mimetype="text/csv; charset=utf-8", headers=headers)


def _lines(rows: Iterator[Listed]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(EXPORTED)
    for row in rows:
        values = (getattr(row, name) for name in EXPORTED)
        writer.writerow([cell_text(";".join(one) if isinstance(one, tuple) else one) for one in values])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


@overview.get("/organisation/<key>")
@known
def organisation(key: str) -> str:
    """An organisation, what it is in and with whom."""
    store = review().engines.store
    found = store.some_organisations([key]).get(key) or store.some_organisations([store.current_id(key)]).get(key)
    if found is None:
        abort(404)
    successor = store.some_organisations([found.successor_id]) if found.successor_id else {}
    return render_template(
        "organisation.html",
        one=found,
        successor=successor.get(found.successor_id),
        rows=review().listings.of_organisation(key, 200),
        beside=review().listings.beside(key, 20),
    )


@overview.get("/kilder")
@known
def sources() -> str:
    """All sources with what they hold, and their last runs."""
    store = review().engines.store
    runs = {one.source_id: one for one in store.last_runs()}
    return render_template(
        "sources.html", sources=store.sources(), counts=review().kept("sources", store.source_counts), runs=runs
    )


@overview.get("/kilde/<key>")
@known
def source(key: str) -> str:
    """A source: its last run, what failed, how its pages changed, its newest claims."""
    store = review().engines.store
    found = next((one for one in store.sources() if one.id == key), None)
    if found is None:
        abort(404)
    return render_template(
        "source.html",
        one=found,
        run=next((one for one in store.last_runs() if one.source_id == key), None),
        failures=store.failures_of(key, 50),
        changes=store.changes(key)[:50],
        claims=store.claims_of_source(key, 50),
    )


@overview.get("/nat")
@known
def night() -> str:
    """What the last nights brought."""
    day = request.args.get("dag", "")[:10]
    days = review().listings.days(30)
    chosen = day or (days[0][0] if days else "")
    return render_template("night.html", days=days, chosen=chosen, rows=review().listings.first_seen(chosen, 200))


@overview.get("/afgoerelser")
@known
def decided() -> str:
    """What was decided, by everyone or one; each can be taken back."""
    store, mine = review().engines.store, request.args.get("hvem", "")[:60]
    made = store.last_decisions(100, mine)
    about = store.decisions({one.collaboration_id for one in made})
    return render_template(
        "decided.html",
        decisions=made,
        standing={one.id for one in upheld(about)},
        titles=review().listings.titles({one.collaboration_id for one in made}),
        judgements=store.last_judgements(50, mine),
        who=mine,
    )


@overview.get("/kvalitet")
@known
def quality() -> str:
    """How far the model's themes can be trusted, and what more review would bring."""
    engines, waiting = review().engines, sum(review().listings.reasons().values())
    return render_template(
        "quality.html",
        waiting=waiting,
        minutes=round(waiting * SECONDS_A_DECISION / 60),
        quality=review().kept(f"quality {engines.themes_version}", lambda: quality_of(engines)),
        work=work.state(),
        audits=review().accounts.log(10),
        publish_url=url_for("actions.publish"),
    )
