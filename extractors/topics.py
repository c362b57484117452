"""A document cut into topics: an agenda item, a project, a chapter, or the whole page; and what its heading names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.blocks import ReadBlock, plays
from extractors.cues import Cues, Headings, any_of
from models.records import BlockKind, MentionLabel, Participant

MAX_NAME_WORDS = 8
DENIED = "denied"
"""The section of rows whose lead-in says that they are no collaboration."""
PARTY_SECTIONS = ("partner", "member", "lead", "funder")

ITEM_NUMBER = re.compile(
    r"^(?:(?:sag|punkt|pkt\.?|ad|bilag|spor|eksempel|case|kapitel)\s*)?(?:nr\.?\s*)?\d+(?:\.\d+)*\s*[.:)–-]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[:–]\s+|\s+-\s+")
_PIECES = re.compile(r"\s+[|–-]\s+|:\s+")
_MEMBERS = re.compile(r"\bmedlem", re.IGNORECASE)
_YEARS = re.compile(r"\s+\d{4}(?:\s?[-–]\s?\d{2,4})?$")
_TITLE_CASE = re.compile(r"^[A-ZÆØÅ][\w-]*(?: [a-zæøå]+)? (?:[A-ZÆØÅ][\w-]*(?: |$))+$")


@dataclass(slots=True)
class Listing:
    """Parties that a topic lists, the project that the same rows name, and the blocks that list them."""

    project: str = ""
    parties: list[Participant] = field(default_factory=list)
    evidence: list[ReadBlock] = field(default_factory=list)
    known: bool = False  # whether one of them surely is a body


@dataclass(slots=True)
class Topic:
    """What stands under one heading, or behind a key that is a project's name; `first` for what opens the document."""

    heading: str
    first: bool
    at: int = 0  # place of its first block in the document
    keyed: bool = False  # whether a key names it
    blocks: list[ReadBlock] = field(default_factory=list)
    sections: list[tuple[str, ReadBlock | None]] = field(default_factory=list)  # of each block, and what leads it in
    listings: list[Listing] = field(default_factory=lambda: [Listing()])  # each of another project
    project: str = ""
    also: dict[str, str] = field(default_factory=dict)  # names of projects by the key of another that rows tell of each
    years: tuple[int | None, int | None] | None = None

    @property
    def title(self) -> str:
        """The heading without its number."""
        return ITEM_NUMBER.sub("", self.heading)

    @property
    def lists_parties(self) -> bool:
        """Whether its rows name several."""
        return any(len(listing.parties) > 1 for listing in self.listings)

    def heads(self, name: str) -> bool:
        """Whether its heading names this, and no sentence does."""
        mentions = [{one.text for one in read.mentions} for read in self.blocks]
        return bool(mentions) and name in mentions[0] and not any(name in told for told in mentions[1:])

    def is_named(self, name: str) -> bool:
        """Whether what its heading names is a project's name, and no headline: it opens the document, or the text
        uses it, or rows name the parties, or a key names it."""
        body = "\n".join(read.block.text for read in self.blocks[1:])
        return self.first or self.keyed or self.lists_parties or _is_used(name, name, body)

    @property
    def text(self) -> str:
        """What the theme is decided by."""
        return "\n".join(read.block.text for read in self.blocks)


def cut_topics(cues: Cues, blocks: Sequence[ReadBlock]) -> list[Topic]:
    """Topics in the order of the text; a heading that names a part of a topic does not begin one."""
    topics = [Topic("", first=True)]
    section, lead_in = "", None
    for at, read in enumerate(blocks):
        block, topic = read.block, topics[-1]
        if block.kind is BlockKind.HEADING:
            section, lead_in = cues.section(block.text), read
            stands_under_title = len(topic.blocks) == 1 and cues.confidence(block.text) > 0
            if not section and not stands_under_title:
                topic = Topic(block.text, first=not any(one.heading for one in topics), at=at)
                topics.append(topic)
                section = _tail_section(cues, block.text)
        elif name := _key_project(cues, read):
            topic = Topic(name, first=False, at=at, keyed=True)
            topics.append(topic)
            section, lead_in = "", None
        elif block.kind is BlockKind.PARAGRAPH:
            section, lead_in = _led_in(cues, block.text), read
        topic.blocks.append(replace(read, sentences=()) if _names_columns(blocks[at : at + 2]) else read)
        topic.sections.append((section, lead_in))
    return topics


