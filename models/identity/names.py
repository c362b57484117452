"""Names of organisations brought to a form in which spelling variants of one body are equal.

A name has a *stem* (what the body is called) and a *form* (its legal form, where one is written). Two firms of one stem
with different legal forms are different firms; a name without a form may be either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Legal forms as they end or begin a name, by the form they stand for. Source: the forms of the Danish Business
# Authority's register (CVR); dots and case are dropped before the comparison. A slash is not: "Hansens Is" sells ice.
LEGAL_FORMS = {
    "a/s": "a/s",
    "as": "a/s",
    "aktieselskab": "a/s",
    "aktieselskabet": "a/s",
    "aps": "aps",
    "anpartsselskab": "aps",
    "ivs": "ivs",
    "i/s": "i/s",
    "interessentskab": "i/s",
    "k/s": "k/s",
    "p/s": "p/s",
    "s/i": "s/i",
    "amba": "amba",
    "fmba": "fmba",
    "smba": "smba",
    "vmba": "vmba",
    "ab": "ab",
    "gmbh": "gmbh",
    "ltd": "ltd",
}
# Words in front that say what kind of body it is, not which; never the whole name.
_KINDS = re.compile(
    r"^(?:den |det )?(?:(?:selvejende |erhvervsdrivende |almennyttige )(?:institution|fond|forening)|"
    r"fonden(?: for)?|foreningen|destinationsselskabet|professionshøjskolen)[ ,]+(?=\w)"
)
_CARE_OF = re.compile(r"\s+(?:v/|v\.\s|v/v\s|c/o\s|att\.?:?\s).*$", re.IGNORECASE)
_LEADING_CARE_OF = re.compile(r"^\s*(?:v/|c/o)\s*", re.IGNORECASE)
_HEREAFTER = re.compile(r"\s*\((?:herefter|i det følgende|forkortet|tidligere)\b[^)]*\)", re.IGNORECASE)
_FORM = r"(?:[Aa]/[Ss]\.?|[Aa]p[Ss]|APS|I/S|K/S|P/S|S/I|IVS|(?:[AFSVafsv]\.?[Mm]\.?[Bb]\.?[Aa]\.?)|AB|GmbH|Ltd\.?)"
LEGAL_FORM = re.compile(rf"(?:(?<=\s)|^)(?:{_FORM})(?=$|[\s,;.)])")
"""A legal form as texts write it, standing as a word of its own."""

_BODIES = r"skol|fond|cent|institut|muse|forening|gymnasi|hospital|akademi|klyng|netværk|laug|selskab|klub|hus"
KIND_OF_FIRM = (
    rf"[A-ZÆØÅ][\w-]{{0,40}}(?:firma|virksomhed|leverandør|producent|udlejer|-(?!{_BODIES})[a-zæøå]{{4,30}})e[nt]"
)
"""A pattern of what stands before a firm's name and tells what it is: "Odense-firmaet", "Spilvirksomheden"."""

_ABBREVIATION = re.compile(r"(?:\b\w|afd|inkl|eftf|mv|m\.fl)\.$", re.IGNORECASE)
_SPELLINGS = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "ö": "oe", "ä": "ae"})


@dataclass(frozen=True, slots=True)
class NameKey:
    """What two spellings of one name have in common."""

    stem: str
    form: str  # "" when the name writes no legal form

    def __str__(self) -> str:
        return f"{self.stem}|{self.form}" if self.form else self.stem


def clean(name: str) -> str:
    """A name as a reader would write it alone: without care-of, "(herefter …)" and stray punctuation."""
    while (text := _cleaner(name)) != name:
        name = text
    return text


def _cleaner(name: str) -> str:
    """One round: what is taken off may bring to light what is to be taken off next."""
    text = _HEREAFTER.sub("", unicodedata.normalize("NFC", name.replace("\u00ad", "")))
    text = _CARE_OF.sub("", text) or text
    text = _LEADING_CARE_OF.sub("", text)
    text = re.sub(r"\s+", " ", text.replace("´", "'").replace("’", "'")).strip(" \t,;:·•*")
    if text.count('"') == 1:
        text = text.replace('"', "").strip()
    ends_well = LEGAL_FORM.search(text[-8:]) or _ABBREVIATION.search(text)
    return text if ends_well or not text.endswith(".") else text[:-1].rstrip()


@lru_cache(maxsize=200_000)
def normalise(name: str) -> NameKey:
    """The key under which spellings of one name fall together: case, å and aa, dots, legal form, "Foreningen X"."""
    text = clean(name).casefold().replace("&", " og ")
    words = [word.replace(".", "") for word in re.split(r"[\s,;]+", text) if word.strip(".-'\"()/")]
    words, form = _without_form(words)
    text = " ".join(words)
    shorter = _KINDS.sub("", text)
    text = shorter or text
    stem = re.sub(r"[^a-z0-9]+", " ", _decomposed(text.translate(_SPELLINGS))).strip()
    return NameKey(stem or _decomposed(clean(name).casefold()), form)


def genitive_base(name: str) -> str:
    """A name without the genitive ending that a sentence gave it: "Region Syddanmarks" -> "Region Syddanmark"."""
    if name.endswith(("'s", "’s")):
        return name[:-2]
    if name.endswith(("'", "’")):
        return name[:-1]
    return name[:-1] if len(name) > 4 and name.endswith("s") and not name.endswith(("ss", "us")) else name


def _without_form(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and words[-1] in LEGAL_FORMS:
        return words[:-1], LEGAL_FORMS[words[-1]]
    if len(words) > 1 and words[0] in ("aktieselskabet", "a/s"):
        return words[1:], "a/s"
    return words, ""


def _decomposed(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
