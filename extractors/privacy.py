"""What must not pass: persons, e-mail addresses, telephone and CPR numbers, masked where text leaves the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.identity.names import LEGAL_FORM

PERSON = "[person]"
CONTACT = "[kontakt]"

_CONTACTS = re.compile(
    r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?<!\d)[0-3]\d[01]\d{3}[-–][\dxX]{4}(?![\dxX])"  # CPR: DDMMYY-NNNN
    r"|(?:\+|00)45[ .\-]?(?:\d[ .\-]?){7}\d(?!\d)"  # telephone with country code
    r"|(?<![\d.,\-/])\d{2}[ .\-]\d{2}[ .\-]\d{2}[ .\-]\d{2}(?![\d.,\-/]\d|\d)"  # 12 34 56 78
    r"|(?<![\d.,\-/])\d{4}[ ]\d{4}(?![\d.,\-/]\d|\d)"  # 1234 5678
    r"|(?i:\b(?:tlf|telefon|mobil|mob|tel|fax)\b\.?:?\s*(?:nr\.?\s*)?)(?:\d[ .\-]?){7}\d(?!\d)"
)
_WORD = r"[A-ZÆØÅ][\w'’]*(?:-[A-ZÆØÅ]?[\w'’]+)*"
_INITIAL = r"(?:[A-ZÆØÅ]\.[ ]?){1,3}"
_PARTICLE = r"(?:von|van|de|der|af|la|el|du)"
_SURNAMES = rf"(?:[ ](?:{_INITIAL}[ ]?|{_PARTICLE}[ ])?{_WORD}){{1,3}}"
_PATRONYMIC = re.compile(
    r"(?<![\w\-])(?:[A-ZÆØÅ][a-zæøå'’\-]+[ ]|(?:[A-ZÆØÅ]\.[ ]?){1,3})(?:[A-ZÆØÅ][\w.'’\-]*[ ]){0,2}"
    r"(?:[A-ZÆØÅ][a-zæøå]+-)?[A-ZÆØÅ](?!ach|ess|ris|ejs|las|as|ris|nalys|roces)[a-zæøå]{2,}(?:sen|datter|sson)(?![\w\-/])"
)  # surnames of descent; not Sachsen, Messen, Prisen, Rejsen, Klassen, Kassen, Krisen
_INITIALS = re.compile(rf"(?<![\w\-.])({_INITIAL})([A-ZÆØÅ][a-zæøå]+(?:-[A-ZÆØÅ][a-zæøå]+)?)(?![\w\-/])")
_ROSTER = re.compile(
    r"\b(?i:til stede|tilstede|afbud(?: fra)?|fraværende|mødedeltagere|deltagere|referent|kontakt)\b:? [^.\n]*"
)
_SIGNED = re.compile(r"\b(?i:underskrevet)\b[^.\n]*")
_IN_ROSTER = re.compile(rf"(?:(?<=[,:;] )|(?<=\baf )|(?<=\bfra )|(?<=\bog ))({_WORD}{_SURNAMES})(?![\w\-])")
_CELL = re.compile(rf"(?<= \| )({_WORD}{_SURNAMES})(?=$|\n| \||,)")  # behind the name of a party, in a row of a table
_FIRM_ENDS = re.compile(rf"[ ,&]*{LEGAL_FORM.pattern}| (?:&|og) (?:Søn|Sønner|Co|Partnere?|Datter)\b")
_CAPITALISED = re.compile(rf"(?<![\w\-])({_WORD})({_SURNAMES})(?![\w\-/])")


@dataclass(frozen=True, slots=True)
class Privacy:
    """Knows who is a person: by given names, and by titles and verbs of speech beside a name."""

    given_names: frozenset[str]
    titled: re.Pattern[str]
    trades: frozenset[str]
    institutions: frozenset[str]

    def is_person(self, name: str) -> bool:
        """Whether a party's name is a person's: a given name and surnames, without a legal form or a trade in it."""
        words = name.split()
        if not 2 <= len(words) <= 4 or LEGAL_FORM.search(name) or not name[0].isalpha() or _words(name) & self.trades:
            return False
        if _PATRONYMIC.fullmatch(name) or _INITIALS.fullmatch(name):
            return True
        return self._given(words[0]) and all(word[0].isupper() or word in ("von", "van", "de", "af") for word in words)

    def may_be_person(self, name: str) -> bool:
        """Whether an unknown name could be a person's: so, too, when it only begins like one."""
        return any(start == 0 for start, _ in self.persons(name)) or self.is_person(name)

    def mask(self, text: str, known: Iterable[tuple[int, int]] = ()) -> str:
        """The text with contacts and persons replaced; spans of `known` bodies are left as they are."""
        taken = sorted(known)
        spans = [(*match.span(), CONTACT) for match in _CONTACTS.finditer(text)]
        spans += [(start, end, PERSON) for start, end in self.persons(text) if not _inside((start, end), taken)]
        parts, at = [], 0
        for start, end, mask in sorted(spans):
            if start >= at:
                parts += [text[at:start], mask]
                at = end
            elif end > at:
                at = end
        return "".join([*parts, text[at:]])

    def persons(self, text: str) -> list[tuple[int, int]]:
        """Where persons are named; offsets in the text."""
        found = [
            match.span()
            for match in _CAPITALISED.finditer(text)
            if self._given(match[1]) and not self._firm(text, match)
        ]
        found += [match.span(1) for match in self.titled.finditer(text) if not self._is_institution(match[1])]
        for pattern in (_PATRONYMIC, _INITIALS):
            found += [match.span() for match in pattern.finditer(text) if not self._firm(text, match)]
        found += [match.span(1) for match in _CELL.finditer(text) if not self._is_institution(match[1])]
        for lead in (*_ROSTER.finditer(text), *_SIGNED.finditer(text)):
            named = _IN_ROSTER.finditer(text, lead.start(), lead.end())
            found += [match.span(1) for match in named if not self._is_institution(match[1])]
        return found

    def _is_institution(self, name: str) -> bool:
        words = _words(name)
        return bool(words & (self.trades | self.institutions)) or bool(LEGAL_FORM.search(name))

    def _given(self, word: str) -> bool:
        first = word.split("-", maxsplit=1)[0]
        if len(word) < 3 and word.isupper():  # an abbreviation, not a name in capitals
            return False
        return word.casefold() in self.given_names or ("-" in word and first.casefold() in self.given_names)

    def _firm(self, text: str, match: re.Match[str]) -> bool:
        """A legal form right behind the name, a trade beside it, or a word of an institution in it."""
        behind = LEGAL_FORM.search(match[0]) or _FIRM_ENDS.match(text[match.end() :])
        before = text[: match.start()].rsplit(maxsplit=1)[-1:]
        after = text[match.end() :].split(maxsplit=1)[:1]
        words = _words(" ".join((*before, match[0], *after)))
        return bool(behind) or bool(words & self.trades)


def load_privacy(folder: Path) -> Privacy:
    """Read the lists of data/privacy."""
    given = (folder / "given_names.txt").read_text(encoding="utf-8").split()
    titles = _lines(folder / "titles.txt")
    trades = _lines(folder / "trades.txt")
    spoken = "|".join(re.escape(title) for title in sorted(titles, key=len, reverse=True))
    name = rf"{_WORD}(?:[ ](?:{_INITIAL}[ ]?)?{_WORD}){{1,3}}"
    titled = rf"(?i:\b(?:{spoken}))[,:]?[ ]({name})(?![\w\-])"
    institutions = frozenset(_lines(folder / "institutions.txt"))
    return Privacy(frozenset(map(str.casefold, given)), re.compile(titled), frozenset(trades), institutions)


def _words(name: str) -> set[str]:
    return {word.strip(".,;:") for word in name.casefold().split()}


def _lines(path: Path) -> list[str]:
    return [line.strip().casefold() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _inside(span: tuple[int, int], known: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in known)
