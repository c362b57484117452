from __future__ import annotations

from pathlib import Path

import pytest

from extractors.web.media import HTML, PDF
from extractors.web.walls import LINKS, SIZE, is_wall

SITE = Path(__file__).parents[3] / "data" / "sample-site"
ASK = "<p>Vi bruger cookies til statistik. Du kan altid ændre dit samtykke.</p><button>Accepter alle</button>"
STORY = "<p>" + "Region Sjælland og Lolland Kommune har indgået et samarbejde om grøn omstilling. " * 5 + "</p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<title>Region X</title><body>{ASK}<button>Afvis</button><a href='/p'>Læs mere</a>",
        f"<body><style>{'p {} ' * 200}</style><script>var menu = '{'ord ' * 200}'</script><!-- {'ord ' * 200} -->{ASK}",
        "<body><p>We use cookies and similar technologies\nto improve our <b>site</b>.</p>"
        "<form><input type='checkbox'></form><p>I accept</p>",
        "<title>Cookiesamtykke | Region X</title>",
        "<title> Før du fortsætter\n til Region X</title>",
        "<title>Just a moment...</title>" + STORY,
        "<TITLE>Bekræft, at du er et menneske</TITLE>",
    ],
)
def test_a_page_that_only_asks_is_a_wall(page: str) -> None:
    assert is_wall(HTML, page.encode())


@pytest.mark.parametrize(
    "page",
    [
        "",
        ASK + STORY,
        STORY + ASK,
        f"<title>Regionens cookiepolitik</title>{STORY}",
        "<p>Vi bruger cookies til statistik. Du kan altid ændre dit samtykke.</p>",  # nothing to answer with
        ASK + "".join(f"<a href='/{number}'>Emne</a>" for number in range(LINKS + 1)),
        "<p>Skriv til os.</p><form><button>Send</button></form>",
        "<title>Before and after</title>" + STORY,
        ASK + "x" * SIZE,
    ],
)
def test_a_page_with_something_to_say_is_none(page: str) -> None:
    assert not is_wall(HTML, page.encode())


def test_other_media_are_none() -> None:
    assert not is_wall(PDF, b"<title>Just a moment...</title>")


def test_no_page_of_the_sample_site_is_a_wall() -> None:
    pages = sorted(SITE.rglob("*.html"))
    assert len(pages) > 30
    assert [page.name for page in pages if is_wall(HTML, page.read_bytes())] == []