def _tail_section(cues: Cues, heading: str) -> str:
    """The section of parties that a heading ends with, behind what these are the parties of ("HVID ERT | parter")."""
    *before, tail = _PIECES.split(heading)
    section = cues.section(tail) if before else ""
    return section if section in PARTY_SECTIONS else ""


def _key_project(cues: Cues, read: ReadBlock) -> str:
    """The key of a text, where it is a project's name; "" elsewhere."""
    keys = [key for key, _ in read.block.fields] if read.block.kind is BlockKind.KEY_VALUE else []
    named = (one.text for one in read.mentions if one.label is MentionLabel.PROJECT and plays(one))
    return next((name for name in named if keys == [name] and not cues.section(name)), "")


def _names_columns(blocks: Sequence[ReadBlock]) -> bool:
    """Whether the first of two rows says what stands in the columns of the next."""
    kinds = [read.block.kind for read in blocks]
    if kinds != [BlockKind.TABLE_ROW] * 2:
        return False
    first, after = (read.block.fields for read in blocks)
    keys = {key for key, _ in after}
    return not any(key for key, _ in first) and "" not in keys and keys <= {value for _, value in first}


def _led_in(cues: Cues, paragraph: str) -> str:
    """The section of the rows that follow a paragraph."""
    if cues.denies(paragraph):
        return DENIED
    if not any_of(cues.lead_in, paragraph):
        return ""
    return "member" if _MEMBERS.search(paragraph) else "partner"


def heading_project(topic: Topic, cues: Cues) -> str:
    """The project that the heading names: said to be one, or a name that the text below uses, or calls a project."""
    body = "\n".join(read.block.text for read in topic.blocks[1:])
    mentioned = topic.blocks[0].mentions if topic.blocks else ()
    whole = _bare(topic.title, cues.headings)[0] if topic.lists_parties else None
    quoted = [one.text for one in mentioned if one.label is MentionLabel.PROJECT and (plays(one) or one.text == whole)]
    if quoted and not topic.is_named(quoted[0]):
        return ""
    if quoted:
        short = quoted[0].partition(": ")[0]
        return short if _is_used(short, quoted[0], body) else quoted[0]
    title, named = _bare(topic.title, cues.headings)
    if not title or (not named and cues.confidence(topic.title)) or cues.minutes.search(title):
        return ""
    bodies = [one.text for one in topic.blocks[0].mentions if one.label is MentionLabel.ORG] if topic.blocks else []
    for name in _candidates(title):
        if any(name in text or text in name for text in bodies) or len(name.split()) > MAX_NAME_WORDS:
            continue
        if cues.is_generic(name) or (named and name == title) or _is_used(name, title, body):
            return name
    called = cues.headings.anaphor.search(body)
    return title if called and _TITLE_CASE.match(title) and not bodies else ""


def _bare(title: str, headings: Headings) -> tuple[str, bool]:
    """The heading without words that announce a topic; and whether they say that it is a project or an agreement."""
    title = headings.plain.sub("", title).strip()
    bare = headings.named.sub("", title)
    return _YEARS.sub("", bare).strip(" .\"'»«“”"), bare != title


def _candidates(title: str) -> Iterator[str]:
    """Names that a heading may begin with, the longest first."""
    yield title
    pieces = _SPLIT.split(title)
    if len(pieces) > 1:
        yield from (pieces[0], pieces[-1])
    words = pieces[0].split()
    for length in range(len(words) - 1, 0, -1):
        if words[length - 1][0].isupper():
            yield " ".join(words[:length]).rstrip(",.:")


def _is_used(name: str, title: str, body: str) -> bool:
    """Whether the text below uses the name; a plain word that begins a longer heading must stand in mid-sentence."""
    if not name[:1].isupper():
        return False
    if name[1:].isupper() and len(name) > 12:  # a heading in capitals
        return any(found[0][0].isupper() for found in re.finditer(rf"(?i)(?<![\w-]){re.escape(name)}(?![\w-])", body))
    if name != title and name[1:].islower():
        return bool(re.search(rf"(?<![\w-])[a-zæøå]+,? {re.escape(name)}(?![\w-]| [A-ZÆØÅ&])", body))
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", body))
