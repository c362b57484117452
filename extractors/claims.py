"""Documents made into claims: who works with whom, on what, proved by which words of the text.

Two ways lead to a claim: a row of a table of projects, and a topic whose lists or sentences join parties. What a topic
says elsewhere of who leads, who pays and who takes part besides is added to that claim, with its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.blocks import ReadBlock, plays
from extractors.forums import in_order, own_forum, page_forum
from extractors.grants import grantor
from extractors.naming import name_by_parties, name_the_only_one
from extractors.parties import Parties, Run, Setting, distinct
from extractors.rows import collect, private_values
from extractors.stated import Quote, Statement, add_to
from extractors.statements import Reader, surest
from extractors.topics import Topic, cut_topics, heading_project
from models.claims.model import ClaimModel
from models.gazetteer import Body
from models.identity.collaborations import project_key
from models.identity.names import genitive_base
from models.records import (
    ALL_REGIONS,
    REGIONS,
    BlockKind,
    Claim,
    Corroboration,
    Document,
    MentionLabel,
    Participant,
    PartnerType,
    ProjectRecord,
    Role,
    Source,
    digest,
)

ROW_CONFIDENCE = 0.98  # a grant register names its parties
CONTEXT = 3000  # characters of context kept for the theme


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before it is masked; `span` in the document's text as read."""

    title: str
    project: str
    participants: list[Participant]
    quote: str
    span: tuple[int, int]
    page: int | None
    context: str
    forums: list[str]
    areas: list[str]
    years: tuple[int | None, int | None]
    basis: Corroboration
    confidence: float
    private: tuple[str, ...] = ()  # values of columns and keys that hold persons and contacts


