"""Where a text names persons: by a given name, by a surname of descent, or by what stands beside an unfamiliar name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from models.identity.names import LEGAL_FORM

Span = tuple[int, int]
IsBody = Callable[[str], object]

_GAP = r"[ ]{1,3}"
_WORD = r"[A-ZÆØÅ][\w']{0,40}(?:-[\w']{1,40}){0,4}"
_INITIAL = r"(?:(?:[A-ZÆØÅ]|Chr|Th|Johs?|Fr|Kr|Aug|Vilh|Vald|Edv|Alfr|Nic|Jac|Jak|Ejn)\.[ ]?){1,3}"
_PARTICLE = r"(?:(?:von|van|de|der|den|af|la|el|al|du|di|da|dos|ibn|bin|zu|ten|ter)[ ]){1,2}"
_SURNAME = rf"(?:{_GAP}(?:{_INITIAL}[ ]?|{_PARTICLE})?{_WORD})"
_END = r"(?![\w\-]|/[SsIi]\b)"
_FIRST = re.compile(rf"(?<![\w\-]){_WORD}")
_REST = re.compile(rf"(?:{_GAP}[A-ZÆØÅ]\.(?! ?[A-ZÆØÅ])|{_SURNAME}{{1,3}}|[ ]?\n[ ]?{_WORD}|{_GAP}[A-ZÆØÅ]\b){_END}")
_SEQUENCE = re.compile(rf"(?:(?<=\bv/)|(?<=\bV/)|(?<![\w\-/]))(?:{_INITIAL}[ ]?)?{_WORD}{_SURNAME}{{0,4}}{_END}")
_NOT_SURNAMES = r"(?!ach|ess|ris|ejs|las|as|nalys|roces)"  # not Sachsen, Messen, Prisen, Rejsen, Klassen, Kassen
_PATRONYMIC = re.compile(
    r"(?<![\w\-/])(?:[A-ZÆØÅ][a-zæøå'\-]{1,40}[ ]{1,3}|(?:[A-ZÆØÅ]\.[ ]?){1,3})(?:[A-ZÆØÅ][\w.'\-]{0,40}[ ]{1,3}){0,2}"
    rf"(?:[A-ZÆØÅ][a-zæøå]{{1,40}}-)?[A-ZÆØÅ]{_NOT_SURNAMES}[a-zæøå]{{2,40}}(?:(?<=sen)|(?<=datter)|(?<=sson))(?![\w\-]|/[SsIi]\b)"
)
_DESCENT = re.compile(r"(?:sen|datter|sson)$")
_INITIALS = re.compile(rf"(?<![\w\-./])({_INITIAL})([A-ZÆØÅ][a-zæøå]{{1,40}}(?:-[A-ZÆØÅ][a-zæøå]{{1,40}})?){_END}")
_LOWER = re.compile(r"(?<![\w.@\-])([a-zæøå\-]{2,30}) ([a-zæøå]{2,30}(?:[bdfgklmnprtv]sen|datter|sson))(?![\w\-])")
_LOWER_TITLED = re.compile(r"(?<![\w.@\-])([a-zæøå\-]{2,30}) ([a-zæøå\-]{2,30}), ([a-zæøå]{4,30})(?!\w)")
_REVERSED = re.compile(rf"(?:^|(?<=\n)|(?<=[;|] ))({_WORD}), ({_WORD}(?: {_WORD}| [A-ZÆØÅ]\.){{0,2}})(?=$|\n|;| \|)")
_LIST_LINES = rf"(?:\n(?:{_WORD}{_SURNAME}{{1,3}})(?=\n|$|,)[^\n]{{0,40}}){{0,30}}"
_ROSTER = re.compile(
    r"\b(?i:til stede|tilstede|afbud(?: fra)?|fraværende|mødedeltagere|deltagere|referent|kontakt(?:person(?:er)?)?|"
    rf"bestyrelsesmedlem(?:mer)?|bestyrelsen består af|medlemmer af bestyrelsen)\b:?[ ]?[^.\n]{{0,600}}{_LIST_LINES}"
)
_SIGNED = re.compile(r"\b(?i:underskrevet|skrevet af|udgivet af|forfattere?:|fotos?:)(?:[^.\n]|(?<=\d)\.){0,400}")
_IN_ROSTER = re.compile(
    rf"(?:(?<=[,:;] )|(?<=\baf )|(?<=\bfra )|(?<=\bog )|(?<=\n))({_WORD}{_SURNAME}{{1,3}})(?![\w\-])"
)
_CELL = re.compile(rf"(?<= \| )({_WORD}{_SURNAME}{{1,3}})(?=$|\n| \||,)")  # behind a party's name, in a row of a table
_OF = re.compile(rf"(?<=[,:;\n] )({_WORD})(?= \([A-ZÆØÅ][^()\n]{{1,60}}\))")  # a given name, and whom it is there for
_DRAWN_UP = re.compile(
    r"\b(?i:udarbejdet af|ref(?:erent)?\.?|sagsbehandler|sagsbeh|journaliseret af|godkendt af|initialer):? "
    r"((?:[A-ZÆØÅ]{2,4})(?:[/,] ?[A-ZÆØÅ]{2,4}){0,3})(?![\w\-])"
)
_FIRM_ENDS = re.compile(rf"[ ,&]{{0,4}}{LEGAL_FORM.pattern}| (?:&|og) (?:Søn|Sønner|Co|Partnere?|Datter)\b")
_HAIL = re.compile(r"(?:(?i:hilsen|mvh)[.,:]?|(?<!\w)(?i:dr|hr|fru|frk|frau|herr|mr|mrs|ms)\.?)[ \n]{1,3}$")
_HAILED = frozenset({"hr", "fru", "frk", "frau", "herr"})
_LEAD = re.compile(
    r"(?:\b(?i:kontaktperson(?:er)?|kontakt|att|foto|fotograf|skrevet af|udgivet af|underskrevet(?: [^.\n]{1,40})? af|"
    r"ledes(?: i dag)? af|ledet af)[.:]{0,2}[ \n]{1,3}|(?<!\w)(?:[vV]\.[ ]|v/[ ]?))$"
)
_WORD_BEFORE = re.compile(r"([\w.\-]{2,40}?)\.?([,:]?)[ \n]{1,3}$")
_TITLE_AFTER = re.compile(r"[ ]?[,(][ ]?((?:adm\. )?[a-zæøå]{4,40})(?!\w)")
_VERB_AFTER = re.compile(r" ([a-zæøå]{4,20})(?!\w)")
_FROM = re.compile(r" fra ((?:[A-ZÆØÅ][\w\-]{1,40}(?: |$|(?=[.,]))){1,4})")
_WITHIN = re.compile(r"(?:^|[\s(])[a-zæøå]+[ ]$")
_GOES_ON = re.compile(r"[\w\-]|[ ]{1,3}(?:[A-ZÆØÅ&\d\[]|og [A-ZÆØÅ\[])")
_ABBREVIATION = 3  # letters; "IDA Østjylland" is a union
_SIDE = 60  # characters of context


def no_body(name: str) -> object:
    """For texts in which no body is known."""
    del name
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """Knows persons by lists; all words casefolded, as the shadow shows them. Texts and names are shadows."""

    given: frozenset[str]
    titles: frozenset[str]  # nouns: one capitalised word behind is a surname
    speech: frozenset[str]  # verbs and loose titles: two capitalised words behind are a name
    title_ends: tuple[str, ...]
    trades: frozenset[str]
    institutions: frozenset[str]
    ambiguous: frozenset[str] = frozenset()  # given names that are words, places or brands too

    def is_person(self, name: str) -> bool:
        """Whether a party's name is a person's: given name and surnames in either order, with no form or trade."""
        words = name.split()
        if (
            not 2 <= len(words) <= 4
            or LEGAL_FORM.search(name)
            or not name[0].isalpha()
            or "/" in name
            or _words(name) & self.trades
        ):
            return False
        if _PATRONYMIC.fullmatch(name) or _INITIALS.fullmatch(name):
            return True
        if "," in name:
            return any(self._is_reversed(match) for match in _REVERSED.finditer(name))
        if len(words) == 2 and _DESCENT.search(words[0]) and self._is_given(words[1]):
            return True
        return self._is_given(words[0]) and all(word[0].isupper() or f"{word} " in _PARTICLES for word in words)

    def is_title(self, word: str) -> bool:
        """Whether a word is a person's title ("projektchef", "formanden")."""
        bare = word.strip(".,:;()").casefold()
        if bare in self.titles or (len(bare) > 4 and bare.endswith(self.title_ends)):
            return True
        return any(bare.removesuffix(end) in self.titles for end in ("en", "n") if bare.endswith(end))

    def spans(self, text: str, is_body: IsBody = no_body) -> Iterator[Span]:
        """Where persons stand; what `is_body` knows is none."""
        for start, end in (*self._familiar(text), *self._beside(text), *self._listed(text)):
            if not is_body(text[start:end]):
                yield start, end

    def _familiar(self, text: str) -> Iterator[Span]:
        """Names that are persons' wherever they stand."""
        for first in _FIRST.finditer(text):
            rest = _REST.match(text, first.end()) if self._is_given(first[0]) else None
            if rest is None and self._stands_alone(text, first):
                yield first.span()
            short = len(first[0]) <= _ABBREVIATION and first[0].isupper() and not (rest and rest[0].isupper())
            if rest and not short and not self._is_firm(text, first.start(), rest.end()):
                yield first.start(), rest.end()
        for pattern in (_PATRONYMIC, _INITIALS):
            for match in pattern.finditer(text):
                if not self._is_firm(text, *match.span()):
                    yield match.span()
        for match in _LOWER.finditer(text):
            if self._is_given(match[1]):
                yield match.span()
        for match in _LOWER_TITLED.finditer(text):
            if self._is_given(match[1]) and self.is_title(match[3]):
                yield match.span(1)[0], match.end(2)
        for match in _REVERSED.finditer(text):
            if self._is_reversed(match):
                yield match.span()

    def _stands_alone(self, text: str, first: re.Match[str]) -> bool:
        """A given name within a sentence, with no name or firm's name beside it ("fætter Liban", "hos Lasse")."""
        if text[first.start() - 1 : first.start()] != " ":
            return False
        name = first[0] if self._is_given(first[0]) else first[0].removesuffix("s")
        if not self._is_given(name) or len(name) < _ABBREVIATION or name.isupper() or name.casefold() in self.ambiguous:
            return False
        before = text[max(0, first.start() - _SIDE) : first.start()]
        return _WITHIN.search(before) is not None and _GOES_ON.match(text, first.end()) is None

    def _beside(self, text: str) -> Iterator[Span]:
        """Names beside a title, a verb of speech, or what else announces a person."""
        for match in _SEQUENCE.finditer(text):
            start, end = match.span()
            titled = False
            words = list(re.finditer(r"\S+", match[0]))
            while words and (self.is_title(words[0][0]) or words[0][0].casefold() in _HAILED):
                titled = True
                words.pop(0)
            if not words or self._is_institution(match[0][words[0].start() :]):
                continue
            start += words[0].start()
            name, before, after = text[start:end], text[max(0, start - _SIDE) : start], text[end : end + _SIDE]
            if _FIRM_ENDS.match(after) or (name.isupper() and len(words) == 1):
                continue
            if self._is_announced(before, titled, len(words), name) or self._is_explained(after, len(words), name):
                yield start, end

    def _is_announced(self, before: str, titled: bool, count: int, name: str) -> bool:
        if _HAIL.search(before):
            return True
        word = _WORD_BEFORE.search(before)
        noun = titled or bool(word and self.is_title(word[1]) and (count > 1 or not word[2]))
        if count == 1:
            alone = len(name) > 3 and name[1:].replace("-", "").replace("'", "").isalpha() and not name.isupper()
            return (noun and alone) or bool(_LEAD.search(before) and self._is_given(name))
        return noun or bool(_LEAD.search(before)) or bool(word and word[1].casefold() in self.speech)

    def _is_explained(self, after: str, count: int, name: str) -> bool:
        verb = _VERB_AFTER.match(after)
        if count == 1:
            return self._is_given(name) and bool(verb and verb[1] in self.speech)
        title, origin = _TITLE_AFTER.match(after), _FROM.match(after)
        return bool(title and self.is_title(title[1])) or bool(origin and self._is_institution(origin[1]))

    def _listed(self, text: str) -> Iterator[Span]:
        """Names on a roster, of those who signed, in the cells of a row behind a party; initials of who wrote."""
        yield from (match.span(1) for match in _OF.finditer(text) if self._is_given(match[1]))
        yield from (match.span(1) for match in _DRAWN_UP.finditer(text))
        for match in _CELL.finditer(text):
            if not self._is_institution(match[1]):
                yield match.span(1)
        for lead in (*_ROSTER.finditer(text), *_SIGNED.finditer(text)):
            for match in _IN_ROSTER.finditer(text, lead.start(), lead.end()):
                if not self._is_institution(match[1]):
                    yield match.span(1)

    def _is_institution(self, name: str) -> bool:
        return bool(_words(name) & (self.trades | self.institutions)) or bool(LEGAL_FORM.search(name))

    def _is_reversed(self, match: re.Match[str]) -> bool:
        """Surname, comma, given names: none of them a surname or a word of an institution."""
        given = all(self._is_given(word) or word.endswith(".") for word in match[2].split())
        return given and not match[1].isupper() and not self._is_institution(match[0])

    def _is_given(self, word: str) -> bool:
        first = word.split("-", maxsplit=1)[0]
        if len(word) < 3 and word.isupper():  # an abbreviation, not a name in capitals
            return False
        bare = word.casefold().rstrip("'")
        return bare in self.given or ("-" in word and first.casefold() in self.given)

    def _is_firm(self, text: str, start: int, end: int) -> bool:
        """A legal form in the name or right behind it, or a trade in it or beside it."""
        if LEGAL_FORM.search(text[start:end]) or _FIRM_ENDS.match(text, end):
            return True
        before = text[max(0, start - _SIDE) : start].rsplit(maxsplit=1)[-1:]
        after = text[end : end + _SIDE].split(maxsplit=1)[:1]
        if text[start:end].endswith("s") and "".join(after).islower():
            after = []  # "Ane Vigs firma" is hers, "Ane Vig Firma" may be a name
        return bool(_words(" ".join((*before, text[start:end], *after))) & self.trades)


_PARTICLES = "von van de der den af la el al du di da dos ibn bin zu ten ter "


def _words(name: str) -> set[str]:
    """The words, and what compounds with a hyphen end in."""
    bare = {word.strip(".,;:()'\"") for word in name.casefold().split()}
    return bare | {word.rsplit("-", maxsplit=1)[-1] for word in bare}
