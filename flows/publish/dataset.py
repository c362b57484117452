"""The dataset: claims grouped into collaborations, joined with organisations and themes, as rows of six tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations

from models.identity.collaborations import project_key
from models.identity.organisations import Organisations
from models.records import (
    REGIONS,
    Corroboration,
    Decision,
    Organisation,
    PartnerType,
    Role,
    Theme,
    ThemePrediction,
    Verdict,
    digest,
)
from models.store import StoredClaim
from models.themes.passages import passage_digest, passage_of

Value = str | int | float | bool | list[str] | None
Row = dict[str, Value]

_STRENGTH = list(Corroboration)
_RANK = {Role.LEAD: 0, Role.PARTNER: 1, Role.MEMBER: 2, Role.FUNDER: 3}


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of each table, in the order in which they are published; of each collaboration, also of one that a reviewer
    rejected, the digest of the text it is judged by and that of what was extracted.
    """

    tables: Mapping[str, Sequence[Row]]
    passages: Mapping[str, str] = field(default_factory=dict)
    extractions: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tables["collaborations"])


@dataclass(frozen=True, slots=True)
class Known:
    """What is decided about claims and collaborations."""

    members: Mapping[str, str]  # claim id -> collaboration id
    first_seen: Mapping[str, datetime]  # by collaboration id
    predictions: Mapping[str, ThemePrediction]  # by digest of the passage
    decisions: Mapping[str, Decision]  # the last one on each collaboration, by its id
    witnesses: Mapping[str, str] = field(default_factory=dict)  # document id -> the one that it is a near-copy of
    publishers: Mapping[str, str] = field(default_factory=dict)  # source id -> organisation id, where it is one
    redirects: Mapping[str, str] = field(default_factory=dict)  # ids no longer in use, and those they go by now

    def witness(self, document_id: str) -> str:
        """The document, or the one that it is a near-copy of."""
        return self.witnesses.get(document_id, document_id)


def build_dataset(claims: Sequence[StoredClaim], organisations: Organisations, known: Known) -> Dataset:
    """All rows; what reviewers decided stands before what the model said, and what they rejected is left out."""
    grouped: dict[str, list[StoredClaim]] = defaultdict(list)
    for stored in claims:
        grouped[known.members[stored.claim.id]].append(stored)
    tables: dict[str, list[Row]] = {name: [] for name in ("collaborations", "participants", "themes", "claims")}
    passages: dict[str, str] = {}
    extractions: dict[str, str] = {}
    for key in sorted(grouped):
        decided = known.decisions.get(key)
        group = sorted(grouped[key], key=lambda one: one.claim.id)
        passages[key] = passage_digest(passage_of(one.claim for one in group))
        extractions[key] = _extraction(group, organisations)
        if decided is not None and decided.verdict is Verdict.REJECTED:
            continue
        said = known.predictions[passages[key]]
        parties = list(_participants(key, group, organisations, decided))
        homes = [organisations.by_id[str(row["organisation_id"])] for row in parties if row["role"] != Role.FUNDER]
        row = _collaboration(key, group, parties, homes)
        if decided is not None:
            row["project"] = row["project"] if decided.project is None else decided.project
            row["title"] = row["title"] if decided.title is None else decided.title
        row["themes"] = [str(theme) for theme in (decided or said).themes]
        row["first_seen"] = known.first_seen[key].date().isoformat()
        row["review"] = str(decided.verdict) if decided else "automatic"
        row["document_count"] = len({known.witness(stored.claim.document_id) for stored in group})
        row["corroboration"] = str(_corroboration(group, parties, known))
        tables["collaborations"].append(row)
        tables["participants"] += parties
        tables["themes"] += _themes(key, said, decided)
        tables["claims"] += [_claim(key, stored) for stored in group]
    used = {str(row["organisation_id"]) for row in tables["participants"]}
    kept = dict(sorted(_with_successors(used, organisations.by_id).items()))
    published = {str(row["collaboration_id"]) for row in tables["collaborations"]} | kept.keys()
    moved: list[Row] = [
        {"old_id": old, "new_id": new} for old, new in sorted(known.redirects.items()) if new in published
    ]
    tables["organisations"] = [_organisation(one) for one in kept.values()]
    return Dataset({**tables, "redirects": moved}, passages, extractions)


def _extraction(group: Sequence[StoredClaim], organisations: Organisations) -> str:
    """Names what was extracted: the same however often it is said, and in whatever words."""
    parties = {organisations.of(party) for stored in group for party in stored.claim.participants}
    projects = {project_key(stored.claim.project) for stored in group}
    return digest("extraction", *sorted(projects), *sorted(parties), length=20)


