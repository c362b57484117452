"""What the review refuses: who has no business in it, forms that are not its own, and markup out of pages it shows."""

# ruff: noqa: E501 - payloads and addresses stand on a line each

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, Dialog, Page, Route
from werkzeug.datastructures import MultiDict

from flows.engines import Engines
from flows.review import accounts
from flows.review.access import Access, AccessError, add_reviewer, check_address, secret_key
from flows.review.app import LARGEST_FORM, MOST_FIELDS, create_app
from flows.review.visits import TRIES
from flows.settings import Settings
from models.listing import Question
from models.records import Failure
from models.reviewers import Audit, Reviewers
from models.tables import claims, decisions, documents, organisations, sources
from tests.flows.review.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flows.review.conftest import Desk

TOKEN = "et-langt-hemmeligt-ord"
PASSWORD = "rigtig hest batteri"
NOBODY = "0" * 24
PAGES = ("/", "/koe", "/naeste", "/samarbejder", "/samarbejder.csv", "/kilder", "/nat", "/afgoerelser", "/kvalitet")
ITEMS = ("/samarbejde/{}", "/spoergsmaal/{}", "/side/{}", "/organisation/{}", "/kilde/{}")
ACTIONS = (
    *("/samarbejde/{}/afgoer", "/samarbejde/{}/sammen", "/samarbejde/{}/del", "/spoergsmaal/{}", "/fortryd"),
    *("/spring-over", "/spring-over/ingen", "/udgiv", "/traen"),
)
SOUND = {"afgoerelse": "godkend", "svar": "ens", "andet": "c0", "udsagn": "c0", "id": "c0"}


def held(desk: Desk) -> dict[str, int]:
    """How many rows there are of what reviewers make."""
    counts = desk.engines.store.counts()
    return {name: counts[name] for name in ("decision", "judgement")}


NOTHING = {"decision": 0, "judgement": 0}


def actions(desk: Desk) -> list[str]:
    """Every address that something can be sent to, of a collaboration and a question that are there."""
    row, question = desk.several(2)[0], desk.listings.questions(1)[0]
    return [one.format(question.id if one.startswith("/spoergsmaal") else row.id) for one in ACTIONS]


def noted(desk: Desk) -> list[tuple[str, str, str]]:
    """The audit log, the first first."""
    return [(one.reviewer, one.what, one.told) for one in reversed(desk.accounts.log(1000))]


# Coming in


def test_every_page_and_action_of_the_app_is_tried_here(shelf: Desk) -> None:
    tried = {one.replace("{}", "<>") for one in (*PAGES, *ITEMS, *ACTIONS)}
    ours = {re.sub("<[^>]*>", "<>", rule.rule) for rule in shelf.app.url_map.iter_rules() if rule.endpoint != "static"}
    assert ours - tried == {"/log-ind", "/log-ud", "/sprog"}


def test_without_a_log_in_every_page_leads_to_it(shelf: Desk) -> None:
    stranger, row = shelf.stranger(), shelf.rows()[0]
    for path in (*PAGES, *(one.format(row.id) for one in ITEMS), f"/samarbejde/{row.id}?alle=1"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.location) == (302, f"/log-ind?videre={quote(path, safe='/?')}")
        assert row.title not in answer.text


def test_without_a_log_in_nothing_can_be_sent(desk: Desk) -> None:
    stranger = desk.stranger()
    for path in actions(desk):
        answer = stranger.post(path, SOUND)
        assert (answer.status_code, answer.location) == (302, "/log-ind?videre=/")
    assert held(desk) == NOTHING


def test_after_the_log_in_the_page_that_was_asked_for_comes(desk: Desk) -> None:
    stranger = desk.stranger()
    there = stranger.get("/samarbejder?region=Bornholm&side=2").location
    page = stranger.page(there)
    onward = page.select_one("main input[name=videre]")
    assert onward is not None
    assert stranger.enter("Anna", videre=str(onward["value"])).location == "/samarbejder?region=Bornholm&side=2"


