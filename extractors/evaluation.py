"""How well claims are found: participants, projects, whole claims, and what must not pass, on documents of our own."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.blocks import ReadBlock
from models.gazetteer import Gazetteer
from models.identity.collaborations import project_key
from models.identity.names import genitive_base, normalise
from models.paths import DATA
from models.records import (
    ALL_REGIONS,
    Claim,
    Corroboration,
    Document,
    MentionLabel,
    Page,
    Participant,
    Role,
    Source,
    SourceKind,
    digest,
)
from models.scoring import Score, total
from models.themes.gold import row_digest

GOLD, REAL_GOLD = DATA / "gold" / "claims.jsonl", DATA / "gold" / "claims-real.jsonl"
NEVER = datetime(2012, 6, 1, tzinfo=UTC)
MEDIA = {"html": "text/html", "text": "text/plain"}
ENOUGH = 0.5  # of the participants of both, for two claims to be one

Names = tuple[str, ...]
"""Of one participant or project: its full form, then other forms that the document uses."""


@dataclass(frozen=True, slots=True)
class GoldParticipant:
    """A party as a careful reader notes it."""

    role: str
    names: Names


@dataclass(frozen=True, slots=True)
class GoldCollaboration:
    """A collaboration that a document states."""

    project: Names  # () when it has none
    participants: tuple[GoldParticipant, ...]
    forums: tuple[str, ...]
    cross_regional: bool
    international: bool


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document of our own writing with what a reader finds in it."""

    id: str
    kind: str
    format: str  # html or text
    publisher: str
    area: str
    split: str
    text: str
    collaborations: tuple[GoldCollaboration, ...]
    private: tuple[str, ...]  # persons and contacts, as written
    named: tuple[tuple[str, str], ...] = ()  # every name that it has, as written, with its label

    @property
    def page(self) -> Page:
        """As if it had been fetched."""
        url = f"https://{self.id}.invalid/"
        return Page(self.id, "gold", url, MEDIA[self.format], "utf-8", NEVER, NEVER, self.id, "")

    @property
    def source(self) -> Source:
        """Where it would have come from."""
        return Source("gold", self.publisher, self.publisher, SourceKind.WEBSITE, (self.area,), ())


Find = Callable[[GoldDocument], Sequence[Claim]]


@dataclass(frozen=True, slots=True)
class Found:
    """A document with the claims that were found in it."""

    document: GoldDocument
    claims: tuple[Claim, ...]


def read_gold(path: Path) -> list[GoldDocument]:
    """The documents of data/gold/claims.jsonl."""
    with path.open(encoding="utf-8") as lines:
        return [_document(json.loads(line)) for line in lines]


def read_real(labels: Path, register: Path) -> list[GoldDocument]:
    """The descriptions of a register that data/gold/claims-real.jsonl has notes on, found by digest, each once."""
    with labels.open(encoding="utf-8") as lines:
        noted = {entry["digest"]: entry for entry in map(json.loads, lines)}
    found: dict[str, GoldDocument] = {}
    csv.field_size_limit(1 << 24)
    with register.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row_digest(row["projekttitel"], row["navn"], row["start_dato"])
            if key in noted and key not in found:
                found[key] = GoldDocument(
                    id=key,
                    kind="projektside",
                    format="text",
                    publisher=row["navn"],
                    area=ALL_REGIONS,
                    split=noted[key]["split"],
                    text=f"{row['projekttitel']}\n\n{row['tas_projekt_besk']}",
                    collaborations=_collaborations(noted[key]),
                    private=(),
                )
    return list(found.values())


def _collaborations(entry: dict[str, Any]) -> tuple[GoldCollaboration, ...]:
    return tuple(
        GoldCollaboration(
            tuple(one["project"]),
            tuple(GoldParticipant(party["role"], tuple(party["names"])) for party in one["participants"]),
            tuple(one.get("forums", ())),
            one["cross_regional"],
            one["international"],
        )
        for one in entry["collaborations"]
    )


def _document(entry: dict[str, Any]) -> GoldDocument:
    collaborations = _collaborations(entry)
    plain = {name: entry[name] for name in ("id", "kind", "format", "publisher", "area", "split", "text")}
    named = tuple((name, label) for label, name in entry.get("names", ()))
    return GoldDocument(
        **plain, collaborations=collaborations, private=(*entry["persons"], *entry["contacts"]), named=named
    )


