"""What flows through Samspil: frozen records and the vocabularies they draw on. Standard library only.

Source -> Page (one response, archived) -> Document (of Blocks) -> Mention -> Claim; claims are grouped into
collaborations, names into Organisations; a ThemePrediction stands beside them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Theme(StrEnum):
    """The six themes of the mapping of 2011, in the order in which it was published."""

    KLIMA_ENERGI = "klima_energi"
    SUNDHED_VELFAERD = "sundhed_velfaerd"
    IVAERKSAETTERI_VAEKST = "ivaerksaetteri_vaekst"
    TURISME_OPLEVELSER = "turisme_oplevelser"
    KOMPETENCEUDVIKLING = "kompetenceudvikling"
    KAPITAL_INVESTERING = "kapital_investering"

    @property
    def danish(self) -> str:
        """The name as published."""
        return _THEME_NAMES[self]


_THEME_NAMES = {
    Theme.KLIMA_ENERGI: "Klima og energi",
    Theme.SUNDHED_VELFAERD: "Sundheds- og velfærdsinnovation og -teknologi",
    Theme.IVAERKSAETTERI_VAEKST: "Iværksætteri og vækstvirksomheder",
    Theme.TURISME_OPLEVELSER: "Turisme og oplevelsesøkonomi",
    Theme.KOMPETENCEUDVIKLING: "Kompetenceudvikling",
    Theme.KAPITAL_INVESTERING: "Kapitalformidling/investeringsfremme",
}

NO_THEME = "andet"
"""The label of a text that none of the six themes fits."""

REGIONS = ("Nordjylland", "Midtjylland", "Syddanmark", "Sjælland", "Hovedstaden", "Bornholm")
"""The areas of the six growth forums; Bornholm is a municipality with a forum of its own."""

BORNHOLM = REGIONS[-1]

ALL_REGIONS = "alle"
"""A source that concerns every region."""


def area_of(municipality: str, region: str) -> str:
    """The growth forum's area of a home: its region, or Bornholm; one of REGIONS, or ""."""
    return BORNHOLM if municipality == BORNHOLM else region


class PartnerType(StrEnum):
    """Kinds of bodies, by the names of the mapping of 2011."""

    VAEKSTFORUM = "vaekstforum"
    REGION = "region"
    KOMMUNE = "kommune"
    VIDENINSTITUTION = "videninstitution"
    ERHVERVSFREMME = "erhvervsfremme"
    VIRKSOMHED = "virksomhed"
    ARBEJDSMARKEDSPART = "arbejdsmarkedspart"
    STAT = "stat"
    UDENLANDSK = "udenlandsk"
    ANDET = "andet"


class Role(StrEnum):
    """What a participant is in a collaboration."""

    LEAD = "lead"
    PARTNER = "partner"
    MEMBER = "member"
    FUNDER = "funder"


class Corroboration(StrEnum):
    """What a collaboration rests on, from weak to strong."""

    MENTIONED = "mentioned"
    BOTH_PARTIES = "both_parties"
    MINUTES = "minutes"
    FUNDED = "funded"


class SourceKind(StrEnum):
    """How the pages of a source are found."""

    WEBSITE = "website"
    FEED = "feed"
    FILES = "files"
    PROJECTS = "projects"
    WAYBACK = "wayback"
    WARC = "warc"


