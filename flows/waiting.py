"""What waits for a person's judgement: collaborations, and pairs of names that may be of one organisation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.engines import Engines
from models.identity.judgements import COLLABORATION, ORGANISATION, Judged, last_words
from models.identity.organisations import BODY, name_key
from models.listing import Listings
from models.records import NO_THEME, Decision, Relation, Theme, ThemePrediction, Verdict
from models.store import StoredClaim
from models.themes.drift import ABSTAINED, CONFIDENCE, NIGHTS, drifts
from models.themes.passages import passage_digest, passage_of

ANSWERS = {"ja": Verdict.ACCEPTED, "ret": Verdict.CORRECTED, "nej": Verdict.REJECTED}

Grouped = Mapping[str, Sequence[StoredClaim]]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two names that may be of one organisation, or two collaborations, by their ids, that may be one."""

    left: str
    right: str
    chance: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A collaboration that a person should judge, or judge again because its text is another."""

    collaboration_id: str
    passage: str  # digest of its text now
    said: ThemePrediction
    margin: float  # from the nearest threshold of a theme
    decided: Decision | None  # on the earlier text; it stands until there is another
    changed: str  # what changed since, in Danish; empty where nobody decided


def by_collaboration(engines: Engines) -> Grouped:
    """The current claims of each collaboration."""
    members = engines.store.members()
    grouped: dict[str, list[StoredClaim]] = defaultdict(list)
    for stored in engines.store.current_claims():
        grouped[members[stored.claim.id]].append(stored)
    return grouped


def waiting(engines: Engines, grouped: Grouped | None = None) -> list[Waiting]:
    """What the model is unsure of and nobody decided, and what was decided on another text; the most unsure first."""
    predictions, decided = engines.store.predictions(engines.themes_version), engines.store.latest_decisions()
    extractions = Listings(engines.store).extractions()
    found = []
    for key, claims in (grouped if grouped is not None else by_collaboration(engines)).items():
        passage = passage_digest(passage_of(stored.claim for stored in claims))
        said, last = predictions.get(passage), decided.get(key)
        if said is None or not (said.review if last is None else outdated(last, passage, extractions.get(key, ""))):
            continue  # settled, or to be classified by the next harvest
        margin = min(engines.themes.distance(theme, value) for theme, value in said.probabilities.items())
        found.append(Waiting(key, passage, said, margin, last, _changed(key, claims, last) if last else ""))
    return sorted(found, key=lambda one: (one.margin, one.collaboration_id))


def alike(engines: Engines) -> list[Alike]:
    """Names that may be a known body's, and that nobody has judged; the likeliest first."""
    named = [one.name for one in engines.store.organisations().values() if not one.body_id]
    said = engines.store.judgements(ORGANISATION)
    judged = Judged(said, lambda name: name_key(name, engines.gazetteer))
    unsure = {pair for pair, one in last_words(said).items() if one.relation is Relation.UNSURE}
    found = []
    for name, match in engines.matcher.match(named).items():
        body = engines.gazetteer.bodies[match.body_id].name
        decided = judged(name_key(name, engines.gazetteer), f"{BODY}{match.body_id}")
        if not match.sure and decided is None and frozenset((name, body)) not in unsure:
            found.append(Alike(name, body, match.chance))
    engines.remember_meanings()
    return sorted(found, key=lambda one: (-one.chance, one.left))


def alike_collaborations(engines: Engines, likely: Mapping[tuple[str, str], float]) -> list[Alike]:
    """Those of the likely pairs of collaborations that nobody has judged; the likeliest first."""
    said = engines.store.judgements(COLLABORATION)
    judged, last = Judged(said), last_words(said)
    found = [
        Alike(left, right, chance)
        for (left, right), chance in likely.items()
        if judged(left, right) is None and frozenset((left, right)) not in last
    ]
    return sorted(found, key=lambda one: (-one.chance, one.left, one.right))


def outdated(last: Decision, passage: str, extraction: str) -> bool:
    """Whether a decision is on another text, out of which something else was extracted; it stands all the same."""
    before = json.loads(last.before or "{}").get("extraction", "")
    return last.passage != passage and not (extraction and before == extraction)


def _changed(key: str, claims: Iterable[StoredClaim], last: Decision) -> str:
    """What the decision was, and why the text is another; the old text itself is not kept."""
    answer = next(name for name, verdict in ANSWERS.items() if verdict is last.verdict)
    themes = "" if last.verdict is Verdict.REJECTED else f" ({', '.join(last.themes) or NO_THEME})"
    fresh = sum(stored.fetched_at > last.at for stored in claims)
    reasons = [f"lagt sammen med {last.collaboration_id}"] if last.collaboration_id != key else []
    reasons += [f"{fresh} udsagn fra nye sider"] if fresh else []
    told = ", ".join(reasons) or "læst anderledes, eller sider er kommet til eller faldet bort"
    return f"Afgjort {last.at:%d-%m-%Y}: {answer}{themes}. Teksten er ændret siden: {told}."


def drifted(engines: Engines) -> list[str]:
    """What of the last night's themes is outside its band, a line each, in Danish."""
    nights = engines.store.nights(NIGHTS + 1)
    found = drifts(nights[-1], nights[:-1]) if nights else []
    return [f"{_shown(one.name)}: {one.value:.2f}, ventet {one.low:.2f}-{one.high:.2f}" for one in found]


def _shown(name: str) -> str:
    if name in tuple(Theme):
        return f"andel med temaet {Theme(name).danish}"
    return {CONFIDENCE: "modellens sikkerhed", ABSTAINED: "andel, som modellen er i tvivl om"}[name]
