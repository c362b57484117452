"""Claims made into collaborations: which statements speak of the same joint thing, and the id it keeps.

Claims are one collaboration when they name the same project (in any spelling) and share a party; without a project,
when they join the same parties under a like title; when one document names the same project in them; and when they
stand under one heading of one document and share two. A claim without a project may bear its name as a title. What
these rules leave apart a learned decision may join, where the claims on both sides are alike on the whole.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from models.identity.components import Components
from models.identity.judgements import CLAIM, COLLABORATION, Judged
from models.identity.names import normalise
from models.identity.pairs import Side
from models.records import Judgement, digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.identity.likeness import Likeness

LIKE = 85.0  # token_set_ratio, 0 to 100, from which two titles count as one
WHOLE = 400  # titles of the same parties that are all compared with each other; of more, neighbours in two orders
WINDOW = 64  # neighbours compared at once; windows overlap by half

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
    text: str = ""  # its evidence
    year: int = 0  # 0 where it is not known
    forums: frozenset[str] = frozenset()

    @property
    def side(self) -> Side:
        """As the learned decision compares it."""
        return Side(self.claim_id, self.project, self.title, self.text, self.parties, self.year, self.forums)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which collaboration each claim belongs to; since when each is known; where merged ids went; and which two may be
    one, with the chance of it."""

    groups: dict[str, str]  # claim id -> collaboration id
    first_seen: dict[str, datetime]
    redirects: dict[str, str]
    asked: dict[tuple[str, str], float] = field(default_factory=dict)


def project_key(name: str) -> str:
    """The key under which spellings of a project's name fall together: "Scale-up", "Scale Up", "Scale-up-projektet"."""
    bare = _WRAPPING.sub("", name.strip(" \"'“”„»«.,:;"))
    return normalise(bare).stem.replace(" ", "")


def group_claims(  # noqa: PLR0913, PLR0917 - all that earlier nights left
    statements: Iterable[Statement],
    known: Mapping[str, str],
    first_seen: Mapping[str, datetime],
    former: Iterable[Statement] = (),
    origins: Mapping[str, str] | None = None,
    likeness: Likeness | None = None,
    judgements: Iterable[Judgement] = (),
) -> Grouping:
    """Group claims; ids of earlier nights (`known`: claim id -> collaboration id) stay where they were.

    A merge keeps the oldest id and redirects the others to it; a split leaves the id with the larger part, and what had
    an id of its own before a merge (`origins`: claim id -> that id) gets it back. When a page is rewritten, or read in
    another way, its claims are new; they take the id of the `former` ones that they restate. Without a `likeness`
    the rules alone join claims. What people said of ids and of quotes (`judgements`) stands before both.
    """
    ordered = sorted(statements, key=lambda one: one.claim_id)
    former = list(former)
    clusters, likely = _clusters(ordered), dict[tuple[str, str], float]()
    if likeness:
        clusters, likely = _joined(clusters, likeness)
    clusters = _as_judged(clusters, {**known, **(origins or {})}, first_seen, list(judgements))
    merged = {claim: name for claim, name in (origins or {}).items() if name != known.get(claim, name)}
    owners = _owners(clusters, {**known, **merged})
    owners = _owners(clusters, known) | owners
    for names in (known, merged):
        owners |= _heirs(clusters, names, owners, former)
    groups: dict[str, str] = {}
    seen: dict[str, datetime] = {}
    redirects: dict[str, str] = {}
    taken = set(first_seen)
    names_of: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for name, owner in owners.items():
        names_of[owner].append((first_seen[name], name))
    for number, cluster in enumerate(clusters):
        old = sorted(names_of[number])
        chosen = old[0][1] if old else _new_id(cluster[0].claim_id, taken)
        taken.add(chosen)
        redirects |= {name: chosen for _, name in old[1:]}
        seen[chosen] = min([one.seen for one in cluster] + [moment for moment, _ in old])
        groups |= {one.claim_id: chosen for one in cluster}
    asked: dict[tuple[str, str], float] = {}
    for (left, right), chance in likely.items():
        one, other = sorted((groups[left], groups[right]))
        if one != other:
            asked[one, other] = max(chance, asked.get((one, other), 0.0))
    return Grouping(groups, seen, redirects, asked)


def straightened(redirects: Mapping[str, str], in_use: Collection[str]) -> dict[str, str]:
    """Redirects each straight to where its chain ends; none from an id in use, and none that lead round in a circle."""
    moved = {old: new for old, new in redirects.items() if old not in in_use}
    straight: dict[str, str] = {}
    for old, new in moved.items():
        passed, at = {old}, new
        while at in moved and at not in passed:
            passed.add(at)
            at = moved[at]
        if at not in passed:
            straight[old] = at
    return straight