def _collaboration(
    key: str, group: Sequence[StoredClaim], parties: Sequence[Row], homes: Sequence[Organisation]
) -> Row:
    """The row, but for what stands in `Known`: themes, first_seen, review, document_count, corroboration."""
    claims = [stored.claim for stored in group]
    best = max(claims, key=lambda claim: (claim.confidence, -len(claim.title), claim.id))
    project = _commonest(claim.project for claim in claims)
    areas = {home.area for home in homes} - {""}
    abroad = any(home.partner_type is PartnerType.UDENLANDSK or home.country not in ("", "DK") for home in homes)
    years = [claim.first_year for claim in claims] + [claim.last_year for claim in claims]
    known = [year for year in years if year is not None]
    return {
        "collaboration_id": key,
        "title": project or best.title,
        "project": project,
        "forums": _areas(area for claim in claims for area in claim.forums),
        "regions": _areas([area for claim in claims for area in claim.regions] + sorted(areas)),
        "cross_regional": any(claim.cross_regional for claim in claims) or len(areas) > 1,
        "international": any(claim.international for claim in claims) or abroad,
        "participant_count": len(parties),
        "claim_count": len(claims),
        "source_count": len({claim.source_id for claim in claims}),
        "corroboration": "",
        "first_year": min(known, default=None),
        "last_year": max(known, default=None),
        "last_seen": max(stored.last_seen for stored in group).date().isoformat(),
    }


def _corroboration(group: Sequence[StoredClaim], parties: Sequence[Row], known: Known) -> Corroboration:
    """The strongest basis; two parties that tell of it on their own pages, not in copies of one text, are one too."""
    members = {row["organisation_id"] for row in parties if row["role"] != Role.FUNDER}
    told = {
        (known.witness(stored.claim.document_id), publisher)
        for stored in group
        if (publisher := known.publishers.get(stored.claim.source_id)) in members
    }
    both = any(one[0] != other[0] and one[1] != other[1] for one, other in combinations(sorted(told), 2))
    bases = [stored.claim.basis for stored in group] + [Corroboration.BOTH_PARTIES] * both
    return max(bases, key=_STRENGTH.index)


def _participants(
    key: str, group: Sequence[StoredClaim], organisations: Organisations, decided: Decision | None
) -> Iterator[Row]:
    """Each organisation once, leads first: the strongest role that a claim gives, the name that most claims write.

    Where a reviewer corrected them, those that the reviewer named.
    """
    names: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, Role] = {}
    corrected = decided.participants if decided else None
    for party in (party for stored in group for party in stored.claim.participants) if corrected is None else corrected:
        organisation = organisations.of(party)
        names[organisation][party.name] += 1
        roles[organisation] = min(roles.get(organisation, party.role), party.role, key=_RANK.__getitem__)
    for organisation in sorted(names, key=lambda one: (_RANK[roles[one]], one)):
        yield {
            "collaboration_id": key,
            "organisation_id": organisation,
            "name_as_written": _commonest(names[organisation].elements()),
            "role": str(roles[organisation]),
        }


def _themes(key: str, said: ThemePrediction, decided: Decision | None) -> Iterator[Row]:
    """The model's probabilities; a reviewer's decision is certain, 1 or 0."""
    for theme in Theme:
        yield {
            "collaboration_id": key,
            "theme": str(theme),
            "probability": float(theme in decided.themes) if decided else said.probabilities[theme],
            "decided_by": "reviewer" if decided else "model",
            "model_version": said.model_version,
        }


def _claim(key: str, stored: StoredClaim) -> Row:
    claim = stored.claim
    return {
        "claim_id": claim.id,
        "collaboration_id": key,
        "source_id": claim.source_id,
        "document_url": stored.document_url,
        "document_title": stored.document_title,
        "published": _iso(stored.published),
        "fetched_at": stored.fetched_at.isoformat(timespec="seconds"),
        "archive_record": stored.record,
        "page": claim.page,
        "start": claim.start,
        "end": claim.end,
        "evidence": claim.evidence,
        "confidence": claim.confidence,
        "extractor_version": claim.extractor_version,
    }


def _organisation(one: Organisation) -> Row:
    return {
        "organisation_id": one.id,
        "name": one.name,
        "partner_type": str(one.partner_type),
        "region": one.region,
        "municipality": one.municipality,
        "country": one.country,
        "cvr": one.cvr,
        "ror": one.ror,
        "wikidata": one.wikidata,
        "aliases": list(one.aliases),
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "successor_id": one.successor_id,
    }


def _with_successors(used: set[str], by_id: Mapping[str, Organisation]) -> dict[str, Organisation]:
    kept: dict[str, Organisation] = {}
    pending = sorted(used)
    while pending:
        key = pending.pop()
        if key not in kept:
            kept[key] = by_id[key]
            pending += [by_id[key].successor_id] if by_id[key].successor_id else []
    return kept


def _areas(found: Iterator[str] | Sequence[str]) -> list[str]:
    present = set(found)
    return [area for area in REGIONS if area in present]


def _commonest(texts: Iterator[str]) -> str:
    """The text that occurs most often, the first by alphabet of equals; "" when there is none."""
    counts = Counter(text for text in texts if text)
    return min(counts, key=lambda text: (-counts[text], text)) if counts else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
