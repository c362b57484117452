"""What stands on a page and is no text: contact blocks, stamps, 'Læs mere', 'Side 2 af 7'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.documents.dates import Stamp, read_stamp
from extractors.documents.reading import BARE_HEADING, Item
from models.records import BlockKind

_NOISE = re.compile(
    r"\W*(?:læs (?:mere|også|videre|op)(?: (?:her|om)\b.{0,60})?|se også|print(?: siden?)?|udskriv(?: siden?)?"
    r"|del (?:siden|på \w+)|(?:send til|tip) en ven|til toppen|tilbage(?: til .{1,40})?|gå til indhold"
    r"|spring til (?:hoved)?indhold(?:et)?|(?:side|page) \d{1,4}(?: (?:af|of) \d{1,4})?|facebook|linkedin|twitter"
    r"|foto(?:graf)?\s*:.{0,80}|.{1,150}[.…]{4,}\s*\d{1,3})\W*",
    re.IGNORECASE,
)
_ASK = r"(?:for )?(?:mere|yderligere|flere) (?:oplysninger|information)"
_REACH = r"(?:\S@\S|\d{2}[ .]?\d{2}[ .]?\d{2}[ .]?\d{2}\b)"
_CONTACT = re.compile(
    r"\W*(?:kontakt(?:person(?:er)?|oplysninger|info(?:rmation)?)?(?: os)?|pressekontakt|redaktion"
    rf"|{_ASK}(?: (?:kontakt|fås|hos)\b.{{0,40}})?)\W*",
    re.IGNORECASE,
)
_CONTACT_LINE = re.compile(
    r"\W*(?:kontakt(?:person(?:er)?)?|(?:direkte )?tlf|telefon|tel|mobil|mob|e-?mail|mail|fax|t|m|e)\b\.?\s*:.*"
    rf"|\W*(?:kontakt|{_ASK})\b.{{0,160}}{_REACH}.*",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESSES = re.compile(
    r"\S+@\S+|(?:\+45[ ]?)?(?:\d{2}[ .]?){3}\d{2}\b|\b(?:tlf|telefon|tel|mobil|mob|e-?mail|mail|fax|og|eller|på)\b\.?",
    re.IGNORECASE,
)
_REACHABLE = re.compile(_REACH)
_POSTAL = re.compile(r"\b\d{1,3}[A-Za-z]?, (?:[^,]{1,20}, )?\d{4} [A-ZÆØÅ][a-zæøå]")  # Havnevej 6, 9999 Sandvig
_ELSEWHERE = re.compile(
    r"\W*(?:relatere(?:t|de)\b.{0,30}|(?:læs|se) (?:også|mere|videre)\b.{0,30}|mere om (?:emnet|sagen|temaet)|links?"
    r"|(?:andre|flere|seneste|aktuelle) (?:nyheder|artikler|sider|links?)|seneste nyt|genveje)\W*",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]{2}")
_PARTIES = re.compile(
    r"partner|deltag|medlem|parter\b|konsorti|samarbejd|projekt|ansøger|aktører|bag om|participants|members",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"\((?:herefter|i det følgende)\b")
_BETWEEN = ("og", "samt")  # two parties of an agreement, on a line of its own
_BEFORE_PARTY = re.compile(
    r"\b(?:mellem|og|samt|parter|parterne|operatør|projektejer|projektholder|ansøger|leadpartner):?$", re.IGNORECASE
)
_ADDRESS_WORDS = 20
_SENTENCE_WORDS = 12
_LONGEST_NOISE = 300


def is_noise(text: str) -> bool:
    """Whether a line is only for the reader of the page: 'Læs mere', 'Side 1 af 3', a bare telephone number."""
    if len(text) > _LONGEST_NOISE:
        return False
    if not _LETTER.search(text):
        return not any(character.isdigit() for character in text) or bool(_ADDRESSES.search(text))
    return bool(_NOISE.fullmatch(text) or _CONTACT_LINE.fullmatch(text)) or not _LETTER.search(
        _ADDRESSES.sub(" ", text)
    )


def names_parties(heading: str) -> bool:
    """Whether parties may stand under this heading, even as mere links."""
    return bool(_PARTIES.search(heading))


def leads_elsewhere(heading: str) -> bool:
    """Whether links under this heading are to other pages: 'Relateret', 'Læs også'."""
    return bool(_ELSEWHERE.fullmatch(heading))


def _is_address(item: Item) -> bool:
    """Whether a line is the sender's address: a few words with house number and postal code, and no sentence."""
    text = item.raw.strip()
    is_line = item.kind is BlockKind.PARAGRAPH and len(text.split()) <= _ADDRESS_WORDS and text[-1:] not in ".!?:"
    return is_line and bool(_POSTAL.search(text)) and not _DEFINED.search(text)


def without_furniture(items: Iterable[Item]) -> Iterator[Item]:
    """The items without noise and contact blocks.

    A contact block begins with its heading and goes on over short lines, to a whole sentence (then the short heading
    just above belongs to that), to a heading of its own rank, or to one that parties stand under.
    """
    contact: int | None = None  # the level of the contact heading we are under
    above: Item | None = None
    last: Item | None = None
    for item in items:
        text = item.raw.strip()
        is_heading = item.kind is BlockKind.HEADING
        if _CONTACT.fullmatch(text):
            contact, above = item.level or 99, None
            continue
        if contact is not None:
            ends = is_heading and ((item.level < BARE_HEADING and item.level <= contact) or names_parties(text))
            if not ends and (len(text.split()) <= _SENTENCE_WORDS or _REACHABLE.search(text)):
                above = item if is_heading else None
                continue
            if above is not None and not ends and not is_noise(text):
                yield above
            contact = None
        if text.casefold() in _BETWEEN:
            last = item
        party = last is not None and _BEFORE_PARTY.search(last.raw.strip())  # whose address tells where it lies
        if not is_noise(text) and (party or not _is_address(item)):
            last = item
            yield item


def take_stamps(items: Iterable[Item], stamps: list[Stamp]) -> Iterator[Item]:
    """The items that are no date lines; what those say is added to `stamps`.

    A date alone on its line is one only above the second heading (the first is the title); below that it may be
    the date of a meeting.
    """
    headings = 0
    for item in items:
        if item.kind is BlockKind.HEADING:
            headings = 1 if item.level == 1 else headings + 1
        stamp = read_stamp(item.raw)
        if stamp and not (stamp.is_bare and headings > 1):
            stamps.append(stamp)
        else:
            yield item