def _clusters(ordered: Sequence[Statement]) -> list[list[Statement]]:
    by_id = {one.claim_id: one for one in ordered}
    same = Components[str]()
    for left, right in _same(ordered):
        same.join(left.claim_id, right.claim_id)
    return _in_order([by_id[claim_id] for claim_id in group] for group in same.groups(by_id))


def _in_order(clusters: Iterable[Iterable[Statement]]) -> list[list[Statement]]:
    """Clusters by their first claims, claims by their ids: the same in whatever order they came."""
    found = [sorted(cluster, key=lambda one: one.claim_id) for cluster in clusters]
    return sorted(found, key=lambda cluster: cluster[0].claim_id)


def _joined(
    clusters: Sequence[Sequence[Statement]], likeness: Likeness
) -> tuple[list[list[Statement]], dict[tuple[str, str], float]]:
    """The clusters of the rules, joined where their claims are alike on average (average linkage); and claims of two
    that stand apart and may be one, with the chance of it."""
    from models.identity.linking import linked  # noqa: PLC0415 - the store needs this module's records alone

    number = {one.claim_id: at for at, cluster in enumerate(clusters) for one in cluster}
    sides = [one.side for cluster in clusters for one in cluster]
    groups, asked = linked(sides, [number[side.claim_id] for side in sides], likeness)
    likely = {
        (clusters[one][0].claim_id, clusters[other][0].claim_id): chance for (one, other), chance in asked.items()
    }
    return _in_order((one for at in group for one in clusters[at]) for group in groups), likely


def quote_key(evidence: str) -> str:
    """Names a quote by its letters and digits: the same however it is spaced, wherever and whenever it is found."""
    return digest("quote", re.sub(r"[\W_]+", "", evidence.casefold()), length=20)


def _as_judged(
    clusters: Sequence[list[Statement]],
    own: Mapping[str, str],
    since: Mapping[str, datetime],
    judgements: Sequence[Judgement],
) -> list[list[Statement]]:
    """The clusters as people said, of their quotes and then of their ids.

    `own`: the id that each claim had before any merge, each known `since` a moment.
    """
    of_quotes = Judged(one for one in judgements if one.kind == CLAIM)
    of_ids = Judged(one for one in judgements if one.kind == COLLABORATION)
    quotes = {one.claim_id: quote_key(one.text) for cluster in clusters for one in cluster} if of_quotes else {}
    told = {claim: quote for claim, quote in quotes.items() if of_quotes.knows(quote)}
    ranks = {name: (moment, name) for name, moment in since.items()}
    return _parted(_parted(clusters, told, {name: name for name in told.values()}, of_quotes), own, ranks, of_ids)


def _parted(
    clusters: Sequence[list[Statement]], names: Mapping[str, str], ranks: Mapping[str, Any], judged: Judged
) -> list[list[Statement]]:
    """What was said to be different apart, what was said to be the same together: by the name of each claim that has
    one, names in the order of their ranks. A claim without goes where most of its parties are.
    """
    if not judged:
        return _in_order(clusters)
    parts = [part for cluster in clusters for part in _apart(cluster, names, ranks, judged)]
    holding: dict[str, list[int]] = defaultdict(list)  # by name, the parts that hold claims of it
    for at, part in enumerate(parts):
        for name in {names[one.claim_id] for one in part if one.claim_id in names}:
            holding[name].append(at)
    same = Components[int]()
    for group in judged.groups():
        places = [at for name in group for at in holding.get(name, ())]
        for at in places[1:]:
            same.join(places[0], at)
    return _in_order([one for at in group for one in parts[at]] for group in same.groups(range(len(parts))))


def _apart(
    cluster: Sequence[Statement], names: Mapping[str, str], ranks: Mapping[str, Any], judged: Judged
) -> list[list[Statement]]:
    """One cluster in as many parts as its names were said to be different."""
    found = sorted({names[one.claim_id] for one in cluster if one.claim_id in names}, key=lambda name: ranks[name])
    groups: list[list[str]] = []
    for name in found:
        fitting = next((group for group in groups if judged.allows(group, [name])), None)
        if fitting is None:
            groups.append([name])
        else:
            fitting.append(name)
    if len(groups) < 2:
        return [list(cluster)]
    parts = [[one for one in cluster if names.get(one.claim_id) in group] for group in groups]
    parties = [frozenset().union(*(one.parties for one in part)) for part in parts]
    for one in (one for one in cluster if one.claim_id not in names):
        parts[max(range(len(parts)), key=lambda at: (len(one.parties & parties[at]), -at))].append(one)
    return parts


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
        yield from _of_like_title(alike)
    for alike in by_heading.values():
        yield from _of_one_heading(alike)


