"""Walls: pages answered with 200 that are no pages, but a question about cookies or a check for robots."""

from __future__ import annotations

import re

from extractors.web.media import HTML, XHTML

SIZE = 64 << 10
"""Bytes of HTML; what is longer has something to say."""
LINKS = 5
"""Links that a wall may have (to the policy, to the purposes); a page that leads on is none."""
WORDS = 40
"""Words that a wall may say about anything else."""

# No pattern here takes more than linear time, whatever it is given.
_TITLE = re.compile(r"<title[^<>]*>([^<]*)</title", re.IGNORECASE)
_WALL_TITLE = re.compile(
    r"\W*(?:cookie[- ]?(?:samtykke|consent|wall)|samtykke til cookies|før du fortsætter|before you continue|"
    r"just a moment|checking your browser|bekræft,? at du (?:er et menneske|ikke er en robot)|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human)",
    re.IGNORECASE,
)
_BOUND = re.compile(r"<(/?)(script|style|noscript|template|head)\b[^<>]*>|(<!)(--)|(--)>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|b|em|i|small|span|strong)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ASKING = re.compile(r"<(?:button|form|input)\b", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]*\bhref", re.IGNORECASE)
_COOKIES = re.compile(r"cookie|samtykke|consent", re.IGNORECASE)
_YES = re.compile(r"\b(?:accept|tillad|godkend|allow|agree|jeg forstår|ok\b)", re.IGNORECASE)


def is_wall(media_type: str, body: bytes) -> bool:
    """Whether an HTML page only asks for consent to cookies, or checks for robots.

    Either its title says so, or nearly all that it says is about cookies, with something to accept them by and hardly
    a link. A page with content has its cookie banner beside it and is no wall.
    """
    if media_type not in (HTML, XHTML) or len(body) > SIZE:
        return False
    text = body.decode("utf-8", "replace")
    title = _TITLE.search(text)
    if title and _WALL_TITLE.match(" ".join(title[1].split())):
        return True
    if not (_COOKIES.search(text) and _ASKING.search(text)) or len(_LINK.findall(text)) > LINKS:
        return False
    shown = _TAG.sub("\n", _INLINE.sub(" ", " ".join(_seen(text).split())))
    about: list[int] = []
    other: list[int] = []
    for line in shown.splitlines():
        (about if _COOKIES.search(line) else other).append(len(line.split()))
    return bool(_YES.search(shown)) and sum(other) <= min(WORDS, sum(about))


def _seen(text: str) -> str:
    """HTML without its scripts, styles, head and comments."""
    kept, hidden, at = [], "", 0
    for bound in _BOUND.finditer(text):
        name = "--" if "--" in bound.groups() else bound[2].lower()
        if not hidden and (bound[3] or bound[1] == ""):
            kept.append(text[at : bound.start()])
            hidden = name
        elif hidden == name and (bound[5] or bound[1]):
            hidden, at = "", bound.end()
    return " ".join([*kept, "" if hidden else text[at:]])
