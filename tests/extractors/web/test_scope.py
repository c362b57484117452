from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.web.scope import MAX_LENGTH, Scope, canonical, is_trap
from models.records import Source, SourceKind


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("HTTPS://WWW.Region.DK:443/A/../b/./c?z=1&a=2#top", "", "https://www.region.dk/b/c?a=2&z=1"),
        ("http://a.dk:80", "", "http://a.dk/"),
        ("https://a.dk:8443/", "", "https://a.dk:8443/"),
        ("../nyheder/?id=7", "https://a.dk/om/os/", "https://a.dk/om/nyheder/?id=7"),
        ("//b.dk/x", "https://a.dk/", "https://b.dk/x"),
        ("?side=2", "https://a.dk/liste?side=1", "https://a.dk/liste?side=2"),
        ("  https://a.dk/x\n y ", "", "https://a.dk/x%20y"),
        ("https://a.dk/vækstforum/?q=blåbær", "", "https://a.dk/v%C3%A6kstforum/?q=bl%C3%A5b%C3%A6r"),
        ("https://a.dk/v%c3%a6kst", "", "https://a.dk/v%C3%A6kst"),
        ("https://vækst.dk/", "", "https://xn--vkst-voa.dk/"),
        ("https://a.dk/?utm_source=x&id=1&fbclid=y&gclid=z", "", "https://a.dk/?id=1"),
        ("https://a.dk/?reference=1&gallery=2&source=3&medium=4", "", "https://a.dk/?gallery=2&medium=4&reference=1&source=3"),
        ("https://a.dk/?b=2&a=1&b=1", "", "https://a.dk/?a=1&b=2&b=1"),
        ("https://a.dk/?flag&x=", "", "https://a.dk/?flag&x="),
        ("https://a.dk/x;jsessionid=0A1B2C?y=1", "", "https://a.dk/x?y=1"),
        ("https://a.dk/x.asp?ASPSESSIONIDQQ=AB&id=3", "", "https://a.dk/x.asp?id=3"),
        ("https://a.dk/x?sid=12", "", "https://a.dk/x?sid=12"),
        ("https://a.dk/x?sid=0123456789abcdef0123456789abcdef", "", "https://a.dk/x"),
        ("https://a.dk/(S(abcdefghij1234567890klmn))/x.aspx", "", "https://a.dk/x.aspx"),
        ("mailto:navn@a.dk", "https://a.dk/", None),
        ("javascript:void(0)", "https://a.dk/", None),
        ("tel:+4512345678", "https://a.dk/", None),
        ("https://user:secret@a.dk/", "", None),
        ("https://", "", None),
        ("https://[::1", "", None),
        ("https://a.dk:abc/", "", None),
        ("https://a.dk/" + "x" * MAX_LENGTH, "", None),
        ("", "https://a.dk/x", "https://a.dk/x"),
    ],
)  # fmt: skip
def test_a_link_has_one_spelling(url: str, base: str, expected: str | None) -> None:
    assert canonical(url, base) == expected


HOSTS = st.sampled_from(["a.dk", "www.a.dk", "A.DK", "b.dk", "vækst.dk", "127.0.0.1", "[2001:db8::1]"])
ODD = [
    "om",
    "..",
    ".",
    "",
    "nyheder",
    "v%c3%a6kst",
    "x;jsessionid=1F",
    "a b",
    "100%",
    "å",
    "%2e%2e",
    "(S(0123456789abcdefg))",
]
SEGMENTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(blacklist_characters="/?#", blacklist_categories=["Cs"]), max_size=8),
)
NAMES = st.sampled_from(["id", "side", "q", "æ", "utm_source", "PHPSESSID", "a[]", "flag", "fbclid", "sid"])
VALUES = st.one_of(st.sampled_from(["1", "", "x y", "%c3%a6", "0123456789abcdef0"]), st.text("abæ&=+%;/", max_size=5))
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5).map(lambda pairs: "&".join(f"{n}={v}" for n, v in pairs))


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme, host = draw(st.sampled_from(["http", "https", "HTTP"])), draw(HOSTS)
    port = draw(st.sampled_from(["", ":80", ":443", ":8080", ":"]))
    path = "/".join(draw(st.lists(SEGMENTS, max_size=5)))
    query = draw(QUERIES)
    fragment = draw(st.sampled_from(["", "#", "#top", "#a?b=c"]))
    return f"{scheme}://{host}{port}/{path}{'?' + query if query else ''}{fragment}"


@given(urls())
@example("https://a.dk/a/.;jsessionid=1./b")
@example("https://a.dk/;sid=1;sid=2")
@example("https://a.dk/x;jsession;jsessionid=1id=2")
def test_a_spelling_is_final(url: str) -> None:
    once = canonical(url)
    assert once is not None
    assert canonical(once) == once


