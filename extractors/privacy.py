"""What must not pass: persons, e-mail addresses, telephone and CPR numbers, masked where text leaves the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from extractors.contacts import contacts
from extractors.persons import IsBody, Names, Span, no_body
from extractors.shadow import cast
from models.records import digest

PERSON = "[person]"
CONTACT = "[kontakt]"

_PIECE = re.compile(r"([/?&#;])")
_HEAD = re.compile(r"([a-zA-Z][\w+.\-]{0,20}:)?(//[^/?#]*)?")
_DIGEST = 6  # hexadecimal digits in place of what a URL must not tell


@dataclass(frozen=True, slots=True)
class Privacy:
    """Knows who is a person, and what is a contact."""

    names: Names

    def is_person(self, name: str) -> bool:
        """Whether a party's name is a person's: given name and surnames, without a legal form or a trade in it."""
        return self.names.is_person(cast(name).text)

    def is_given_name(self, name: str) -> bool:
        """Whether a name is a given name alone ("Bodil"), which no body bears that the gazetteer does not hold."""
        return name.istitle() and cast(name).text.casefold() in self.names.given

    def may_be_person(self, name: str) -> bool:
        """Whether an unknown name could be a person's: so, too, when it only begins like one."""
        return any(start == 0 for start, _ in self.persons(name)) or self.is_person(name)

    def is_title(self, word: str) -> bool:
        """Whether a word is a person's title."""
        return self.names.is_title(cast(word).text)

    def persons(self, text: str, is_body: IsBody = no_body) -> list[Span]:
        """Where persons are named; offsets in the text. A name that `is_body` knows is no person's."""
        shadow = cast(text)
        spans = [shadow.span(*span) for span in self.names.spans(shadow.text)]
        return [span for span in spans if not is_body(text[slice(*span)])]

    def contacts(self, text: str) -> list[Span]:
        """Where addresses and numbers of persons stand; offsets in the text."""
        shadow = cast(text)
        return [shadow.span(*span) for span in contacts(shadow.text)]

    def mask(
        self, text: str, known: Iterable[Span] = (), is_body: IsBody = no_body, private: Iterable[str] = ()
    ) -> str:
        """The text with contacts and persons replaced, and the `private` strings.

        Spans of `known` bodies, and names that `is_body` knows, are left as they are.
        """
        taken = sorted(known)
        spans = [(*span, CONTACT) for span in self.contacts(text)]
        spans += [(*span, PERSON) for span in _clipped(self.persons(text, is_body), taken, text)]
        for value in private:
            mask = PERSON if not any(map(str.isdigit, value)) and "@" not in value else CONTACT
            found = re.finditer(rf"(?<!\w){re.escape(value)}(?=s?(?!\w))", text)
            spans += [(*span, mask) for span in _clipped((match.span() for match in found), taken, text)]
        parts, at = [], 0
        for start, end, mask in sorted(spans):
            if start >= at:
                parts += [text[at:start], mask]
                at = end
            elif end > at:
                at = end
        return "".join([*parts, text[at:]])

    def mask_url(self, url: str) -> str:
        """The URL without persons and contacts; a digest in their place keeps it apart from others."""
        mark = digest("url", url, length=_DIGEST)
        head = _HEAD.match(url)
        scheme, host = (head[1] or "", head[2] or "") if head else ("", "")
        tail = url[len(scheme) + len(host) :]
        masked = "".join(self._masked_piece(piece, mark) for piece in _PIECE.split(tail))
        return f"{scheme}{re.sub(r'(?<=^//)[^@]*@', f'{mark}@', host)}{masked}"

    def _masked_piece(self, piece: str, mark: str) -> str:
        plain = unquote(piece.replace("+", " "))
        spaced = re.sub(r"(?<=[^\W\d_])[-_.](?=[^\W\d_])", " ", plain)
        shadow = cast(plain)
        spans = [shadow.span(*span) for span in contacts(shadow.text, bare=False)]
        persons = [*self.persons(plain), *(self.persons(spaced) if "@" not in plain else [])]
        if spans or persons:
            spans += self.contacts(plain)
        parts, at = [], 0
        for start, end in sorted([*spans, *persons]):
            if start >= at:
                parts += [quote(plain[at:start], safe="=:,@!$'()*~"), mark]
            at = max(at, end)
        return "".join([*parts, quote(plain[at:], safe="=:,@!$'()*~")]) if parts else piece


def load_privacy(folder: Path) -> Privacy:
    """Read the lists of data/privacy."""

    def words(name: str) -> frozenset[str]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return frozenset(cast(line.strip()).text.casefold() for line in lines if line.strip())

    return Privacy(
        Names(
            given=words("given_names.txt"),
            titles=words("titles.txt"),
            speech=words("speech.txt"),
            title_ends=tuple(words("title_ends.txt")),
            trades=words("trades.txt"),
            institutions=words("institutions.txt"),
            ambiguous=words("ambiguous_given_names.txt"),
        )
    )


def _clipped(spans: Iterable[Span], known: list[Span], text: str) -> Iterable[Span]:
    """The spans without what known bodies take up at their ends; nothing where less than a name is left."""
    for start, end in spans:
        if any(a <= start and end <= b for a, b in known):
            continue
        first = max((b for a, b in known if a <= start < b), default=start)
        last = min((a for a, _ in known if first < a < end), default=end)
        if sum(map(str.isalnum, text[first:last])) > 1:
            yield first, last