@dataclass(frozen=True, slots=True)
class ClaimFinder:
    """Finds the claims of a document; engines and knowledge come in as arguments."""

    parties: Parties
    version: str  # told in each claim
    model: ClaimModel | None = None  # without it the cues alone decide

    def find(self, source: Source, document: Document, blocks: Sequence[ReadBlock]) -> list[Claim]:
        """The claims of one document, in the order of the text; without any person in them."""
        drafts = (
            self._of_record(document, document.record) if document.record else self._of_text(source, document, blocks)
        )
        claims = [self._claim(source, document, draft) for draft in drafts]
        return list({claim.id: claim for claim in claims}.values())

    def _of_record(self, document: Document, record: ProjectRecord) -> Iterator[Draft]:
        """A row with a lead and at least one other party."""
        area = record.region if record.region in REGIONS else ""
        setting = Setting(record.started, area)
        named = [self.parties.participant(record.lead, Role.LEAD, setting)]
        named += [self.parties.participant(name, Role.PARTNER, setting) for name in record.partners]
        participants = distinct(party for party in named if party)
        blocks = [block for block in document.blocks if block.kind is BlockKind.KEY_VALUE][:2]
        if len(participants) > 1:
            yield Draft(
                title=record.title,
                project=record.title,
                participants=participants,
                quote="\n".join(block.text for block in blocks),
                span=(blocks[0].start, blocks[-1].end),
                page=None,
                context="\n".join(block.text for block in document.blocks if block.kind is BlockKind.PARAGRAPH),
                forums=[area] if area else [],
                areas=[area] if area else [],
                years=_years(record.started, record.ended),
                basis=Corroboration.FUNDED,
                confidence=ROW_CONFIDENCE,
            )

    def _of_text(self, source: Source, document: Document, blocks: Sequence[ReadBlock]) -> Iterator[Draft]:
        """Topic by topic, what lists and sentences state."""
        reader, forum, areas, day = self._reader(source, document, blocks)
        persons = _persons(blocks)
        stated: list[tuple[Topic, Statement]] = []
        for topic in self._topics(reader, blocks):
            stated += [(topic, one) for one in reader.read(topic)]
        stated = _with_what_adds(stated)
        name_the_only_one(self.parties, blocks, [one for _, one in stated])
        name_by_parties(self.parties, [one for _, one in stated])
        funder = grantor(reader, document.title, blocks)
        for topic, statement in _merged(stated):
            quote, span = _quoted(statement.quotes)
            yield Draft(
                title=self._title(document, topic, statement),
                project=statement.project,
                participants=_funded(statement.parties, funder),
                quote=quote,
                span=span,
                page=statement.quotes[0].read.block.page,
                context=topic.text,
                forums=[forum.area] if forum else [],
                areas=areas,
                years=topic.years or _years(day, day),
                basis=self._basis(document, topic),
                confidence=statement.confidence,
                private=(
                    *private_values(self.parties.cues, topic.blocks),
                    *(name for name in persons if self._is_private(name, statement.project)),
                ),
            )

    def candidates(
        self, source: Source, document: Document, blocks: Sequence[ReadBlock]
    ) -> Iterator[tuple[list[float], Run]]:
        """The runs of names that the model decides on, each with what speaks for it."""
        reader, *_ = self._reader(source, document, blocks)
        for topic in self._topics(reader, blocks):
            for quote, sentence in reader.sentences(topic):
                runs = reader.runs(sentence, quote)
                if any(run.parts for run in runs):
                    yield from zip(reader.weighed(quote.text, runs), runs, strict=True)

    def _is_private(self, name: str, project: str) -> bool:
        """Whether what was read as a person is one; a part of the project's name must look like it."""
        return name not in project or self.parties.privacy.may_be_person(name)

    def _topics(self, reader: Reader, blocks: Sequence[ReadBlock]) -> Iterator[Topic]:
        """The topics with what their rows and headings state."""
        projects = {
            project_key(genitive_base(one.text))
            for read in blocks
            for one in read.mentions
            if one.label is MentionLabel.PROJECT and plays(one)
        }
        for topic in cut_topics(self.parties.cues, blocks):
            if self.parties.cues.sections.speakers.fullmatch(topic.heading):
                continue
            collect(self.parties, topic, reader.setting)
            named = heading_project(topic, self.parties.cues)
            known = self.model is None or project_key(named) in projects  # the model knows a headline from a name
            if known or (topic.lists_parties and any(one.text == named for one in topic.blocks[0].mentions)):
                topic.project = topic.project or named
            yield topic

    def _reader(
        self, source: Source, document: Document, blocks: Sequence[ReadBlock]
    ) -> tuple[Reader, Body | None, list[str], date | None]:
        """What reads the document; its forum, its areas, its day."""
        gazetteer = self.parties.gazetteer
        day = document.published or document.updated
        areas = [region for region in source.regions if region != ALL_REGIONS] if len(source.regions) == 1 else []
        forum = page_forum(gazetteer, source, document, blocks)
        area = areas[0] if areas else forum.area if forum else ""
        setting = Setting(day, area)
        own = own_forum(gazetteer, area, forum, blocks)
        publisher = self.parties.participant(source.publisher, Role.PARTNER, setting)
        return Reader(self.parties, setting, own, publisher, self.model, surest(blocks)), forum, areas, day

    def _title(self, document: Document, topic: Topic, statement: Statement) -> str:
        """The heading; where that names neither project nor party, the agreement as the sentence calls it."""
        title = topic.title or document.title
        called = self.parties.cues.headings.joint.search(statement.quotes[0].text)
        if statement.project or not called or any(party.name in title for party in statement.parties):
            return title
        if sum(party.name in called[1] for party in statement.parties) < 2:  # a comma has cut it
            return title
        return called[1][0].upper() + called[1][1:]

    def _basis(self, document: Document, topic: Topic) -> Corroboration:
        where = f"{document.title}\n{topic.heading}"
        return Corroboration.MINUTES if self.parties.cues.minutes.search(where) else Corroboration.MENTIONED

    def _claim(self, source: Source, document: Document, draft: Draft) -> Claim:
        """The draft, masked, with what follows from its participants and words."""
        gazetteer, cues = self.parties.gazetteer, self.parties.cues
        bodies = [gazetteer.bodies[party.body_id] for party in draft.participants if party.body_id]
        forums = draft.forums + [body.area for body in bodies if body.partner_type is PartnerType.VAEKSTFORUM]
        if cues.their_forums.search(draft.context):
            forums += [body.area for body in bodies if body.partner_type is PartnerType.REGION]
        masked = self.parties.masked
        project = masked(draft.project, private=draft.private)
        public = [party.name for party in draft.participants] + [project] * (project == draft.project != "")
        known = [match.span() for name in public for match in re.finditer(re.escape(name), draft.quote, re.IGNORECASE)]
        evidence = masked(draft.quote, known, draft.private)
        stated = f"{draft.title}\n{draft.quote}\n{draft.context}"
        names = sorted(party.name for party in draft.participants)
        return Claim(
            id=digest("claim", source.id, document.url, project, *names, evidence, length=20),
            document_id=document.id,
            source_id=source.id,
            title=masked(draft.title, private=draft.private),
            project=project,
            participants=tuple(draft.participants),
            evidence=evidence,
            start=draft.span[0],
            end=draft.span[1],
            page=draft.page,
            context=_cut(masked(draft.context, private=draft.private)),
            forums=in_order(forums),
            regions=in_order(forums + draft.areas),
            cross_regional=bool(cues.cross_regional.search(stated)),
            international=bool(cues.international.search(stated)),
            first_year=draft.years[0],
            last_year=draft.years[1],
            basis=draft.basis,
            confidence=draft.confidence,
            extractor_version=self.version,
        )


