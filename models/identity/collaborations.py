"""Claims made into collaborations: which statements speak of the same joint thing, and the id it keeps.

Claims are one collaboration when they name the same project (in any spelling) and share a party; without a project,
when they join the same parties under a like title; when one document names the same project in them; and when they
stand under one heading of one document and share two. A claim without a project may bear its name as a title.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise

from rapidfuzz.fuzz import token_set_ratio

from models.identity.names import normalise
from models.records import digest

VERSION = "1"
LIKE = 85.0  # token_set_ratio, 0 to 100, from which two titles count as one

_WRAPPING = re.compile(
    r"^(?:projekt(?:et)?|programmet|initiativet|partnerskabet|netværket)\s+|[\s\-](?:projektet)$", re.I
)
_AGREEMENT = re.compile(r"\b(\w{4,}(?:aftale|kontrakt))(?:n|en)?\b", re.I)


@dataclass(frozen=True, slots=True)
class Statement:
    """What of a claim decides where it belongs."""

    claim_id: str
    document_id: str
    project: str
    title: str
    parties: frozenset[str]  # organisation ids, funders left out
    seen: datetime


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which collaboration each claim belongs to; since when each is known; where merged ids went."""

    groups: dict[str, str]  # claim id -> collaboration id
    first_seen: dict[str, datetime]
    redirects: dict[str, str]


def project_key(name: str) -> str:
    """The key under which spellings of a project's name fall together: "Scale-up", "Scale Up", "Scale-up-projektet"."""
    bare = _WRAPPING.sub("", name.strip(" \"'“”„»«.,:;"))
    return normalise(bare).stem.replace(" ", "")


def group_claims(
    statements: Iterable[Statement],
    known: Mapping[str, str],
    first_seen: Mapping[str, datetime],
    former: Iterable[Statement] = (),
) -> Grouping:
    """Group claims; ids of earlier nights (`known`: claim id -> collaboration id) stay where they were.

    A merge keeps the oldest id and redirects the others to it; a split leaves the id with the larger part. When a page
    is rewritten, or read in another way, its claims are new; they take the id of the `former` ones that they restate.
    """
    ordered = sorted(statements, key=lambda one: one.claim_id)
    clusters = _clusters(ordered)
    owners = _owners(clusters, known)
    owners |= _heirs(clusters, known, owners, former)
    groups: dict[str, str] = {}
    seen: dict[str, datetime] = {}
    redirects: dict[str, str] = {}
    taken = set(first_seen)
    for number, cluster in enumerate(clusters):
        old = sorted((first_seen[name], name) for name, owner in owners.items() if owner == number)
        chosen = old[0][1] if old else _new_id(cluster[0].claim_id, taken)
        taken.add(chosen)
        redirects |= {name: chosen for _, name in old[1:]}
        seen[chosen] = min([one.seen for one in cluster] + [moment for moment, _ in old])
        groups |= {one.claim_id: chosen for one in cluster}
    return Grouping(groups, seen, redirects)


def _clusters(ordered: Sequence[Statement]) -> list[list[Statement]]:
    parent = {one.claim_id: one.claim_id for one in ordered}

    def root(claim_id: str) -> str:
        while parent[claim_id] != claim_id:
            parent[claim_id] = parent[parent[claim_id]]
            claim_id = parent[claim_id]
        return claim_id

    for left, right in _same(ordered):
        first, second = sorted((root(left.claim_id), root(right.claim_id)))
        parent[second] = first
    found: dict[str, list[Statement]] = defaultdict(list)
    for one in ordered:
        found[root(one.claim_id)].append(one)
    return [found[key] for key in sorted(found)]


def _same(ordered: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Pairs that are one collaboration; enough of them that all the others follow."""
    projects = {project_key(one.project) for one in ordered if one.project}
    by_project: dict[tuple[str, str], list[Statement]] = defaultdict(list)  # and party, or document
    by_parties: dict[frozenset[str], list[Statement]] = defaultdict(list)
    by_heading: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in ordered:
        key = project_key(one.project or one.title)
        for shared in sorted({*one.parties, one.document_id}) if key in projects else ():
            by_project[key, shared].append(one)
        if not one.project:
            by_parties[one.parties].append(one)
        by_heading[one.document_id, one.title].append(one)
    for alike in by_project.values():
        yield from pairwise(alike)
    for alike in by_parties.values():
        for left, right in combinations(alike, 2):
            if left.document_id == right.document_id or _alike(left.title, right.title):
                yield left, right
    for alike in by_heading.values():
        yield from ((left, right) for left, right in combinations(alike, 2) if _of_one_heading(left, right))


def _alike(left: str, right: str) -> bool:
    """Whether two titles say the same, or name the same kind of agreement ("Resultatkontrakt 2013: X", "… med X")."""
    kinds = [match[1].casefold() if (match := _AGREEMENT.search(title)) else "" for title in (left, right)]
    return token_set_ratio(left, right) >= LIKE or (kinds[0] != "" and kinds[0] == kinds[1])


def _of_one_heading(left: Statement, right: Statement) -> bool:
    both_named = left.project and right.project and project_key(left.project) != project_key(right.project)
    return not both_named and len(left.parties & right.parties) > 1


def _owners(clusters: Sequence[Sequence[Statement]], known: Mapping[str, str]) -> dict[str, int]:
    """For each id of earlier nights the number of the cluster that holds most of its claims (the first of equals)."""
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for number, cluster in enumerate(clusters):
        for one in cluster:
            if one.claim_id in known:
                votes[known[one.claim_id]][number] += 1
    return _largest(votes)


def _heirs(
    clusters: Sequence[Sequence[Statement]],
    known: Mapping[str, str],
    owners: Mapping[str, int],
    former: Iterable[Statement],
) -> dict[str, int]:
    """For ids whose claims are all gone, the number of the cluster that states the same and has no id of its own."""
    current = {one.claim_id: number for number, cluster in enumerate(clusters) for one in cluster}
    settled = set(owners.values())
    orphans = [
        one for one in former if one.claim_id not in current and known.get(one.claim_id, "") not in ("", *owners)
    ]
    if not orphans or len(settled) == len(clusters):
        return {}
    open_claims = [one for number, cluster in enumerate(clusters) if number not in settled for one in cluster]
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for together in _clusters(sorted([*open_claims, *orphans], key=lambda one: one.claim_id)):
        numbers = [current[one.claim_id] for one in together if one.claim_id in current]
        for one in together:
            if one.claim_id not in current:
                votes[known[one.claim_id]].update(numbers)
    return _largest(votes)


def _largest(votes: Mapping[str, Counter[int]]) -> dict[str, int]:
    """For each id the number of the cluster with most votes, the first of equals."""
    return {name: min(counts, key=lambda number: (-counts[number], number)) for name, counts in votes.items() if counts}


def _new_id(claim_id: str, taken: set[str]) -> str:
    attempt = 0
    while True:
        name = "c" + digest("collaboration", claim_id, str(attempt), length=12)
        if name not in taken:
            return name
        attempt += 1
