"""Names of projects as a document writes them, whole: what it calls something, puts in quotes, or has for a heading.

The Danish pipeline reads names word by word, so a title with a comma, a dash or a clause in it comes out cut. What is a
unit of the document, and holds a name that was read as a project's, is the name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from extractors.blocks import ReadBlock, Sentence
from extractors.topics import ITEM_NUMBER
from models.identity.names import LEGAL_FORM
from models.records import BlockKind, Mention, MentionLabel

Place = tuple[int, int, float]
"""Where a title begins and ends, and the share of it that a name must fill to be all of it."""

MOST = 400  # units; a document of more is a table, whose cells are names by themselves
LONGEST = 110  # characters of a title
REACH = 150  # characters from where a title begins to a name in it
BESIDE = 60  # characters before a name that tell of it
FORM = 6  # of a legal form behind it
SHARE = 0.34  # of a quoted title that a name must fill to be all of it

_GIVEN = re.compile(
    r"(?:\b(?:navnet|betegnelsen|overskriften|titlen|hedder?|døbt|benævnt|kalde[rst]{0,2}|markedsføres som)"
    r"(?: (?:det|den|ordningen|aftalen|projektet|forløbet|indsatsen|nu|for|blot|blandt [a-zæøå]+)){0,2}|"
    r"\bnavn(?:et)? er) [\"“”»«'‘]?|"
    r"\b(?:projekt|initiativ|kampagne|ordning|forløb|program|indsats|netværk|pulje)(?:e[nt]|n|met)? [\"“”»«'‘]",
    re.IGNORECASE,
)  # a body's name stands behind this too, but then it is known or has its legal form
_VERBS = r"er|blev|bliver|har|skal|som|der|kan|vil|gælder|løber|åbner?|begynder|tog|trådte"
_NAME = re.compile(
    rf"[A-ZÆØÅ0-9][^\s,.;:()\"“”»«?!]*(?: (?!(?:{_VERBS}|og|men|fra|med|siden|efter)\b)[^\s,.;:()\"“”»«?!]+){{0,9}}"
)  # as a sentence gives it
_FIRM = re.compile(r"(?:virksomhed|firma|selskab|forening|fond)\w* [^.]{0,40}$", re.IGNORECASE)
_FORM_BEHIND = re.compile(r" (?:A/S|ApS|I/S|K/S|P/S|IVS|AB|GmbH)(?!\w)")
_MISREAD = (MentionLabel.ORG, MentionLabel.LOC, MentionLabel.MISC)
_OPENING, _CLOSING = "\"“”»«'‘", re.compile(r"[\"“”»«'’]")
_QUOTED_NAME = re.compile(r"[A-ZÆØÅ0-9].*")
_NAME_TO_STOP = re.compile(rf"{_NAME.pattern}(?=[.,;)\"”]|$)")
_QUOTED = re.compile(r'"([^"\n]{3,140})"|“([^”\n]{3,140})”|»([^«\n]{3,140})«|”([^”\n]{3,140})”|‘([^’\n]{3,140})’')
_SAYS = re.compile(r"[.!?]\s|\.$|, (?:at|som|der|men|så)\b")  # in a quote: somebody says it
_BEFORE_NAME = re.compile(
    r"(?:Ad|Vedr\.?|Re:|Sag|Punkt|(?:[A-ZÆØÅ][a-zæøå]*)?(?i:ordningen|bogen|ruten|kampagnen|forløbet|indsatsen|initiativet|"
    r"programmet|netværket|festivalen|appen|portalen|platformen|messen)) (?=[A-ZÆØÅ])"
)
_BEHIND_NAME = re.compile(r" (?:kun|nu|også|selv|blot|udviklet|etableret|lavet|startet|gennemført)$")
_TOLD = re.compile(
    r"(?:projektet|programmet|initiativet|ordningen|forløbet|indsatsen|(?P<given>benævnt|titlen|overskriften|navnet|"
    r"kaldet|hedder)) $"
)
_SUBTITLE = re.compile(r"(?: [–-] |: )[\wæøå][^.,;()\n\"”]{2,70}(?=[.;(\n\"”]| \(|$)")
_FORMALITY = re.compile(
    r"(?:[IVX]+(?: [A-C])?|(?:Sags?nr|J\.? ?nr|Journalnr|Dok\.? ?nr|Bilag|Punkt|Sag)\b\.?:?(?: [\d.\-/]+)?)"
)
_KIND = re.compile(r"^(?:projekt(?:et)?|initiativ(?:et)?|forløb(?:et)?|indsats(?:en)?)(?::| [–-]) ?", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\((?:[A-ZÆØÅ][\w .\-]{1,14}|\d{4}\b[^)]{0,12})\)$")  # its acronym, or its years
_GOES_ON = re.compile(
    r"(?: [–-] |: | |, )(?:fra|på|i|for|til|med|mod|om|øst|vest|ved|over|under|som|af|mellem) ", re.IGNORECASE
)
_PLACED = re.compile(r"(?: (?:i|på|ved))?(?: [A-ZÆØÅ][\w-]+){1,2}")  # "Designvejen Kolding-Vejle"
_OPEN = re.compile(r" (?:i|og|for|til|på|med|mod|af|fra|om|ved|-|–)$")
_WORD_BEHIND = re.compile(r" \w")
_FINITE = re.compile(r"\b(?:er|får|har|går|giver|skal|bliver|blev|vil|kan|søger|starter|begynder|åbner|fik|gik|står)\b")
_WITHIN_SENTENCE = re.compile(r"[a-zæøå,] $")


def whole_titles(document_id: str, blocks: Sequence[ReadBlock]) -> list[ReadBlock]:
    """The blocks with their projects named whole."""
    text = "\n".join(read.block.text for read in blocks).casefold()
    units = sorted({unit for read in blocks for unit in _units(read)}, key=lambda unit: (-len(unit), unit))
    titles = [(unit, text.count(unit.casefold()) > 1) for unit in units] if len(units) <= MOST else []
    return [_named(document_id, read, titles) for read in blocks]


def _units(read: ReadBlock) -> Iterator[str]:
    """Headings, cells, keys and values of a block that may be a title: two words or more, beginning with a capital."""
    block = read.block
    told = [block.text] if block.kind is BlockKind.HEADING else [value for _, value in block.fields]
    told += [key for key, _ in block.fields] if block.kind is BlockKind.KEY_VALUE else []
    for one in told:
        bare = _ASIDE.sub("", _KIND.sub("", ITEM_NUMBER.sub("", one.strip()))).strip(" .\"“”»«'")
        if (
            re.search(r"\w[ :]\w", bare)
            and len(bare) <= LONGEST
            and (bare[0].isupper() or bare[0].isdigit())
            and ";" not in bare
        ):
            yield bare


def _named(document_id: str, read: ReadBlock, titles: Sequence[tuple[str, bool]]) -> ReadBlock:
    """The block with each title as one name."""
    text = read.block.text
    has_project = any(one.label is MentionLabel.PROJECT for one in read.mentions)
    places = sorted(_places(read, titles), key=lambda place: (place[0], -place[1])) if has_project else []
    sentences = []
    for sentence in read.sentences:
        told = [_as_project(one, text, places) for one in sentence.mentions]
        named = [
            one
            for one in told
            if one.label is not MentionLabel.PROJECT or not (_FORMALITY.fullmatch(one.text) or _is_half(one, text))
        ]
        kept = [*_apart(named), *_called(document_id, text, sentence)]
        sentences.append(replace(sentence, mentions=tuple(sorted(kept, key=lambda one: one.start))))
    return replace(read, sentences=tuple(sentences))


def _is_half(one: Mention, text: str) -> bool:
    """Whether a name ends in a word that something must follow, and it does: "Familieferie i", of "… i Hjørring"."""
    return bool(_OPEN.search(one.text) and _WORD_BEHIND.match(text, one.end))


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions but for those inside a title that another has told."""
    kept: list[Mention] = []
    for one in mentions:
        if kept and one.start < kept[-1].end:
            if kept[-1].label is MentionLabel.PROJECT:
                continue
            kept.pop()
        kept.append(one)
    return kept