def _with_what_adds(stated: Sequence[tuple[Topic, Statement]]) -> list[tuple[Topic, Statement]]:
    """The statements; who only pays or leads, in a topic that states nothing else, belongs to the only other one."""
    whole = [(topic, one) for topic, one in stated if not one.adds]
    if len(whole) == 1:
        for _, one in stated:
            if one.adds:
                add_to(whole[0][1], one)
    return whole


def _funded(parties: list[Participant], funder: Participant | None) -> list[Participant]:
    """The parties with the giver of the whole page's money, where they name no other."""
    if funder is None or any(party.role is Role.FUNDER for party in parties):
        return parties
    others = [party for party in parties if (party.body_id or party.name) != (funder.body_id or funder.name)]
    return [*others, funder] if len(others) > 1 else parties


def _merged(stated: Sequence[tuple[Topic, Statement]]) -> list[tuple[Topic, Statement]]:
    """What is said of one project in several places, made one."""
    kept: dict[str, tuple[Topic, Statement]] = {}
    for at, (topic, one) in enumerate(stated):
        key = project_key(one.project) or f"#{at}"
        if key not in kept:
            kept[key] = topic, one
            continue
        first = kept[key][1]
        first.parties = distinct([*first.parties, *one.parties])
        first.quotes = sorted([*first.quotes, *one.quotes], key=lambda quote: (quote.at, quote.start))
        first.confidence = max(first.confidence, one.confidence)
    return list(kept.values())


def _persons(blocks: Sequence[ReadBlock]) -> tuple[str, ...]:
    """The persons that a document names, each also by the given names or the surname alone, the longest names first."""
    names = {genitive_base(one.text) for read in blocks for one in read.mentions if one.label is MentionLabel.PER}
    words = [name.split() for name in names if " " in name]
    parts = {part for one in words for part in (one[0], " ".join(one[:-1]), one[-1])}
    told = {name for name in names | parts if len(name) > 2 and name[0].isupper()}
    return tuple(sorted(told, key=lambda name: (-len(name), name)))


def _quoted(quotes: Sequence[Quote]) -> tuple[str, tuple[int, int]]:
    """The words of the quotes, those that follow each other in one block unbroken; and where they stand as read."""
    merged = [quotes[0]]
    for quote in quotes[1:]:
        last = merged[-1]
        if quote.at == last.at and not last.read.block.text[last.end : quote.start].strip():
            merged[-1] = replace(last, end=quote.end)
        else:
            merged.append(quote)
    first, last = quotes[0], max(quotes, key=lambda quote: (quote.at, quote.end))
    return "\n".join(quote.text for quote in merged), (
        first.read.block.as_read(first.start),
        last.read.block.as_read(last.end),
    )


def _cut(context: str) -> str:
    """What is kept of a masked context; no half of a mask."""
    return context if len(context) <= CONTEXT else re.sub(r"\[[a-z]{0,8}$", "", context[:CONTEXT])


def _years(first: date | None, last: date | None) -> tuple[int | None, int | None]:
    return first.year if first else None, last.year if last else None