def _of_like_title(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Of one document, of one title, of one kind of agreement ("Resultatkontrakt 2013: X", "… med X"), or alike."""
    together: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    titles: dict[str, Statement] = {}
    for one in statements:
        together["document", one.document_id].append(one)
        if one.title.split():
            together["title", one.title].append(one)
            titles.setdefault(one.title, one)
        if match := _AGREEMENT.search(one.title):
            together["agreement", match[1].casefold()].append(one)
    for same in together.values():
        yield from pairwise(same)
    yield from ((titles[left], titles[right]) for left, right in like_titles(titles))


def like_titles(titles: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of like titles, enough of them that all the others follow.

    Comparing each with each is quadratic; of many titles those are compared that stand near each other when ordered by
    their first significant words, or by their rarest ones (the sorted neighbourhood method, Hernández & Stolfo 1995).
    """
    ordered = sorted(set(titles))
    if len(ordered) <= WHOLE:
        yield from _compared(ordered)
        return
    words = {title: re.findall(r"\w+", title.casefold()) for title in ordered}
    common = Counter(word for found in words.values() for word in set(found))
    first = {title: [word for word in found if len(word) > 3] for title, found in words.items()}
    rarest = {title: sorted(found, key=lambda word: (common[word], word)) for title, found in words.items()}
    for keys in (first, rarest):
        near = sorted(ordered, key=lambda title: (keys[title], title))
        for start in range(0, len(near) - WINDOW // 2, WINDOW // 2):
            yield from _compared(near[start : start + WINDOW])


def _compared(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each title with each; of those that hang together as many pairs as hold them together."""
    import numpy as np  # noqa: PLC0415 - the store needs this module's records alone
    from rapidfuzz.fuzz import token_set_ratio  # noqa: PLC0415
    from rapidfuzz.process import cdist  # noqa: PLC0415

    alike: NDArray[np.bool_] = cdist(titles, titles, scorer=token_set_ratio, score_cutoff=LIKE) > 0
    unseen = np.ones(len(titles), dtype=bool)
    for start in range(len(titles)):
        pending = [start] if unseen[start] else []
        unseen[start] = False
        while pending:
            at = pending.pop()
            found = np.flatnonzero(alike[at] & unseen).tolist()
            unseen[found] = False
            pending += found
            yield from ((titles[at], titles[other]) for other in found)


def _of_one_heading(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Under one heading: two parties in common, and not two projects. Equal ones first, so that few are compared."""
    equal: dict[tuple[str, frozenset[str]], list[Statement]] = defaultdict(list)
    for one in statements:
        if len(one.parties) > 1:
            equal[f"={project_key(one.project)}" if one.project else "", one.parties].append(one)
    for same in equal.values():
        yield from pairwise(same)
    by_pair: dict[tuple[str, str], dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for (project, parties), same in equal.items():
        for pair in combinations(sorted(parties), 2):
            by_pair[pair][project].append(same[0])
    for by_project in by_pair.values():
        nameless = by_project.get("", [])
        for same in by_project.values():
            yield from pairwise([*nameless[:1], *same])


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
    homeless = {claim for claim, name in known.items() if name not in owners} - current.keys()
    orphans = [one for one in former if one.claim_id in homeless]
    if not orphans or len(settled) == len(clusters):
        return {}
    open_claims = [one for number, cluster in enumerate(clusters) if number not in settled for one in cluster]
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for together in _clusters(sorted([*open_claims, *orphans], key=lambda one: one.claim_id)):
        fresh = [one for one in together if one.claim_id in current]
        gone: dict[str, list[Statement]] = defaultdict(list)
        for one in together if fresh else ():
            if one.claim_id not in current:
                gone[known[one.claim_id]].append(one)
        for name, of_name in gone.items():  # each by itself: what restates one does not restate the next through it
            alone = sorted([*fresh, *of_name], key=lambda one: one.claim_id)
            for part in _clusters(alone) if len(gone) > 1 else (alone,):
                numbers = Counter(current[one.claim_id] for one in part if one.claim_id in current)
                for one in part:
                    if one.claim_id not in current:
                        votes[name].update(numbers)
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
