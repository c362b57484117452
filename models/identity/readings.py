"""The ways in which a name as a text writes it may be read: without genitive, brackets, the slips of scanners."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.identity.names import clean, genitive_base, normalise

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_FORMERLY = re.compile(r"^(?:tidl(?:igere|\.)?|nu|nuværende|den gang|i dag|herefter|det tidligere)\b\.?:?\s*", re.I)
_WRAPPED = re.compile(r"(?<=[a-zæøå]{2})[-\u00ad]\s?(?=[a-zæøå]{3})")  # "Universitets-hospital"
_DASHES = str.maketrans({"¿": "-", "–": "-", "—": "-"})
_MISREAD = (
    (re.compile(r"(?<=[A-Za-zÆØÅæøå])0|0(?=[a-zæøå])"), "ø"),
    (re.compile(r"(?<=[A-Za-zÆØÅæøå])1|1(?=[a-zæøå])"), "l"),
)
_SHORTENED = {
    "brdr.": "brødrene",
    "inst.": "institut",
    "kbh.": "københavn",
    "kom.": "kommune",
    "nr.": "nørre",
    "prof.højskolen": "professionshøjskolen",
    "sdr.": "sønder",
    "univ.": "universitet",
}
_ARTICLE = re.compile(r"^(?:the|den|det|de)\s+", re.IGNORECASE)
_SIDES = re.compile(r"\s+[-–/]\s+|,\s+|\s+v/\s*")
_SMALL = frozenset(
    ["af", "and", "der", "des", "di", "for", "fra", "i", "in", "med", "of", "og", "the", "til", "ved", "von"]
)


def readings(name: str) -> list[str]:
    """What a name may be, as written first; each once by its normal form."""
    found: dict[str, str] = {}
    for one in _readings(clean(name)):
        if not found or sum(map(str.isalpha, one)) > 1:
            found.setdefault(str(normalise(one)), one)
    return list(found.values())


def _readings(name: str) -> Iterator[str]:
    yield name
    yield genitive_base(name)
    whole = _repaired(name)
    bare = clean(_BRACKETS.sub(" ", whole))
    inside = [_FORMERLY.sub("", one).strip() for one in _BRACKETS.findall(whole)]
    for one in (whole, bare, *(one for one in inside if _may_name(one, bare)), *_sides(bare)):
        yield one
        yield genitive_base(one)
        yield _ARTICLE.sub("", one)
        yield _ARTICLE.sub("", genitive_base(one))


def _repaired(name: str) -> str:
    """Without what scanners and line ends do to a name."""
    text = _WRAPPED.sub("", name.translate(_DASHES))
    for pattern, letter in _MISREAD:
        text = pattern.sub(letter, text)
    words = [_SHORTENED.get(word.casefold(), word) for word in text.split()]
    return " ".join([*words[:-1], *(_SHORTENED.get(f"{word.casefold()}.", word) for word in words[-1:])])


def _may_name(inside: str, bare: str) -> bool:
    """Whether what stands in brackets is a name beside the other: an abbreviation of it, or one with a capital."""
    return bool(inside) and (is_acronym(inside, bare) or (inside[0].isupper() and len(inside) > 1))


def _sides(name: str) -> Iterator[str]:
    """Both sides of a dash or comma, where one abbreviates the other ("SFI - Det Nationale Forskningscenter …")."""
    parts = _SIDES.split(name, maxsplit=1)
    if len(parts) == 2 and (is_acronym(*parts) or is_acronym(parts[1], parts[0])):
        yield from parts


def is_acronym(short: str, long: str) -> bool:
    """Whether letters that begin words of `long`, in order and from its first word on, make up `short`."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    words = [word for word in re.findall(r"\w+", long.casefold()) if word not in _SMALL]
    if not 2 <= len(letters) <= 8 or " " in short.strip() or len(words) < 2 or words[0][0] != letters[0]:
        return False
    text, at = " ".join(words), 0
    starts = {0, *(place + 1 for place, letter in enumerate(text) if letter == " ")}
    hits = 0
    for letter in letters:
        found = text.find(letter, at)
        if found < 0:
            return False
        begin = next((place for place in sorted(starts) if place >= at and text[place] == letter), None)
        hits += begin is not None
        at = (begin if begin is not None else found) + 1
    return hits > 1 and hits * 2 >= len(letters)