class BlockKind(StrEnum):
    """The parts a document is made of."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    KEY_VALUE = "key_value"


class MentionLabel(StrEnum):
    """What a mention names: the labels of the Danish pipeline."""

    ORG = "ORG"
    LOC = "LOC"
    PER = "PER"
    PROJECT = "PROJECT"
    MISC = "MISC"


def digest(*parts: str | bytes, length: int = 64) -> str:
    """The first `length` hex digits of the SHA-256 of `parts`, each kept apart from the next by a zero byte."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(part.encode() if isinstance(part, str) else part)
        hashed.update(b"\0")
    return hashed.hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Expectation:
    """How much a source should yield; fewer is a failure of the run, more a warning. None: no bound."""

    min_documents: int | None = None
    max_documents: int | None = None
    min_claims: int | None = None
    max_claims: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where pages come from, one `[[source]]` of data/sources.toml or one `--from PATH`."""

    id: str
    name: str
    publisher: str
    kind: SourceKind
    regions: tuple[str, ...]
    start: tuple[str, ...]  # URLs; for files and WARC the path of a file or folder
    allow: tuple[str, ...] = ()  # regular expressions on the URL; none: the hosts of `start`
    deny: tuple[str, ...] = ()
    delay: float = 1.0  # seconds between two requests to one host
    max_pages: int = 2000
    max_depth: int = 8
    terms: str = ""
    enabled: bool = True
    since: date | None = None  # captures of a web archive, from this day
    until: date | None = None  # and to this one
    expect: Expectation = Expectation()


@dataclass(frozen=True, slots=True)
class Response:
    """What a source answered for one URL, before it is archived. `url` is the address after redirects."""

    url: str
    media_type: str  # lower case, without parameters; "" when nothing was said
    body: bytes = field(repr=False)
    fetched_at: datetime  # with time zone; of a file: when it was last modified
    charset: str = ""  # as declared by the server, lower case
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One archived response: the same URL with other bytes is another page."""

    id: str  # digest of source, url and content
    source_id: str
    url: str
    media_type: str
    charset: str
    fetched_at: datetime  # UTC, when these bytes were first fetched
    last_seen: datetime  # UTC, when they were last found unchanged
    content: str  # SHA-256 of the body
    record: str  # WARC-Record-ID in the archive: urn:uuid:…

    @staticmethod
    def key(source_id: str, url: str, content: str) -> str:
        """The id of a page."""
        return digest(source_id, url, content, length=24)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document: `text` is repaired; `start` and `end` bound it in the document's text as it was read.

    `shifts` are the places where repair changed lengths: pairs (position in `text`, position as read, counted from
    `start`), ascending, each holding until the next; without any, both texts run in step.
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    heading: str = ""  # the nearest heading above
    page: int | None = None  # of a PDF, counted from 1
    fields: tuple[tuple[str, str], ...] = ()  # key-value: (key, value); table row: (column header, cell)
    shifts: tuple[tuple[int, int], ...] = ()
    marked: tuple[str, ...] = ()  # what stands in it in italics or bold

    def as_read(self, at: int) -> int:
        """The offset, in the document's text as read, of the character at `at` in `text`."""
        if at >= len(self.text):
            return self.end
        found = bisect_right(self.shifts, (at, 1 << 62)) - 1
        position, origin = self.shifts[found] if found >= 0 else (0, 0)
        return min(self.start + origin + (at - position), self.end)


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A row of a table of projects: who leads, who takes part. Dates None where the row has none."""

    title: str
    lead: str
    partners: tuple[str, ...]
    region: str = ""
    programme: str = ""
    started: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A page made into text: one of HTML, PDF, DOCX and text, one for each row of a table of projects."""

    id: str  # digest of source, url and text
    source_id: str
    page_id: str
    url: str  # the page's, with a fragment (#row=17, RFC 7111) for a row of a table
    title: str
    published: date | None
    updated: date | None
    language: str  # ISO 639-1; "" when unknown
    blocks: tuple[Block, ...]
    record: ProjectRecord | None = None
    signature: bytes = b""  # of the text, for finding near-duplicates

    @property
    def text(self) -> str:
        """The repaired text: blocks, each on a line of its own."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the Danish pipeline puts a name: names of one collaboration lie near each other.

    Only names of one `stretch` of a document, which was read at once, are comparable.
    """

    stretch: int
    coordinates: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a document; `start` and `end` are offsets in `Document.text`."""

    document_id: str
    start: int
    end: int
    text: str
    label: MentionLabel
    body_id: str = ""  # of the gazetteer, where it is known
    origin: str = "gazetteer"  # gazetteer, pattern, structure
    parts: tuple[float, ...] = ()  # how probably it is none, a party, the lead, a funder; () where no model has read it
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A party of a claim, by the name that the text writes."""

    name: str
    role: Role
    body_id: str = ""  # of the gazetteer, where the text decides it


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that parties do something jointly, with the quote that proves it. No person is in any field."""

    id: str
    document_id: str
    source_id: str
    title: str
    project: str  # "" when the text names none
    participants: tuple[Participant, ...]
    evidence: str  # masked quote
    start: int  # offsets of the quote in the document's text as read
    end: int
    page: int | None
    context: str  # masked text that the theme is decided by
    forums: tuple[str, ...]  # areas of growth forums, of REGIONS
    regions: tuple[str, ...]  # of REGIONS, as the text or the row states them
    cross_regional: bool  # stated in the text
    international: bool  # stated in the text
    first_year: int | None
    last_year: int | None
    basis: Corroboration
    confidence: float
    extractor_version: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body with a lasting id; facts from the gazetteer where it is known there, else predicted from its name, and its
    home from the region of all its collaborations."""

    id: str
    name: str
    partner_type: PartnerType
    region: str = ""
    municipality: str = ""
    country: str = ""
    cvr: str = ""
    ror: str = ""
    wikidata: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: str = ""  # ISO date
    valid_to: str = ""
    successor_id: str = ""
    body_id: str = ""

    @property
    def area(self) -> str:
        """The growth forum's area that it is at home in: its region, or Bornholm."""
        return area_of(self.municipality, self.region)


@dataclass(frozen=True, slots=True)
class ThemePrediction:
    """What a model says of a text: a probability for each theme, and whether a person should look."""

    probabilities: dict[Theme, float]
    themes: tuple[Theme, ...]
    review: bool
    model_version: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with one page or source, told without personal data."""

    source_id: str
    url: str
    step: str
    reason: str
    at: datetime
    kind: str = ""  # name of the error


class Verdict(StrEnum):
    """What a reviewer says of a collaboration."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    UNSURE = "unsure"  # decides nothing
    WITHDRAWN = "withdrawn"  # takes an earlier decision back


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's judgement of one collaboration; never changed, only followed by a later one.

    What it corrects besides themes is None where what was extracted stands.
    """

    id: str  # digest of all the rest: the same decision, imported twice, is one
    at: datetime
    reviewer: str
    collaboration_id: str
    verdict: Verdict
    themes: tuple[Theme, ...]  # as decided; what the model said when accepted, none when rejected
    passage: str  # digest of the text that was judged
    model_version: str
    note: str
    title: str | None = None
    project: str | None = None
    participants: tuple[Participant, ...] | None = None
    before: str = ""  # JSON: what the reviewer saw
    undoes: str = ""  # the id of the decision that it takes back


class Relation(StrEnum):
    """What a person says of two names, or of two collaborations."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    WITHDRAWN = "withdrawn"  # takes back what was said of the two before


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on whether two are one; never changed, only followed by a later one on the same two.

    Of organisations `left` and `right` are names as written, of collaborations their ids, of claims the digests of
    their quotes.
    """

    id: str  # digest of all the rest: the same judgement, imported twice, is one
    at: datetime
    reviewer: str
    kind: str  # organisation, collaboration, claim
    left: str
    right: str
    relation: Relation
    note: str