@given(st.text(max_size=60), st.sampled_from(["", "https://a.dk/om/?x=1"]))
def test_any_text_has_a_final_spelling_or_none(text: str, base: str) -> None:
    once = canonical(text, base)
    assert once is None or canonical(once) == once


@given(urls(), st.sampled_from(["utm_campaign=x", "fbclid=IwAR0", "PHPSESSID=abc", "_ga=1.2"]))
def test_fragments_tracking_and_sessions_make_no_other_page(url: str, noise: str) -> None:
    bare = url.partition("#")[0]
    assert canonical(f"{bare}{'&' if '?' in bare else '?'}{noise}#part") == canonical(bare)


@given(urls(), st.randoms())
def test_the_order_of_differently_named_parameters_makes_no_other_page(url: str, random: object) -> None:
    bare, _, query = url.partition("#")[0].partition("?")
    pairs = list({pair.partition("=")[0]: pair for pair in query.split("&")}.values())
    before = canonical(f"{bare}?{'&'.join(pairs)}")
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert canonical(f"{bare}?{'&'.join(pairs)}") == before


def source(**changes: object) -> Source:
    fields: dict[str, object] = {"start": ("https://www.a.dk/vaekst/",), **changes}
    return Source("a", "A", "A", SourceKind.WEBSITE, ("alle",), **fields)  # type: ignore[arg-type]


SCOPES = st.sampled_from(
    [
        Scope.of(source()),
        Scope.of(source(allow=("^https://a\\.dk/om/",))),
        Scope.of(source(allow=("a\\.dk",), deny=("nyheder",))),
    ]
)


@given(urls(), SCOPES)
def test_scope_and_traps_judge_all_spellings_of_a_url_alike(url: str, scope: Scope) -> None:
    spelled = canonical(url)
    again = canonical(f"{url.partition('#')[0]}#x")
    assert spelled is not None
    assert again is not None
    assert (spelled in scope, is_trap(spelled)) == (again in scope, is_trap(again))


@pytest.mark.parametrize(
    ("changes", "url", "inside"),
    [
        ({}, "https://a.dk/andet", True),
        ({}, "http://www.a.dk/", True),
        ({}, "https://b.a.dk/", False),
        ({}, "https://xa.dk/", False),
        ({"allow": ("^https://www\\.a\\.dk/vaekst/",)}, "https://www.a.dk/vaekst/x", True),
        ({"allow": ("^https://www\\.a\\.dk/vaekst/",)}, "https://www.a.dk/andet", False),
        ({"allow": ("/vaekst", "\\.pdf$")}, "https://b.dk/a.pdf", True),
        ({"deny": ("/print",)}, "https://a.dk/print/1", False),
        ({"allow": ("a.dk",), "deny": ("print",)}, "https://a.dk/print", False),
    ],
)
def test_a_scope_is_what_allow_and_deny_say(changes: dict[str, object], url: str, inside: bool) -> None:
    assert (url in Scope.of(source(**changes))) is inside


@pytest.mark.parametrize(
    "url",
    [
        "https://a.dk/kalender/2024/05/",
        "https://a.dk/kalender/2024-05-01",
        "https://a.dk/events/month/2024-05",
        "https://a.dk/aktivitetskalender/2031",
        "https://a.dk/kalender?month=2031-01",
        "https://a.dk/x?tribe-bar-date=2024-01-01",
        "https://a.dk/om/om/om/om",
        "https://a.dk/a/b/a/b/a/b",
        "https://a.dk/" + "/".join(map(str, range(20))),
        "https://a.dk/liste?page=201",
        "https://a.dk/liste?side=99999999999999999999",
        "https://a.dk/nyheder/page/500/",
        "https://a.dk/liste?start=5001",
        "https://a.dk/liste?sort=navn",
        "https://a.dk/liste?f%5B0%5D=tema%3Aklima",
        "https://a.dk/liste?filter[emne]=x",
        "https://a.dk/?a=1&b=2&c=3&d=4&e=5&f_=6&g=7",
        "https://a.dk/?tag[]=1&tag[]=2&tag[]=3",
        "https://a.dk/nyhed?replytocom=3",
        "https://a.dk/billede.JPG",
        "https://a.dk/film.mp4?x=1",
        "https://a.dk/style.css",
    ],
)
def test_traps_are_seen(url: str) -> None:
    assert is_trap(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.dk/",
        "https://a.dk/nyheder/2011/08/",
        "https://a.dk/kalender/2011/08/moede-i-vaekstforum",
        "https://a.dk/liste?page=7",
        "https://a.dk/nyheder/page/3/",
        "https://a.dk/?p=4711",
        "https://a.dk/referater/2018/referat.pdf",
        "https://a.dk/side.aspx?id=12&lang=da",
        "https://a.dk/data/projekter.csv",
        "https://a.dk/dagsorden.docx",
    ],
)
def test_ordinary_pages_are_no_traps(url: str) -> None:
    assert not is_trap(url)
