"""How well names are resolved and claims grouped: pairwise and B-cubed, beside exact names and one ratio."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from models.gazetteer import Gazetteer
from models.identity.gold import SAME, UNSURE, JudgedPair, Kind, Named
from models.identity.matcher import Matcher
from models.identity.names import normalise
from models.identity.organisations import Typing
from models.records import REGIONS, area_of, digest
from models.scoring import Score, interval, total

Known = Callable[[str], tuple[str, str]]
"""A name to what is known of its organisation: type, and the growth forum's area that it is at home in, or ""."""
UNREAD = "?"
"""The home of an organisation of which the reader did not know it."""

RATIO = 90  # of the baseline
SEED = 2011


def same_names(left: str, right: str) -> bool:
    """The first baseline: equal in normal form."""
    return str(normalise(left)) == str(normalise(right))


def like_names(left: str, right: str) -> bool:
    """The second: one threshold of rapidfuzz."""
    return fuzz.token_sort_ratio(normalise(left).stem, normalise(right).stem) >= RATIO


def decide(matcher: Matcher, gazetteer: Gazetteer, left: Named, right: Named, same: float) -> bool:
    """Whether both names come to one organisation."""
    bodies = [matcher.read(one.name, one.on, one.area) for one in (left, right)]
    if all(bodies):
        return bodies[0] is bodies[1]
    known = [body.names if body else (one.name,) for body, one in zip(bodies, (left, right), strict=True)]
    for one, body, other in ((left, bodies[0], bodies[1]), (right, bodies[1], bodies[0])):
        if body is None:
            match = matcher.match([one.name]).get(one.name)
            if match and match.sure:
                return other is gazetteer.bodies[match.body_id] if other else False
    return matcher.chance(*known) >= same


def judged(pairs: Sequence[JudgedPair], same: Callable[[Named, Named], bool]) -> dict[str, float]:
    """Precision, recall and F1 of "same", with what people are unsure of left out."""
    scores = []
    for pair in pairs:
        if pair.judgement != UNSURE:
            said, gold = same(pair.left, pair.right), pair.judgement == SAME
            scores.append(Score(int(said and gold), int(said and not gold), int(gold and not said)))
    return _told(total(scores), interval(scores, SEED))


def known_kinds(kinds: Sequence[Kind], known: Known) -> dict[str, float]:
    """The share of organisations whose type, and of those with a home whose home, is `known`; `home_precision`: the
    share that is right of the homes told, also of organisations that are at home nowhere."""
    told = [(one, *known(one.name)) for one in kinds]
    types = [partner_type == one.partner_type for one, partner_type, _ in told]
    homes = [home == one.home for one, _, home in told if one.home in REGIONS]
    right = [home == one.home for one, _, home in told if home and one.home != UNREAD]
    shares = {"partner_type": types, "home": homes, "home_precision": right}
    return {name: round(sum(hits) / len(hits), 4) for name, hits in shares.items()}


def by_name(gazetteer: Gazetteer, typing: Typing) -> Known:
    """What follows from a name alone."""

    def known(name: str) -> tuple[str, str]:
        if body := gazetteer.find(name):
            return body.partner_type, body.area
        return typing.partner_type(name), area_of(*typing.home(name))

    return known


def grouped(gold: Mapping[str, str], said: Mapping[str, str]) -> dict[str, Any]:
    """Both measures of a grouping: ids to groups."""
    pairwise = [
        Score(int(one and other), int(other and not one), int(one and not other))
        for left, right in combinations(sorted(gold), 2)
        if (one := gold[left] == gold[right]) | (other := said[left] == said[right])
    ]
    return {"b_cubed": b_cubed(gold, said), "pairwise": _told(total(pairwise), None)}


def b_cubed(gold: Mapping[str, str], said: Mapping[str, str]) -> dict[str, float]:
    """Precision, recall and F1 of a grouping, the mean over its members (Bagga & Baldwin 1998)."""
    whole, parts = _members(gold), _members(said)
    shared = [len(whole[gold[one]] & parts[said[one]]) for one in gold]
    precision = sum(count / len(parts[said[one]]) for one, count in zip(gold, shared, strict=True)) / len(gold)
    recall = sum(count / len(whole[gold[one]]) for one, count in zip(gold, shared, strict=True)) / len(gold)
    f1 = 2 * precision * recall / (precision + recall)
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def alone(key: str, claim_id: str) -> str:
    """A group by a key; for what has none, one of its own."""
    return key or digest("alone", claim_id)


def _members(groups: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, group in groups.items():
        found[group].add(one)
    return found


def _told(score: Score, bounds: tuple[float, float] | None) -> dict[str, float]:
    told = {"f1": score.f1, "precision": score.precision, "recall": score.recall}
    if bounds:
        told |= {"low": bounds[0], "high": bounds[1]}
    return {name: round(value, 4) for name, value in told.items()}