@dataclass(frozen=True, slots=True)
class Judge:
    """Says whether names agree: by spelling, or because the gazetteer knows both as one body."""

    gazetteer: Gazetteer

    def participants(self, found: Found) -> Score:
        """Over all collaborations of the document, each party once."""
        gold = _once([party.names for one in found.document.collaborations for party in one.participants], self.same)
        said = _once([(party.name,) for claim in found.claims for party in claim.participants], self.same)
        return _matched(gold, said, self.same)

    def heads(self, found: Found) -> Score:
        """As `participants`, but a name that begins or ends as the other is enough."""
        gold = _once([party.names for one in found.document.collaborations for party in one.participants], self.alike)
        said = _once([(party.name,) for claim in found.claims for party in claim.participants], self.alike)
        return _matched(gold, said, self.alike)

    def projects(self, found: Found) -> Score:
        """Names of projects of the document, each once."""
        gold = _once([one.project for one in found.document.collaborations if one.project], same_project)
        said = _once([(claim.project,) for claim in found.claims if claim.project], same_project)
        return _matched(gold, said, same_project)

    def claims(self, found: Found) -> Score:
        """A claim is right when its parties overlap by half and its project agrees; saying it twice is no error."""
        gold, right, wrong = list(found.document.collaborations), set[int](), 0
        for claim in found.claims:
            agreeing = [at for at, one in enumerate(gold) if self._agrees(one, claim)]
            right.update(agreeing[:1])
            wrong += not agreeing
        return Score(len(right), wrong, len(gold) - len(right))

    def leaked(self, found: Found) -> list[str]:
        """Persons and contacts of the document that stand in what would be published."""
        told = "\n".join(
            part
            for claim in found.claims
            for part in (
                claim.title,
                claim.project,
                claim.evidence,
                claim.context,
                *(p.name for p in claim.participants),
            )
        )
        return [private for private in found.document.private if private in told]

    def are_parties(self, document: GoldDocument, names: Sequence[str]) -> bool:
        """Whether most of these names are of participants."""
        gold = [party.names for one in document.collaborations for party in one.participants]
        right = sum(any(self.same(party, (name,)) for party in gold) for name in names)
        return 2 * right > len(names)

    def same(self, left: Names, right: Names) -> bool:
        """Whether any of the names of one is a name of the other."""
        if {str(normalise(name)) for name in left} & {str(normalise(name)) for name in right}:
            return True
        bodies = {body.id for name in left if (body := self.gazetteer.find(name))}
        return bool(bodies & {body.id for name in right if (body := self.gazetteer.find(name))})

    def alike(self, left: Names, right: Names) -> bool:
        """Whether they are the same, or one begins or ends with the other."""
        stems = [(normalise(one).stem, normalise(other).stem) for one in left for other in right]
        return self.same(left, right) or any(_within(one, other) or _within(other, one) for one, other in stems)

    def _agrees(self, gold: GoldCollaboration, claim: Claim) -> bool:
        said = (claim.project,) if claim.project else ()
        if (gold.project or said) and not same_project(gold.project, said):
            return False
        score = _matched(
            [party.names for party in gold.participants], [(p.name,) for p in claim.participants], self.same
        )
        return score.right >= ENOUGH * (score.right + score.wrong + score.missed)


def same_project(left: Names, right: Names) -> bool:
    """Whether any spelling of one is a spelling of the other."""
    keys = {project_key(genitive_base(name)) for name in left} | {project_key(name) for name in left}
    return bool(keys & ({project_key(genitive_base(name)) for name in right} | {project_key(name) for name in right}))


def summary(judge: Judge, found: Sequence[Found]) -> dict[str, Any]:
    """All figures together."""
    negative = [one for one in found if not one.document.collaborations]
    scores = {
        name: total(map(score, found))
        for name, score in (
            ("participants", judge.participants),
            ("participants_head", judge.heads),
            ("projects", judge.projects),
            ("claims", judge.claims),
        )
    }
    told: dict[str, Any] = {
        name: {"f1": round(one.f1, 4), "precision": round(one.precision, 4), "recall": round(one.recall, 4)}
        for name, one in scores.items()
    }
    false = sum(len(one.claims) for one in negative)
    told["false_claims_per_negative"] = round(false / len(negative), 4) if negative else 0.0
    told["leaked"] = sum(len(judge.leaked(one)) for one in found)
    return told


def said_together(document: Document, blocks: Sequence[ReadBlock]) -> Iterator[Claim]:
    """The first baseline: all organisations that one sentence names, on the project that it names."""
    for read in blocks:
        for sentence in read.sentences:
            names = dict.fromkeys(one.text for one in sentence.mentions if one.label is MentionLabel.ORG)
            if len(names) > 1:
                projects = [one.text for one in sentence.mentions if one.label is MentionLabel.PROJECT]
                text = read.block.text[sentence.start : sentence.end]
                parties = tuple(Participant(name, Role.PARTNER) for name in names)
                yield Claim(
                    id=digest(document.id, text, length=20),
                    document_id=document.id,
                    source_id=document.source_id,
                    title=document.title,
                    project=next(iter(projects), ""),
                    participants=parties,
                    evidence=text,
                    start=read.block.as_read(sentence.start),
                    end=read.block.as_read(sentence.end),
                    page=read.block.page,
                    context=text,
                    forums=(),
                    regions=(),
                    cross_regional=False,
                    international=False,
                    first_year=None,
                    last_year=None,
                    basis=Corroboration.MENTIONED,
                    confidence=0.5,
                    extractor_version="baseline",
                )


def _once(names: Iterable[Names], same: Callable[[Names, Names], bool]) -> list[Names]:
    kept: list[Names] = []
    for one in names:
        if not any(same(one, other) for other in kept):
            kept.append(one)
    return kept


def _matched(gold: Sequence[Names], said: Sequence[Names], same: Callable[[Names, Names], bool]) -> Score:
    left = list(said)
    right = 0
    for one in gold:
        at = next((at for at, other in enumerate(left) if same(one, other)), None)
        if at is not None:
            left.pop(at)
            right += 1
    return Score(right, len(left), len(gold) - right)


def _within(short: str, long: str) -> bool:
    return len(short) > 3 and (f"{long} ".startswith(f"{short} ") or f" {long}".endswith(f" {short}"))