@pytest.mark.parametrize("token", [None, "", "forkert", "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_form_without_its_token_stores_nothing(desk: Desk, token: str | None) -> None:
    visitor, sent = desk.visitor(), dict(SOUND)
    if token is not None:
        sent["csrf_token"] = token
    for path in (*actions(desk), "/log-ind", "/log-ud", "/sprog"):
        assert visitor.client.post(path, data=sent).status_code == 400, path
    assert held(desk) == NOTHING
    assert visitor.get("/koe").status_code == 200


def test_the_token_of_another_visit_is_refused(desk: Desk) -> None:
    visitor, other, row = desk.visitor(), desk.visitor("Bent"), desk.plain()[0]
    form = visitor.form(row.id)
    form["csrf_token"] = other.token()
    form["afgoerelse"] = "godkend"
    assert visitor.client.post(f"/samarbejde/{row.id}/afgoer", data=form).status_code == 400
    assert held(desk) == NOTHING


def cookie(key: bytes, **session: str) -> str:
    """A session as somebody with this key would sign it."""
    app = Flask("fremmed")
    app.secret_key = key
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    signed = signer.dumps(session)
    return signed if isinstance(signed, str) else signed.decode()


def test_a_cookie_that_was_signed_elsewhere_lets_nobody_in(open_desk: Callable[..., Desk]) -> None:
    desk, other = open_desk(), open_desk()
    session = {"navn": "Anna", "siden": desk.now.isoformat(), "krav": ""}
    own, foreign = (secret_key(one.home) for one in (desk, other))
    assert own != foreign
    sound = cookie(own, **session)
    body, _, rest = sound.partition(".")
    forged = base64.urlsafe_b64encode(json.dumps({**session, "navn": "Chefen"}).encode()).decode().rstrip("=")
    given = {
        "own": sound,
        "foreign": cookie(foreign, **session),
        "short key": cookie(b"\0" * 32, **session),
        "other body": f"{forged}.{rest}",
        "no signature": body,
        "nonsense": "\x7f.;,",
    }
    found = {}
    for name, value in given.items():
        stranger = desk.stranger()
        stranger.client.set_cookie("samspil", value)
        found[name] = stranger.get("/koe").status_code
    assert found == {name: 200 if name == "own" else 302 for name in given}


def test_the_key_of_sessions_is_readable_by_its_owner_alone(desk: Desk) -> None:
    assert (desk.home / "review.key").stat().st_mode & 0o777 == 0o600
    (desk.home / "review.key").write_bytes(b"kort")
    with pytest.raises(AccessError, match="nøglen er beskadiget"):
        secret_key(desk.home)


def test_a_token_lets_in_who_knows_it(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(TOKEN)
    found = {secret: desk.stranger().enter("Anna", secret).status_code for secret in (TOKEN, "", "forkert", TOKEN[:-1])}
    assert found == {TOKEN: 302, "": 403, "forkert": 403, TOKEN[:-1]: 403}
    assert noted(desk) == [("Anna", "inde", ""), *(("", "afvist", "Anna") for _ in range(3))]


def test_an_account_lets_in_its_owner_by_the_password(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    add_reviewer(desk.accounts, "Anna", PASSWORD)
    assert desk.accounts.password("Anna").startswith("$argon2id$")
    tried = (("Anna", PASSWORD), ("Anna", "forkert adgangskode"), ("Anna", ""), ("Bent", PASSWORD), ("anna", PASSWORD))
    assert [desk.stranger().enter(*one).status_code for one in tried] == [302, 403, 403, 403, 403]
    answers = [desk.stranger().enter(*one) for one in (("Anna", "forkert"), ("Bent", "forkert"))]
    assert [one.text.count("Navn og adgangskode passer ikke sammen.") for one in answers] == [1, 1]


def test_beside_a_token_an_account_needs_its_own_password(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(TOKEN)
    add_reviewer(desk.accounts, "Anna", PASSWORD)
    tried = (("Anna", TOKEN), ("Anna", PASSWORD), ("Bent", TOKEN), ("Bent", PASSWORD))
    assert [desk.stranger().enter(*one).status_code for one in tried] == [403, 302, 302, 403]


@pytest.mark.parametrize("name", ["", "   ", "a" * 61, "<script>", "Anna;Bent", "a\tb\u202ec", "Anna%00", "=1+1"])
def test_a_name_that_cannot_stand_beside_decisions_is_refused(desk: Desk, name: str) -> None:
    stranger = desk.stranger()
    assert stranger.enter(name).status_code == 400
    assert stranger.get("/koe").status_code == 302


def test_a_removed_reviewer_is_out_at_once(desk: Desk) -> None:
    for name in ("Anna", "Bent"):
        add_reviewer(desk.accounts, name, PASSWORD)
    anna, bent = desk.stranger(), desk.stranger()
    assert [one.enter(name, PASSWORD).status_code for one, name in ((anna, "Anna"), (bent, "Bent"))] == [302, 302]
    row = desk.plain()[0]
    form = anna.form(row.id)
    desk.accounts.remove("Anna")
    answer = anna.client.post(
        f"/samarbejde/{row.id}/afgoer", data=MultiDict([*form.items(multi=True), ("afgoerelse", "godkend")])
    )
    assert [answer.status_code, anna.get("/koe").status_code, bent.get("/koe").status_code] == [302, 302, 200]
    assert held(desk) == NOTHING


def test_another_password_or_token_ends_what_was_begun_with_the_old(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(TOKEN)
    add_reviewer(desk.accounts, "Anna", PASSWORD)
    anna, bent = desk.stranger(), desk.stranger()
    anna.enter("Anna", PASSWORD)
    bent.enter("Bent", TOKEN)
    add_reviewer(desk.accounts, "Anna", PASSWORD + " igen")
    assert [one.get("/koe").status_code for one in (anna, bent)] == [302, 200]
    kept = bent.client.get_cookie("samspil")
    assert kept is not None
    desk.guard(TOKEN + "-et-andet")
    stranger = desk.stranger()
    stranger.client.set_cookie("samspil", kept.value)
    assert stranger.get("/koe").status_code == 302


def test_an_account_ends_visits_that_a_name_was_enough_for(desk: Desk) -> None:
    visitor = desk.visitor()
    add_reviewer(desk.accounts, "Bent", PASSWORD)
    assert visitor.get("/koe").status_code == 302


def test_the_next_tries_to_come_in_have_to_wait(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(TOKEN)
    stranger = desk.stranger()
    token = stranger.token()
    sent = {"navn": "Anna", "adgangskode": "forkert", "csrf_token": token}
    found = [stranger.client.post("/log-ind", data=sent) for _ in range(TRIES + 2)]
    assert [one.status_code for one in found] == [403] * TRIES + [429] * 2
    assert "For mange forsøg. Vent et minut." in found[-1].text
    assert stranger.client.post("/log-ind", data={**sent, "adgangskode": TOKEN}).status_code == 429
    assert stranger.get("/log-ind").status_code == 200
    other = desk.stranger()
    elsewhere = {**sent, "csrf_token": other.token(), "adgangskode": TOKEN}
    assert other.client.post("/log-ind", data=elsewhere, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 302


@pytest.mark.parametrize(
    ("host", "token", "names", "refusal"),
    [
        ("127.0.0.1", "", (), ""),
        ("localhost", "", (), ""),
        ("0.0.0.0", "", (), "kun for andre maskiner"),
        ("192.168.1.2", "", (), "kun for andre maskiner"),
        ("gennemgang.example", "", (), "kun for andre maskiner"),
        ("localhost.example", "", (), "kun for andre maskiner"),
        ("0.0.0.0", TOKEN, (), ""),
        ("0.0.0.0", "", ("Anna",), ""),
        ("0.0.0.0", "kort", (), "for kort"),
        ("127.0.0.1", "kort", (), "for kort"),
        ("::1", "", (), "IPv6"),
        ("::", TOKEN, (), "IPv6"),
    ],
)
def test_other_machines_are_let_in_by_token_or_account_alone(
    desk: Desk, host: str, token: str, names: tuple[str, ...], refusal: str
) -> None:
    for name in names:
        add_reviewer(desk.accounts, name, PASSWORD)
    access = Access(desk.accounts, token)
    if not refusal:
        check_address(host, access)
    else:
        with pytest.raises(AccessError, match=refusal):
            check_address(host, access)


def test_accounts_are_made_and_closed_from_the_command_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    settings = desk.engines.settings
    accounts.add(settings, "Åse Ø.", PASSWORD)
    assert desk.accounts.names() == ["Åse Ø."]
    assert desk.stranger().enter("Åse Ø.", PASSWORD).status_code == 302
    accounts.remove(settings, "Åse Ø.")
    assert desk.accounts.names() == []
    assert capsys.readouterr().out == "Åse Ø. kan logge ind\nÅse Ø. kan ikke længere logge ind\n"
    with pytest.raises(AccessError, match="der er ingen gennemganger af det navn"):
        accounts.remove(settings, "Åse Ø.")
    for name, password in (("", PASSWORD), ("<b>", PASSWORD), ("Anna", "kort")):
        with pytest.raises(AccessError):
            accounts.add(settings, name, password)
    assert desk.accounts.names() == []


# What an answer bears


def test_every_answer_is_kept_from_scripts_frames_and_stores(shelf: Desk) -> None:
    visitor, stranger = shelf.visitor(), shelf.stranger()
    answers = [visitor.get(path) for path in (*PAGES, f"/samarbejde/{shelf.rows()[0].id}", "/findes/ikke")]
    answers += [stranger.get("/log-ind"), stranger.client.post("/log-ind", data={})]
    for answer in answers:
        policy = {one.split()[0]: one.split()[1:] for one in answer.headers["Content-Security-Policy"].split(";")}
        assert policy == {
            "default-src": ["'none'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "img-src": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
        }
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    with visitor.get("/static/review.css") as style:
        assert style.headers["Cache-Control"] != "no-store"


def test_the_cookie_is_for_this_site_and_no_script(desk: Desk) -> None:
    answer = desk.stranger().enter("Anna")
    parts = {
        one.strip().partition("=")[0].lower(): one.strip().partition("=")[2]
        for one in answer.headers["Set-Cookie"].split(";")
    }
    assert parts.keys() >= {"samspil", "httponly", "samesite", "path", "expires"}
    assert (parts["samesite"], parts["path"]) == ("Strict", "/")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "169.254.169.254", "evil.example:80"]
)
def test_another_host_name_is_refused(desk: Desk, host: str) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    form = visitor.form(row.id)
    for path in ("/koe", "/log-ind", f"/samarbejde/{row.id}", "/static/review.css"):
        answer = visitor.get(path, headers={"Host": host})
        assert (answer.status_code, row.title in answer.text) == (400, False), path
    sent = MultiDict([*form.items(multi=True), ("afgoerelse", "godkend")])
    assert visitor.client.post(f"/samarbejde/{row.id}/afgoer", data=sent, headers={"Host": host}).status_code == 400
    assert held(desk) == NOTHING


def test_the_names_that_are_allowed_are_answered(desk: Desk) -> None:
    visitor = desk.visitor()
    found = [
        visitor.client.get("/log-ind", headers={"Host": host}).status_code for host in ("localhost", "127.0.0.1:8080")
    ]
    assert found == [200, 200]
    app = create_app(desk.engines, Access(desk.accounts), ("gennemgang.example",))
    found = [
        app.test_client().get("/log-ind", headers={"Host": host}).status_code
        for host in ("gennemgang.example", "localhost")
    ]
    assert found == [200, 400]


# What is sent


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example", "https://evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example",
        "/\t/evil.example", "/\r/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)",
        "data:text/html,x", "evil.example", "", "/\u2028/evil.example", "http:///evil.example", "/\x01/evil.example",
    ],
)  # fmt: skip
def test_no_log_in_leads_elsewhere(desk: Desk, to: str) -> None:
    stranger = desk.stranger()
    there = [
        stranger.enter("Anna", videre=to).location,
        stranger.post("/sprog", {"sprog": "da", "videre": to}).location,
    ]
    assert there == ["/", "/"]
    page = BeautifulSoup(desk.stranger().get("/log-ind", query_string={"videre": to}).text, "html.parser")
    onward = page.select_one("main input[name=videre]")
    assert onward is not None
    assert onward["value"] == "/"


@pytest.mark.parametrize(
    "up",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2fapp.py",
        "....//app.py",
        "..%5c..%5capp.py",
        "%252e%252e%252fapp.py",
    ],
)
def test_no_path_leads_out_of_what_is_served(shelf: Desk, up: str) -> None:
    visitor = shelf.visitor()
    for path in (*(one.format(up) for one in ITEMS), f"/static/{up}", f"/static/x/{up}", f"/{up}"):
        answer = visitor.get(path)
        assert answer.status_code in (302, 308, 404), path
        assert "root:" not in answer.text
        assert "create_app" not in answer.text
        if answer.location:
            assert answer.location.startswith("/")
            assert not answer.location.startswith("//")
    for path in (one.format(up) for one in ACTIONS if "{}" in one):
        assert visitor.post(path, SOUND).status_code in (302, 404, 405), path


def test_a_form_that_is_too_large_is_refused(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    path, form = f"/samarbejde/{row.id}/afgoer", visitor.form(row.id)
    form["afgoerelse"] = "godkend"
    fields = list(form.items(multi=True))
    assert visitor.client.post(path, data=MultiDict([*fields, ("note", "x" * LARGEST_FORM)])).status_code == 413
    assert (
        visitor.client.post(path, data=MultiDict([*fields, *(("tema", "") for _ in range(MOST_FIELDS))])).status_code
        == 413
    )
    assert held(desk) == NOTHING
    assert visitor.client.post(path, data=form).status_code == 302


def test_a_form_of_another_kind_is_refused(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    path, form = f"/samarbejde/{row.id}/afgoer", visitor.form(row.id)
    form["afgoerelse"] = "godkend"
    for kind in ("multipart/form-data", "application/json", "text/plain"):
        assert visitor.client.post(path, data=form, content_type=kind).status_code == 400
    assert held(desk) == NOTHING


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tema", "vejr"), ("tema", "klima_energi; DROP TABLE decision"), ("rolle", "chef"), ("rolle", ""), ("afgoerelse", ""),
        ("afgoerelse", "accepted"), ("afgoerelse", "withdrawn"), ("title", "x" * 301), ("project", "x" * 301), ("deltager", "x" * 201),
        ("note", "x" * 2001), ("note", "a\0b"), ("title", "a\0b"), ("model", "\0"), ("deltager", "a\0b"),
    ],
)  # fmt: skip
def test_a_judgement_with_a_value_that_no_form_has_stores_nothing(desk: Desk, field: str, value: str) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    form = visitor.form(row.id)
    form["afgoerelse"] = "godkend"
    known = form.getlist(field)
    form.setlist(field, [value, *known[1:]])
    assert visitor.client.post(f"/samarbejde/{row.id}/afgoer", data=form).status_code == 400
    assert held(desk) == NOTHING
    assert desk.row(row.id) == row


def test_names_without_roles_or_too_many_store_nothing(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.plain()[0]
    assert visitor.decide(row.id, "ret", rolle=[]).status_code == 400
    assert visitor.decide(row.id, "ret", deltager=["x"] * 451, rolle=["partner"] * 451).status_code == 400
    assert held(desk) == NOTHING


@pytest.mark.parametrize("broken", [b"%FF", b"%C3%28", b"%ED%A0%80", b"\xff", b"%00", b"%F8"])
def test_text_that_is_none_is_refused(desk: Desk, broken: bytes) -> None:
    visitor, (path, *others) = desk.visitor(), actions(desk)
    form = visitor.form(desk.several(2)[0].id)
    sent = (
        f"csrf_token={quote(form['csrf_token'])}&passage={form['passage']}&afgoerelse=afvis&svar=ens&note=".encode()
        + broken
    )
    for one in (path, *others):
        answer = visitor.client.post(one, data=sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400, one
    assert held(desk) == NOTHING
    assert [
        visitor.client.get(f"/{one}?soeg={quote(broken, safe='%')}").status_code for one in ("koe", "samarbejder")
    ] == [400, 400]


def test_zero_bytes_reach_no_database(new_postgresql: Callable[[], str], tmp_path: Path) -> None:
    with Engines(Settings(home=tmp_path, database=new_postgresql())) as engines:
        app = create_app(engines, Access(Reviewers(engines.store)))
        app.testing = True
        client = app.test_client()
        page = BeautifulSoup(client.get("/log-ind").text, "html.parser")
        token = str(page.select("input[name=csrf_token]")[0]["value"])
        assert client.post("/log-ind", data={"navn": "Anna", "csrf_token": token}).status_code == 302
        paths = (*(one.format("a%00b") for one in ITEMS), "/koe?kilde=%00", "/nat?dag=%00", "/afgoerelser?hvem=%00")
        assert [client.get(path).status_code for path in paths] == [400] * len(paths)


def test_an_answer_on_names_that_is_none_stores_nothing(desk: Desk) -> None:
    visitor, question = desk.visitor(), desk.listings.questions(1)[0]
    for sent in ({"svar": "måske"}, {}, {"svar": "ens", "note": "x" * 2001}):
        assert visitor.post(f"/spoergsmaal/{question.id}", sent).status_code == 400
    assert held(desk) == NOTHING
    assert desk.listings.question(question.id) == question
    assert [visitor.post("/spring-over", {"id": value}).status_code for value in ("", "x" * 65)] == [400, 400]
    assert visitor.post("/sprog", {"sprog": "de"}).status_code == 400


# What is shown

PAYLOADS = (
    "<script>alert(1)</script>", "</title><script>alert(2)</script>", "\"><script>alert(3)</script>", "'><script>alert(4)</script>",
    "<img src=x onerror=alert(5)>", "\"><img src=x onerror=alert(6)>", "<svg onload=alert(7)>", "<svg/onload=alert(8)>",
    "\" onmouseover=\"alert(9)", "' onmouseover='alert(10)", " onfocus=alert(11) autofocus x=", "</textarea><script>alert(12)</script>",
    "</select><script>alert(13)</script>", "--><script>alert(14)</script>", "]]><script>alert(15)</script>", "<body onload=alert(16)>",
    "<iframe src=javascript:alert(17)></iframe>", "<a href=\"javascript:alert(18)\">x</a>", "<a href='data:text/html,x'>19</a>",
    "<form action=//evil.example><input name=navn></form>", "<base href=//evil.example/>", "<meta http-equiv=refresh content=0;url=//evil>",
    "<link rel=stylesheet href=//evil.example/a.css>", "<style>*{background:url(//evil.example)}</style>", "<object data=//evil.example>",
    "<embed src=//evil.example>", "<math><mi xlink:href=\"data:x,<script>alert(27)</script>\">", "<details open ontoggle=alert(28)>",
    "<video><source onerror=alert(29)></video>", "<input onfocus=alert(30) autofocus>", "<marquee onstart=alert(31)>", "{{ 7 * 7 }}",
    "{% raw %}<script>alert(33)</script>{% endraw %}", "${alert(34)}", "javascript:alert(35)", "data:text/html,<script>alert(36)</script>",
    "JaVaScRiPt:alert(37)", " javascript:alert(38)", "java\tscript:alert(39)", "vbscript:alert(40)", "//evil.example/41",
    "https://evil.example/\"onclick=\"alert(42)", "http://x/'><script>alert(43)</script>", "&lt;script&gt;alert(44)&lt;/script&gt;",
    "&#60;script&#62;alert(45)&#60;/script&#62;", "\u003cscript\u003ealert(46)\u003c/script\u003e", "<scr<script>ipt>alert(47)</script>",
    "<img/src=`x`onerror=alert(48)>", "<xss onclick=alert(49) style=x:y tabindex=1>", "<noscript><p title=\"</noscript><img src=x onerror=alert(50)>\">",
)  # fmt: skip


def poison(desk: Desk) -> None:
    """Put payloads wherever the store holds text that pages show."""
    kept = list(desk.engines.store.current_claims())
    with desk.engines.store.transaction() as connection:
        for at, stored in enumerate(kept):
            one, two, three = (PAYLOADS[(at + shift) % len(PAYLOADS)] for shift in (0, 17, 34))
            parties = [
                [f"{PAYLOADS[(at + place) % len(PAYLOADS)]} {place}", party.role, ""]
                for place, party in enumerate(stored.claim.participants)
            ]
            changed = {
                "title": one,
                "project": two,
                "participants": parties,
                "evidence": f"{three} {parties[0][0]}",
                "context": f"{one} {three} {parties[0][0]} {two}",
            }
            connection.execute(claims.update().where(claims.c.id == stored.claim.id).values(**changed))
            connection.execute(
                documents.update()
                .where(documents.c.id == stored.claim.document_id)
                .values(title=one, url=PAYLOADS[(at + 8) % len(PAYLOADS)])
            )
        connection.execute(sources.update().values(name=PAYLOADS[0], publisher=PAYLOADS[1]))
    desk.publish()
    source = desk.engines.store.sources()[0].id
    for at, payload in enumerate(PAYLOADS):
        desk.engines.store.add_failure(Failure(source, payload, f"fetch{at}", payload, desk.now, payload))
        desk.listings.ask(Question(f"{at:016x}", payload, PAYLOADS[at - 1], 0.5, 1 - at / 1000))
        desk.accounts.note(Audit(desk.now, payload, payload, payload, payload))
    with desk.engines.store.transaction() as connection:
        for at, key in enumerate(desk.engines.store.organisations()):
            payload = PAYLOADS[at % len(PAYLOADS)]
            connection.execute(
                organisations.update()
                .where(organisations.c.id == key)
                .values(
                    name=payload,
                    aliases=[payload, payload[::-1]],
                    municipality=payload,
                    cvr=payload,
                    valid_from=payload[:10],
                )
            )
    for at, row in enumerate(desk.rows()):
        payload = PAYLOADS[at % len(PAYLOADS)]
        desk.write(
            replace(
                row,
                title=payload,
                project=payload,
                parties=payload,
                regions=(payload.replace(";", ""),),
                changed=payload,
            )
        )


def links(desk: Desk) -> Iterator[str]:
    """Every page that shows what is in the store."""
    yield from (one for one in PAGES if not one.endswith(".csv"))
    yield from (
        f"/samarbejder?side=2&soeg={quote(PAYLOADS[2])}&kilde={quote(PAYLOADS[5])}",
        f"/koe?soeg={quote(PAYLOADS[8])}",
    )
    yield from (
        f"/nat?dag={quote(PAYLOADS[0])}",
        f"/afgoerelser?hvem={quote(PAYLOADS[2])}",
        f"/kilde/{desk.engines.store.sources()[0].id}",
    )
    yield from (f"/samarbejde/{row.id}" for row in desk.rows())
    yield from (f"/spoergsmaal/{one.id}" for one in desk.listings.questions(50))
    yield from (f"/organisation/{key}" for key in list(desk.engines.store.organisations())[:50])
    yield from (f"/side/{one.claim.id}" for one in list(desk.engines.store.current_claims())[:4])


OURS, LOGO = "/static/review.js", "/static/samspil.svg"


def unsafe(page: BeautifulSoup) -> list[str]:
    """What of a page a browser would run, load or follow that is not ours."""
    found = []
    for one in page.find_all(True):
        if one.name == "script" and (one.get("src", "").partition("?")[0] != OURS or one.get_text()):
            found.append(str(one))
        if one.get("src") == LOGO:
            continue
        if one.name in (
            "iframe",
            "object",
            "embed",
            "base",
            "style",
            "svg",
            "math",
            "img",
            "video",
            "marquee",
            "xss",
            "body" if one.get("onload") else "",
        ):
            found.append(str(one)[:200])
        for name, value in one.attrs.items():
            scheme = urlsplit(str(value)).scheme if name in ("href", "action", "src", "formaction", "data") else ""
            outside = name in ("href", "action", "src", "formaction") and not str(value).startswith(
                ("/", "#", "http://", "https://", "?")
            )
            if (
                name.startswith("on")
                or name in ("style", "srcdoc", "autofocus")
                or outside
                or (str(value).startswith("//") and name in ("href", "src", "action"))
                or scheme not in ("", "http", "https")
            ):
                found.append(f"{one.name} {name}={value}")
    return found


def test_what_would_be_run_is_found() -> None:
    html = "".join(f"<div>{payload}</div>" for payload in PAYLOADS[:31])
    assert len(unsafe(BeautifulSoup(html, "html.parser"))) > 25
    assert (
        unsafe(BeautifulSoup("<a href='/koe'>x</a><script src='/static/review.js' defer></script>", "html.parser"))
        == []
    )


def test_nothing_that_was_stored_is_left_standing_in_a_page(desk: Desk) -> None:
    assert len(PAYLOADS) == 50
    poison_all(desk)
    visitor = desk.visitor()
    shown: set[str] = set()
    for path in links(desk):
        answer = visitor.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        page = BeautifulSoup(answer.text, "html.parser")
        assert unsafe(page) == [], path
        words = page.get_text() + " ".join(str(one.get("value", "")) for one in page.select("input"))
        shown |= {payload for payload in PAYLOADS if payload in words}
    assert shown == {*PAYLOADS}


TOUCHED = """() => document.querySelectorAll("*").forEach(one => {
    for (const what of ["mouseover", "focus", "toggle", "click", "error", "load"])
        one.dispatchEvent(new Event(what, {bubbles: false, cancelable: true}));
})"""
"""What a visitor's mouse and keys may set off, on every element, but for following its links."""


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page whose policy against scripts is off, and what ran or was fetched from elsewhere."""
    context = browser.new_context(bypass_csp=True, locale="da-DK")
    page, ran = context.new_page(), list[str]()

    def dismissed(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    def kept_in(route: Route) -> None:
        ran.append(urlsplit(route.request.url).netloc)
        route.abort()

    page.on("dialog", dismissed)
    page.route(lambda url: "127.0.0.1" not in urlsplit(url).netloc, kept_in)
    yield page, ran
    context.close()


def set_off(page: Page) -> None:
    """Do to every element what a visitor may, and wait for what comes of it."""
    page.evaluate(TOUCHED)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def test_a_browser_runs_what_stands_unescaped(shelf: Desk, watched: tuple[Page, list[str]]) -> None:
    page, ran = watched
    with serving(shelf.app) as url:
        page.goto(f"{url}/log-ind")
        for payload in (one for one in PAYLOADS if "refresh" not in one):  # which leads away from the page
            page.set_content(f"<!doctype html><title>x</title><p>{payload}</p>")
            set_off(page)
    told = "1 2 3 4 5 6 7 8 12 13 14 15 16 17 28 29 30 33 36 43 46 49 50 evil.example"
    assert set(ran) == {*told.split()}


def test_no_browser_runs_what_was_stored_even_without_its_policy(desk: Desk, watched: tuple[Page, list[str]]) -> None:
    poison_all(desk)
    page, ran = watched
    with serving(desk.app) as url:
        page.goto(f"{url}/log-ind")
        page.fill("input[name=navn]", "Carla")
        page.press("input[name=navn]", "Enter")
        page.wait_for_url(f"{url}/koe")
        for path in links(desk):
            answer = page.goto(f"{url}{path}")
            assert answer is not None
            assert answer.ok, path
            assert "/log-ind" not in page.url
            set_off(page)
            assert ran == [], path


def poison_all(desk: Desk) -> None:
    """Payloads in what was harvested, and in decisions."""
    poison(desk)
    visitor = desk.visitor()
    for row in desk.plain()[:3]:
        assert visitor.decide(row.id, "ved-ikke", note=PAYLOADS[0]).status_code == 302
    desk.visitor("Bent").decide(desk.plain()[5].id, "godkend", note=PAYLOADS[5])
    with desk.engines.store.transaction() as connection:
        connection.execute(decisions.update().values(reviewer=PAYLOADS[4], note=PAYLOADS[1]))


def test_links_lead_to_pages_of_the_web_alone(desk: Desk) -> None:
    visitor, row = desk.visitor(), desk.rows()[0]
    (stored, *_) = desk.engines.store.claims_of(row.id)
    shown = {}
    for url in (
        "https://region.example/side?a=1&b=2#c",
        "javascript:alert(1)",
        "data:text/html,x",
        " https://x",
        "file:///etc/passwd",
        "//evil.example",
    ):
        with desk.engines.store.transaction() as connection:
            connection.execute(documents.update().where(documents.c.id == stored.claim.document_id).values(url=url))
        found = [
            one for one in visitor.page(f"/samarbejde/{row.id}").select(".source a") if one.get("target") == "_blank"
        ]
        shown[url] = [(one["href"], one["rel"]) for one in found]
    assert {url: len(found) for url, found in shown.items() if found} == {"https://region.example/side?a=1&b=2#c": 1}
    assert shown["https://region.example/side?a=1&b=2#c"] == [
        ("https://region.example/side?a=1&b=2#c", ["noreferrer", "noopener"])
    ]


# What is noted


def test_the_log_has_visits_refusals_exports_and_longer_work(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(TOKEN)
    stranger = desk.stranger()
    stranger.enter("Bent", "forkert")
    stranger.enter("Anna", TOKEN)
    stranger.get("/samarbejder.csv?region=Bornholm")
    stranger.post("/log-ud")
    assert noted(desk) == [
        ("", "afvist", "Bent"),
        ("Anna", "inde", ""),
        ("Anna", "eksport", "region=Bornholm"),
        ("Anna", "ude", ""),
    ]
    last = desk.accounts.log(1)[0]
    assert (last.at, last.address) == (desk.now, stranger.client.environ_base["REMOTE_ADDR"])
    assert stranger.get("/koe").status_code == 302