def _places(read: ReadBlock, titles: Sequence[tuple[str, bool]]) -> Iterator[Place]:
    """Where titles stand in a block, with the share of each that a name must fill to be all of it."""
    text, folded = read.block.text, read.block.text.casefold()
    for quote in _QUOTED.finditer(text):
        if not _SAYS.search(quote[0][1:-1]):
            yield quote.start() + 1, quote.end() - 1, SHARE
    for marked in read.block.marked:
        at = text.find(marked)
        if at >= 0 and 2 < len(marked) <= LONGEST and not _SAYS.search(marked):
            yield at, at + len(marked.rstrip(" .,:;")), SHARE
    for unit, again in titles if len(folded) == len(text) else ():
        at = folded.find(unit.casefold())
        if at >= 0 and (again or _is_one_name(unit, read)):
            yield at, at + len(unit), 0.0


def _is_one_name(unit: str, read: ReadBlock) -> bool:
    """Whether what goes on behind the project's name in a heading is a part of it: no headline has said it."""
    for one in read.mentions:
        if one.label is MentionLabel.PROJECT and unit.startswith(one.text) and one.text != unit:
            rest = unit[len(one.text) :]
            most = 2 * len(one.text) >= len(unit) and not rest.startswith((":", " -", " –"))
            placed = _PLACED.fullmatch(rest)
            return (most or bool(placed or _GOES_ON.match(rest))) and not _FINITE.search(rest)
    return False


