"""Fitting the identity model: on judged pairs of names and claims, and on what the gazetteer itself tells of names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from models.gazetteer import Gazetteer
from models.identity import matching, pairs
from models.identity.gold import SAME, TRAIN, UNSURE, GroupedClaim, JudgedPair
from models.identity.matcher import Matcher, lexicon_of
from models.identity.matching import features
from models.identity.model import Decider, IdentityModel, save_model
from models.identity.names import normalise
from models.identity.organisations import Typing
from models.identity.pairs import Rarity, Side, candidates, rarity
from models.identity.readings import readings
from models.scoring import calibration_error

FOLDS = 8
PRECISION = 0.99  # of the names that count as the same: a wrong merge is worse than a missed one
AGAINST = {
    "names": frozenset(["left_over", "missing", "each", "places", "numbers", "other_form", "other_kind", "unlike"]),
    "claims": frozenset(["years", "left_over", "missing", "part_of"]),
}
"""Features that may only speak against a pair."""
OPEN = {
    "names": frozenset(["only_places", "kind", "short"]),
    "claims": frozenset(["named", "nameless", "half_named"]),
}
"""Features that may speak either way; all others only for it."""
SUREST = 0.97  # the least probability that counts as sure, whatever easy pairs say
ASKED = {"names": 0.85, "claims": 0.3}  # probability from which a person is asked
OF_BODY = 6  # pairs of one body's names
LIKE_OTHERS = 3  # names of other bodies, the likest, for a name
SEEN_AS_LIKE = 60  # ratio of letters
KNOWN_WEIGHT = {"names": 0.15, "claims": 1.0}  # of a pair out of the gazetteer, or the register, beside a judged one
TOGETHER = 12  # groups of the gold that are held out at once
LEAST = 0.45  # below, rows of the register that share their parties begin to be joined
SEED = 2011

Rows = NDArray[np.float64]


def train(  # noqa: PLR0913, PLR0917 - what a training is told
    judged: Sequence[JudgedPair],
    claims: Sequence[tuple[GroupedClaim, Side]],
    granted: Sequence[Side],
    gazetteer: Gazetteer,
    typing: Typing,
    folder: Path,
    card: dict[str, Any],
) -> dict[str, Any]:
    """Fit both on their training parts, write artefact and card; gives back the card.

    `granted`: rows of a register of projects; what its names do not tie is two projects, however alike the parties.
    """
    names, told_names = _names(judged, gazetteer, typing)
    learned = [one for one in claims if one[0].split == TRAIN]
    rare = rarity([*(side for _, side in learned), *granted])
    of_claims, told_claims = _claims(learned, granted, rare)
    told = {"scikit_learn": sklearn.__version__, "held_out": {"names": told_names, "claims": told_claims}}
    return save_model(folder, IdentityModel(names, of_claims, rare), {**card, **told})


def _names(judged: Sequence[JudgedPair], gazetteer: Gazetteer, typing: Typing) -> tuple[Decider, dict[str, Any]]:
    lexicon, kind = lexicon_of(gazetteer), typing.partner_type

    def row(left: str, right: str) -> list[float]:
        return features(left, right, lexicon, (kind(left), kind(right)))

    known_rows, known_gold = _out_of(gazetteer, row)
    unfitted = Matcher(gazetteer, typing, Decider(_untrained("names"), 1.0, 1.0))
    rows, gold, groups = [], [], []
    for pair in judged:
        if pair.split != TRAIN or pair.judgement == UNSURE or _is_read(unfitted, pair):
            continue
        of_readings = [row(one, other) for one in readings(pair.left.name) for other in readings(pair.right.name)]
        rows.append(max(of_readings, key=lambda one: one[0] + one[2]))
        gold.append(pair.judgement == SAME)
        groups.append(pair.id)
    return _fitted(np.array(rows), np.array(gold), groups, "names", (known_rows, known_gold))


def _is_read(matcher: Matcher, pair: JudgedPair) -> bool:
    """Whether readings alone tell what both names mean."""
    return all(matcher.read(one.name, one.on, one.area) for one in (pair.left, pair.right))


def _out_of(gazetteer: Gazetteer, row: Callable[[str, str], list[float]]) -> tuple[Rows, NDArray[np.bool_]]:
    """Names of one body that are alike, and the likest names of others."""
    names = [(name, body.id) for body in gazetteer for name in body.names if len(name) > matching.SHORT]
    rows, gold = [], []
    for body in gazetteer:
        own = [name for name in body.names if len(name) > matching.SHORT]
        for left, right in list(combinations(own, 2))[:OF_BODY]:
            told = row(left, right)
            if not told[matching.FEATURES.index("unlike")]:
                rows.append(told)
                gold.append(True)
    letters = [normalise(name).stem.replace(" ", "") for name, _ in names]
    drawn = np.random.default_rng(SEED).permutation(len(names))[: len(names) // 2]
    scores = cdist([letters[at] for at in drawn], letters, scorer=fuzz.ratio, score_cutoff=SEEN_AS_LIKE, dtype=np.uint8)
    for at, found in zip(drawn, scores, strict=True):
        others = [other for other in np.argsort(-found, kind="stable")[:20] if found[other]]
        for other in [other for other in others if names[other][1] != names[at][1]][:LIKE_OTHERS]:
            rows.append(row(names[at][0], names[other][0]))
            gold.append(False)
    return np.array(rows), np.array(gold)


def _claims(
    claims: Sequence[tuple[GroupedClaim, Side]], granted: Sequence[Side], rare: Rarity
) -> tuple[Decider, dict[str, Any]]:
    groups = {claim.id: claim.group for claim, _ in claims}
    sides = [side for _, side in claims]
    compared = list(candidates(sides))
    rows = np.array([pairs.features(left, right, rare) for left, right in compared])
    gold = np.array([groups[left.claim_id] == groups[right.claim_id] for left, right in compared])
    of_rows = (pairs.features(left, right, rare) for left, right in candidates(granted))
    apart = [row for row in of_rows if not pairs.are_tied(row)]
    known = (np.array(apart), np.zeros(len(apart), np.bool_)) if apart else None
    return _fitted(rows, gold, _written_together(compared, groups), "claims", known)


def _written_together(compared: Sequence[tuple[Side, Side]], groups: dict[str, str]) -> list[str]:
    """For each pair the stretch of the gold that it stands in: what follows each other is of like matter."""
    order = {name: at for at, name in enumerate(dict.fromkeys(groups.values()))}
    return [str(order[groups[left.claim_id]] // TOGETHER) for left, _ in compared]


def _fitted(
    rows: Rows,
    gold: NDArray[np.bool_],
    groups: Sequence[str],
    what: str,
    known: tuple[Rows, NDArray[np.bool_]] | None = None,
) -> tuple[Decider, dict[str, Any]]:
    """Fit on all; the threshold by what held-out groups say."""
    weights, judged = np.ones(len(gold)), np.ones(len(gold), np.bool_)
    if known is not None:
        rows, gold = np.concatenate([rows, known[0]]), np.concatenate([gold, known[1]])
        weights = np.concatenate([weights, np.full(len(known[1]), KNOWN_WEIGHT[what])])
        judged = np.concatenate([judged, np.zeros(len(known[1]), np.bool_)])
        groups = [*groups, *(f"known {at}" for at in range(len(known[1])))]
    params = {"sample_weight": weights}
    held = cross_val_predict(
        _untrained(what), rows, gold, cv=GroupKFold(FOLDS), groups=groups, method="predict_proba", params=params
    )[:, 1]
    same = _surest(held, gold) if what == "names" else _best(held, gold)
    classifier = _untrained(what).fit(rows, gold, **params)
    told = {
        "pairs": int(judged.sum()),
        "told_elsewhere": int((~judged).sum()),
        "threshold": same,
        "calibration_error": round(calibration_error(held[judged], gold[judged]), 3),
        "average_precision": round(float(average_precision_score(gold[judged], held[judged])), 3),
    }
    return Decider(classifier, same, min(ASKED[what], same)), told


def _surest(chances: NDArray[np.float64], gold: NDArray[np.bool_]) -> float:
    """The lowest probability from which this share of pairs are the same."""
    steps = np.round(np.arange(SUREST, 1.0, 0.002), 3)
    sure = [step for step in steps if gold[chances >= step].sum() >= PRECISION * max(1, (chances >= step).sum())]
    return float(sure[0]) if sure else 1.0


def _best(chances: NDArray[np.float64], gold: NDArray[np.bool_]) -> float:
    """The probability from which F1 over pairs is highest."""
    steps = np.round(np.arange(LEAST, 0.9, 0.01), 2)
    return float(max(steps, key=lambda step: f1_score(gold, chances >= step)))


def _untrained(what: str) -> HistGradientBoostingClassifier:
    """Small trees, each feature of which speaks one way only, so that few pairs teach no nonsense."""
    names = {"names": matching.FEATURES, "claims": pairs.FEATURES}[what]
    ways = [0 if name in OPEN[what] else -1 if name in AGAINST[what] else 1 for name in names]
    return HistGradientBoostingClassifier(
        monotonic_cst=ways,
        max_iter=120 if what == "names" else 200,
        learning_rate=0.06,
        max_leaf_nodes=6 if what == "names" else 8,
        min_samples_leaf=8,
        l2_regularization=1.0,
        random_state=SEED,
    )