def _as_project(one: Mention, text: str, places: Sequence[Place]) -> Mention:
    """The mention; of a project, whole and without what only stands around its name."""
    if one.label in _MISREAD and not one.body_id and _is_given(one, text):
        one = replace(one, label=MentionLabel.PROJECT)
    if one.label is not MentionLabel.PROJECT:
        return one
    if form := _FORM_BEHIND.match(text, one.end):  # a firm's
        return replace(one, label=MentionLabel.ORG, end=form.end(), text=text[one.start : form.end()])
    start, end = _bounds(one, text, places)
    return one if (start, end) == (one.start, one.end) else replace(one, start=start, end=end, text=text[start:end])


def _is_given(one: Mention, text: str) -> bool:
    """Whether a sentence gives the name to what it tells of, and that is no firm."""
    first = max(0, one.start - BESIDE)
    called = any(found.end() == one.start for found in _GIVEN.finditer(text, first, one.start))
    return (
        called and not LEGAL_FORM.search(text, one.start, one.end + FORM) and not _FIRM.search(text, first, one.start)
    )


def _bounds(one: Mention, text: str, places: Sequence[Place]) -> tuple[int, int]:
    """Where the name of a project begins and ends: as a unit of the text has it, else as its sentence goes on."""
    if prefix := _BEFORE_NAME.match(one.text):
        return one.start + prefix.end(), one.end
    told = _TOLD.search(text, max(0, one.start - BESIDE), one.start)
    within = text.find(": ", one.start, one.end)  # of a subtitle, of which it has but a part
    subtitle = _SUBTITLE.match(text, within if within > 0 else one.end) if told else None
    whole = _NAME_TO_STOP.match(text, one.start) if told and told["given"] else None
    for goes_on in filter(None, (subtitle, whole)):
        if goes_on.end() > one.end and not _FINITE.search(goes_on[0]):
            return one.start, goes_on.start() + len(goes_on[0].rstrip())
    first = bisect_left(places, one.start - REACH, key=itemgetter(0))
    for start, end, share in places[first : bisect_right(places, one.start, key=itemgetter(0))]:
        if start == one.start and end < one.end:  # what is set off ends before it
            return start, end
        fills = one.start == start or one.end - one.start >= share * (end - start)
        if start <= one.start and one.end <= end and fills:
            return (one.start if ": " in text[start : one.start] else start), end  # "Afrapportering: Slut med Spild"
    behind = _BEHIND_NAME.search(one.text)
    return one.start, one.start + behind.start() if behind else one.end


def _called(document_id: str, text: str, sentence: Sentence) -> Iterator[Mention]:
    """Names that a sentence gives to what it tells of, where nothing was read as a name."""
    for found in _GIVEN.finditer(text, sentence.start, sentence.end):
        name = _NAME.match(text, found.end(), sentence.end)
        closing = _CLOSING.search(text, found.end(), sentence.end) if found[0][-1] in _OPENING else None
        if closing:
            name = _QUOTED_NAME.match(text, found.end(), closing.start())
        if name is None or any(one.start < name.end() and name.start() < one.end for one in sentence.mentions):
            continue
        if not LEGAL_FORM.search(name[0]) and not _FIRM.search(text, max(0, found.start() - BESIDE), found.start() + 1):
            yield Mention(document_id, name.start(), name.end(), name[0], MentionLabel.PROJECT, origin="structure")
