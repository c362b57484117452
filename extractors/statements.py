"""What sentences say of collaborations: some join parties, others add to these a party, a role or a funder."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from extractors.blocks import ReadBlock, Sentence, plays
from extractors.cues import NEUTRAL, Headings, any_of
from extractors.forums import with_own_forum
from extractors.joining import TOGETHER, collaborations, near
from extractors.parties import Parties, Run, Setting, distinct
from extractors.topics import Listing, Topic
from models.claims.model import ClaimModel
from models.gazetteer import Body
from models.identity.collaborations import project_key
from models.identity.names import genitive_base
from models.records import BlockKind, Mention, MentionLabel, Participant, PartnerType, Role

LIST_CONFIDENCE = 0.9  # parties under a heading that says so
LARGEST = 7.0  # log odds that count
SURELY = 0.9
CALLED = 0.9  # from which what is called by its parties has a name all the same
NO_PARTS = (0.5, 0.0, 0.0, 0.0)
TOLD_WORDS = 6  # of a cell that tells something
BEFORE = 100  # names that a common noun may take up
NEAR = 16  # characters between a subject and its verb
GAP_WORDS = 8  # between "samarbejde med" and the first party

_CLAUSE = re.compile(r"[,;] (?:og|men|mens|hvor|så) |; ")
_BESIDE = re.compile(r"\b(?:i|på|hos|fra|af|for|til|om|ved)\s(?:\w+\s)?$", re.IGNORECASE)
_JOINED_BY = re.compile(r"\b(?:med|mellem|samt)\s(?:[a-zæøå]+\s)?$")
_OPEN_END = re.compile(r"\b(?:med|mellem|imellem)$")
_HALF = re.compile(r" (?:i|og|for|til|på|med|mod|af|fra|om|ved|-|–)$")
_PAYS = re.compile(r"(?:fond|pulje|program)(?:en|et|met)?s?$", re.IGNORECASE)
_COMMON = re.compile(
    r"(?:selskab|projekt|konsorti|partnerskab|samarbejd|program|initiativ|aftale|forening|klynge|netværk|part)"
    r"(?:e[nt]?|n|met|um|umet|erne)?",
    re.IGNORECASE,
)  # what an agreement calls itself or its parties
_COMPOUND = re.compile(r"-(?:projekt|samarbejd|program|initiativ|partnerskab)\w*et$")
_SELVES = (
    (re.compile(r"\b(?:[Vv]i|[Oo]s|[Vv]ores?)\b"), None),
    (re.compile(r"\b[Rr]egionen\b"), PartnerType.REGION),
    (re.compile(r"\b[Kk]ommunen\b"), PartnerType.KOMMUNE),
)  # how a publisher speaks of itself, and what it then is
_KINDS = {
    "kommunen": ("kommune",),
    "regionen": ("region",),
    "universitetet": ("universitet",),
    "klyngen": ("klynge", "cluster"),
    "hospitalet": ("hospital",),
    "sygehuset": ("sygehus",),
    "museet": ("museum", "museet"),
    "havnen": ("havn",),
    "væksthuset": ("væksthus",),
    "erhvervshuset": ("erhvervshus",),
    "skolen": ("skole",),
    "centret": ("center", "centre"),
    "centeret": ("center", "centre"),
}  # what speaks of one body, and what its name then has
_KIND_MEANT = re.compile(
    rf"(?:\b(?:foruden|ud over|udover|sammen med|mellem|indgik|indgår|har|og) |^)({'|'.join(_KINDS)})\b"
    r"(?! (?:i|på|ved) [A-ZÆØÅ])",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"^\s*[–\-—\"'»”“]|\b(?:siger|sagde|fortæller|forklarer|udtaler|oplyser|mener)\b")
_NUMBERS = {"to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8}
_ANAPHOR = re.compile(rf"\b[Dd]e ({'|'.join(_NUMBERS)}) ([a-zæøå]+)\b")
_ANY_PARTY = re.compile(r"^(?:part|partner|fora|aktør|organisation|institution|samarbejdspartner)")
_LIMITED = re.compile(r" (?:i|fra) (?:de \w+|begge|[A-ZÆØÅ])")  # "vækstforaene i de to regioner"
_PLURAL = re.compile(r"(?:erne|ene|er|e)$")


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a block; `at` is the block's place in the document."""

    at: int
    read: ReadBlock
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.read.block.text[self.start : self.end]


@dataclass(slots=True)
class Statement:
    """Parties joined by a sentence or a list, with the words that prove it; one that `adds` tells more of another."""

    parties: list[Participant]
    quotes: list[Quote]
    confidence: float
    adds: bool = False
    project: str = ""
    names: list[str] = field(default_factory=list)  # of projects in its own words


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its names."""

    quote: Quote
    sentence: Sentence
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Taken:
    """Names that are taken for parties, how probably they are; `besides` are those that their sentence means."""

    quote: Quote
    run: Run
    chance: float
    besides: list[Participant]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the sentences of topics; `own` is the forum that "Vækstforum" alone means, `publisher` who "vi" are.

    What joins names is decided by the model where the pipeline has read what part they play, otherwise by the cues.
    """

    parties: Parties
    setting: Setting
    own: Body | None
    publisher: Participant | None = None
    model: ClaimModel | None = None
    document: float = 0.0  # how surely the document names two parties (see `surest`)

    def read(self, topic: Topic) -> list[Statement]:
        """The statements of a topic in order, each with what other sentences add to it, and with its project."""
        told = [Told(quote, sentence, self.runs(sentence, quote)) for quote, sentence in self.sentences(topic)]
        joint = list(_listed(topic))
        if self.model is not None and any(run.parts for one in told for run in one.runs):
            return self._decided(topic, told, joint)
        return self._cued(topic, told, joint)

    def _cued(self, topic: Topic, told: Sequence[Told], joint: list[Statement]) -> list[Statement]:
        """What sentences say by their cues alone."""
        added: list[Statement] = []
        said: list[Run] = []
        for heard in told:
            statement = self._stated(heard.quote, heard.runs, said)
            said += heard.runs
            if statement:
                names = _project_names(heard.sentence.mentions)
                statement.names = [name for name in names if _may_name(self.parties, name)]
                (added if statement.adds else joint).append(statement)
        joint.sort(key=lambda one: one.quotes[0].at)
        _name(self.parties, topic, joint)
        for one in added:
            _attach(one, joint)
        return joint

    def _decided(self, topic: Topic, told: Sequence[Told], joint: list[Statement]) -> list[Statement]:
        """What they say by the model: names that are likely enough to be parties, joined with those near to them."""
        taken = list(self._taken(told))
        projects = [
            one
            for read in topic.blocks
            for one in read.mentions
            if one.label is MentionLabel.PROJECT and plays(one) and _may_name(self.parties, one.text)
        ]
        besides = list(_besides(topic))
        for group in self._grouped(taken, projects):
            statement = self._joint(group, projects, topic)
            sharing = next((one for one in joint if _share(one, statement)), None)
            other = _count(statement.parties) > 1 and _are_two(topic, sharing, statement)
            if sharing is not None and sharing.confidence == LIST_CONFIDENCE and not other:
                add_to(sharing, statement)
            elif _count(statement.parties) > 1:
                joint.append(statement)
            else:
                sure = [one for one in statement.parties if one.role is Role.FUNDER or statement.confidence >= SURELY]
                besides += [replace(statement, parties=sure, names=[statement.project], adds=True)] if sure else []
        joint.sort(key=lambda one: (one.quotes[0].at, one.quotes[0].start))
        _name(self.parties, topic, joint)
        for one in joint:
            one.project = topic.also.get(project_key(one.project), one.project)
        for one in besides if joint else ():
            _attach(one, joint)
        return joint or [one for one in besides if one.adds]

    def _grouped(self, taken: Sequence[Taken], projects: Sequence[Mention]) -> Iterator[list[Taken]]:
        """Names of one collaboration each; an agreement that is called by its parties is one by itself."""
        by_itself = list(dict.fromkeys(one.quote for one in taken if self._is_called(one.quote.text, projects)))
        for quote in by_itself:
            yield [one for one in taken if one.quote == quote]
        others = [one for one in taken if one.quote not in by_itself]
        for group in collaborations([one.run for one in others]):
            yield [others[at] for at in group]

    def _is_called(self, text: str, projects: Sequence[Mention]) -> bool:
        """Whether words are of an agreement that is called by its parties, and name no project."""
        return _has_own_kind(self.parties.cues.headings, text) and not any(one.text in text for one in projects)

    def _taken(self, told: Sequence[Told]) -> Iterator[Taken]:
        assert self.model is not None  # noqa: S101 - asked before
        said: list[Run] = []
        for one in told:
            text = one.quote.text
            chances = self.model.probabilities(self.weighed(text, one.runs))
            if any(_is_collective(text, run) for run in one.runs):  # the model knows no closed sets
                confidence, joined = self._joined(text, one.runs, said)
                names = {party.name for party in joined}
                by_cue = [any(party.name in names for party in run.parties) for run in one.runs]
                chances = np.where(by_cue, np.maximum(chances, confidence), chances)
                out = [
                    _is_collective(text, run) and (not cue or _LIMITED.match(text[run.end :]) is not None)
                    for run, cue in zip(one.runs, by_cue, strict=True)
                ]
                chances = np.where(out, 0.0, chances)
            least = max(self.model.threshold, SURELY if self.parties.cues.denies(text) else 0.0)
            runs = [self._paying(text, run) for run in one.runs]
            kept = [(run, float(chance)) for run, chance in zip(runs, chances, strict=True) if chance >= least]
            outside = self.parties.cues.stands_outside
            kept = [
                told
                for told in kept
                if not outside(text[: told[0].start], text[told[0].end :]) and not self._is_to_come(told[0])
            ]
            if _is_letterhead(one):
                kept = []
            if sum(run.parties[0].role is not Role.FUNDER for run, _ in kept) < 2:
                kept = [told for told in kept if not self._only_decides(text, told[0])]
            besides = [*self._self(text), *_meant(text, said), *self._one_meant(text, said)] if kept else []
            yield from (Taken(one.quote, run, chance, besides) for run, chance in kept)
            said += one.runs

    def _paying(self, text: str, run: Run) -> Run:
        """The run; a growth forum that the model has not read, for "Vækstforum" alone names it, pays where money is."""
        if run.parts or len(run.parties) > 1 or not self._is_forum(run) or not self.parties.cues.money.search(text):
            return run
        return replace(run, role=Role.FUNDER, parties=tuple(replace(one, role=Role.FUNDER) for one in run.parties))

    def _is_to_come(self, run: Run) -> bool:
        """Whether the names are of bodies that were not there yet on the document's day."""
        day = self.setting.on
        bodies = [self.parties.gazetteer.bodies.get(party.body_id) for party in run.parties]
        return day is not None and all(one is not None and one.valid_from > day.isoformat() for one in bodies)

    def _is_forum(self, run: Run) -> bool:
        bodies = [self.parties.gazetteer.bodies.get(party.body_id) for party in run.parties]
        return len(bodies) == 1 and bodies[0] is not None and bodies[0].partner_type is PartnerType.VAEKSTFORUM

    def _only_decides(self, text: str, run: Run) -> bool:
        """Whether the name is that of a growth forum that has a matter before it, and does not pay."""
        sure = bool(run.parts) and run.parts[0] < 1 - SURELY
        pays = run.parties[0].role is Role.FUNDER and (sure or not self.parties.cues.asks.search(text))
        return self._is_forum(run) and not pays and bool(self.parties.cues.decides.search(text))

    def _joint(self, taken: Sequence[Taken], projects: Sequence[Mention], topic: Topic) -> Statement:
        founded = [one for one in taken if self._is_founded(one)]
        acting = [one for one in taken if one not in founded]
        parties = distinct(party for one in acting for party in (*one.besides, *one.run.parties))
        if _count(parties) < 2:
            founded, parties = [], distinct(party for one in taken for party in (*one.besides, *one.run.parties))
        quotes = list(dict.fromkeys(one.quote for one in taken))
        confidence = sum(one.chance for one in taken) / len(taken)
        places = [place for one in taken for place in one.run.places]
        told = [(near(places, [one.place] if one.place else []) or 0.0, one) for one in projects]
        told = [(chance, one) for chance, one in told if chance >= TOGETHER and one.parts]
        within = [(chance, one) for chance, one in told if any(one.text in quote.text for quote in quotes)]
        surest, best = max(((chance * (1 - one.parts[0]), one.text) for chance, one in told), default=(0.0, ""))
        if within and topic.heads(best):
            surest, best = max((chance * (1 - one.parts[0]), one.text) for chance, one in within)
        statement = Statement(parties, quotes, confidence, names=[] if best else _called(quotes))
        if surest < CALLED and self._is_called(quotes[0].text, projects):
            return statement
        best = best or next((one.run.parties[0].name for one in founded), "")
        statement.project = topic.project if _same(topic.project, best) else project_name(best, topic.text)
        return statement

    def _is_founded(self, one: Taken) -> bool:
        text, run = one.quote.text, one.run
        return len(run.parties) == 1 and self.parties.cues.is_founded(text[: run.start], text[run.end :])

    def sentences(self, topic: Topic) -> Iterator[tuple[Quote, Sentence]]:
        """The sentences of running text."""
        for at, read in enumerate(topic.blocks, topic.at):
            if _is_prose(read, self.parties):
                for sentence in read.sentences:
                    yield Quote(at, read, sentence.start, sentence.end), sentence

    def runs(self, sentence: Sentence, quote: Quote) -> list[Run]:
        """The names of a sentence."""
        mentions = [
            replace(one, start=one.start - sentence.start, end=one.end - sentence.start)
            for one in with_own_forum(sentence, quote.read.block.text, self.own)
        ]
        if not any(one.label is MentionLabel.ORG for one in mentions) and not _may_elide(quote.text):
            return []
        return self.parties.runs(quote.text, mentions, self.setting)

    def _stated(self, quote: Quote, runs: Sequence[Run], said: Sequence[Run]) -> Statement | None:
        """What a sentence says by its cues alone."""
        if self.parties.cues.denies(quote.text):
            return None
        confidence, named = self._joined(quote.text, runs, said)
        if _count(named) > 1:
            return Statement(named, [quote], confidence)
        named = distinct(self._added(quote.text, runs))
        return Statement(named, [quote], 0.0, adds=True) if named else None

    def weighed(self, text: str, runs: Sequence[Run]) -> list[list[float]]:
        """What speaks for each run of names being parties: a row of FEATURES."""
        cues = self.parties.cues
        cue = max((found.confidence for found, match in cues.found(text) if _reaches(text, match, runs)), default=0.0)
        told = [float(cue), float(cues.denies(text))]
        joining = {id(run) for run in self._joining(text, runs)}
        rows = []
        for run in runs:
            others = max((_log_odds(one) for one in runs if one is not run), default=-LARGEST)
            beside = bool(_BESIDE.search(text[: run.start]))
            said = [id(run) in joining, beside, bool(run.role), bool(_SPEECH.search(text)), bool(self._self(text))]
            known = sum(bool(party.body_id) for party in run.parties) / len(run.parties)
            _, _, lead, funder = run.parts or NO_PARTS
            sizes = [math.log(len(run.parties)), known]
            rows.append([_log_odds(run), lead, funder, others, self.document, *told, *map(float, said), *sizes])
        return rows

    def _joined(self, text: str, runs: Sequence[Run], said: Sequence[Run]) -> tuple[float, list[Participant]]:
        """The confidence that a cue lends, and the parties that it joins."""
        found = [(cue, match) for cue, match in self.parties.cues.found(text) if _reaches(text, match, runs)]
        if not found:
            return 0.0, []
        cue, match = found[0]
        kept = [
            run for run in runs if not cue.founding or run.start < match.start() or _JOINED_BY.search(text[: run.start])
        ]
        named = [*self._self(text), *_meant(text, said), *(party for run in kept for party in run.parties)]
        told = [replace(one, role=cue.role) if one.role is Role.PARTNER else one for one in named]
        return cue.confidence, distinct(told)

    def _self(self, text: str) -> list[Participant]:
        """The publisher, where the sentence is its own and speaks of it as "vi", or by its kind."""
        if self.publisher is None or _SPEECH.search(text):
            return []
        body = self.parties.gazetteer.bodies.get(self.publisher.body_id)
        kinds = {kind for pattern, kind in _SELVES if pattern.search(text)}
        return [self.publisher] if None in kinds or (body is not None and body.partner_type in kinds) else []

    def _one_meant(self, text: str, said: Sequence[Run]) -> Iterator[Participant]:
        """The party that "foruden kommunen" takes up: the nearest name before of that kind, else the publisher."""
        for found in _KIND_MEANT.finditer(text):
            words = _KINDS[found[1].casefold()]
            before = (one for run in reversed(said[-BEFORE:]) for one in reversed(run.parties))
            named = next((one for one in before if _has_any(one.name, words)), self.publisher)
            if named is not None and _has_any(named.name, words):
                yield replace(named, role=Role.PARTNER)

    def _added(self, text: str, runs: Sequence[Run]) -> Iterator[Participant]:
        """Parties of clauses that say who leads, who pays, and who takes part besides."""
        joining = {id(run) for run in self._joining(text, runs)}
        for run in runs:
            if run.role or (id(run) in joining and not _BESIDE.search(text[: run.start])):
                yield from run.parties

    def _joining(self, text: str, runs: Sequence[Run]) -> Iterator[Run]:
        """The names of clauses that say who takes part."""
        at = 0
        for end in [*(match.start() for match in _CLAUSE.finditer(text)), len(text)]:
            if any_of(self.parties.cues.joins, text[at:end]):
                yield from (run for run in runs if at <= run.start < end)
            at = end


def surest(blocks: Iterable[ReadBlock]) -> float:
    """How surely a document names two parties: the log odds of the second surest name."""
    best: dict[str, float] = {}
    for read in blocks:
        for one in read.mentions:
            if one.label is MentionLabel.ORG and one.parts:
                name = one.body_id or one.text
                best[name] = max(best.get(name, -LARGEST), _odds(one.parts))
    return sorted((-LARGEST, -LARGEST, *best.values()))[-2]


def _log_odds(run: Run) -> float:
    return _odds(run.parts) if run.parts else 0.0


def _odds(parts: Sequence[float]) -> float:
    """The log odds that a name plays any part."""
    none = min(max(parts[0], math.exp(-LARGEST)), 1 - math.exp(-LARGEST))
    return math.log((1 - none) / none)


def _is_letterhead(told: Told) -> bool:
    """Whether a document begins with a line that only says whose it is."""
    return told.quote.at == 0 and len(told.runs) == 1 and not told.quote.text.rstrip().endswith(".")


def _count(parties: Iterable[Participant]) -> int:
    """How many do something: who only pays does not."""
    return sum(party.role is not Role.FUNDER for party in parties)


def _is_collective(text: str, run: Run) -> bool:
    """Whether one word names several parties ("vækstforaene")."""
    return len(run.parties) > 1 and not re.search(r"[,/]| og | samt ", text[run.start : run.end])


def _reaches(text: str, match: re.Match[str], runs: Sequence[Run]) -> bool:
    """Whether what a cue with an open end joins ("samarbejde med …") is a party, and no one else's surroundings."""
    if not _OPEN_END.search(match[0]):
        return True
    behind = (text[match.end() : run.start] for run in runs if run.start >= match.end())
    gap = next(behind, None)
    if gap is None:  # "A og B samarbejder med virksomheder"
        return any(len(run.parties) > 1 and 0 <= match.start() - run.end < NEAR for run in runs)
    return len(gap.split()) <= GAP_WORDS and not _BESIDE.search(gap)


def _listed(topic: Topic) -> Iterator[Statement]:
    """The lists of parties of a topic, each that names at least two, one of them surely a body."""
    for listing in topic.listings:
        if _is_joint(listing):
            quotes = _quotes(topic, listing)
            names = [name for quote in quotes for name in _project_names(quote.read.mentions)]
            project = listing.project if len(topic.listings) > 1 else ""
            yield Statement(distinct(listing.parties), quotes, LIST_CONFIDENCE, project=project, names=names)


def _besides(topic: Topic) -> Iterator[Statement]:
    """Who leads or pays, where rows tell no more than that; the sentences of the topic tell who else is with."""
    for listing in topic.listings:
        if listing.parties and not _is_joint(listing) and listing.project in ("", topic.project):
            yield Statement(distinct(listing.parties), _quotes(topic, listing), LIST_CONFIDENCE, adds=True)


def _is_joint(listing: Listing) -> bool:
    named = distinct(listing.parties)
    return len(named) > 1 and listing.known and any(party.role not in (Role.LEAD, Role.FUNDER) for party in named)


def _quotes(topic: Topic, listing: Listing) -> list[Quote]:
    places = {id(read): at for at, read in enumerate(topic.blocks, topic.at)}
    return [Quote(places[id(read)], read, 0, len(read.block.text)) for read in listing.evidence]


def _is_prose(read: ReadBlock, parties: Parties) -> bool:
    """Whether sentences of a block count: not those of rows, and of headings only one that stands under the title."""
    kind, block = read.block.kind, read.block
    if kind is BlockKind.KEY_VALUE:
        return not any(parties.cues.section(key) not in ("", NEUTRAL) for key, _ in block.fields)
    if kind is BlockKind.TABLE_ROW:
        listed = any(parties.cues.section(key) in ("partner", "member") for key, _ in block.fields)
        return not listed and any(len(cell.split()) >= TOLD_WORDS for _, cell in block.fields)
    return kind is not BlockKind.HEADING or not parties.cues.section(block.text)


def _may_elide(text: str) -> bool:
    return "ommuner" in text or "niversiteter" in text or bool(_ANAPHOR.search(text))


def _called(quotes: Iterable[Quote]) -> list[str]:
    """Names of projects that the words themselves give, which no model has read."""
    return [
        one.text
        for quote in quotes
        for one in quote.read.mentions
        if one.label is MentionLabel.PROJECT and not one.parts and quote.start <= one.start < quote.end
    ]


def _has_any(name: str, words: Iterable[str]) -> bool:
    return any(word in name.casefold() for word in words)


def _project_names(mentions: Sequence[Mention]) -> list[str]:
    """Projects that a sentence names; a compound ("Femern-projektet") only when nothing else does.

    One that surely has nothing to do with a collaboration is left out.
    """
    named = [one.text for one in mentions if one.label is MentionLabel.PROJECT and plays(one, 1 - SURELY)]
    return sorted(named, key=lambda name: bool(_COMPOUND.search(name)))


def _meant(text: str, said: Sequence[Run]) -> list[Participant]:
    """The parties that "de tre hospitaler" takes up: so many of that kind in the nearest names before."""
    match = _ANAPHOR.search(text)
    if not match:
        return []
    kind = _PLURAL.sub("", match[2])
    for run in reversed(said):
        fits = [one for one in run.parties if _ANY_PARTY.match(match[2]) or kind in one.name.casefold()]
        if len(fits) == _NUMBERS[match[1]]:
            return fits
    return []


def _name(parties: Parties, topic: Topic, joint: Sequence[Statement]) -> None:
    """Give each statement its project: by its own words, the topic's, or the nearest name that can be meant."""
    headings = parties.cues.headings
    named = [
        (at, sentence.start, name)
        for at, read in enumerate(topic.blocks, topic.at)
        for sentence in read.sentences
        for name in _project_names(sentence.mentions)[:1]
        if not _COMPOUND.search(name) and _may_name(parties, name)
    ]
    for one in (statement for statement in joint if not statement.project):
        first = one.quotes[0]
        if topic.project and (not one.names or any(_same(topic.project, name) for name in one.names)):
            one.project = topic.project
        elif one.names:
            one.project = one.names[0]
        elif not _has_own_kind(headings, first.text):
            far = 99 if one.confidence == LIST_CONFIDENCE or headings.anaphor.search(first.text) else 0
            before = [
                name for at, start, name in named if (at, start) < (first.at, first.start) and first.at - at <= far
            ]
            after = [name for at, start, name in named if (at, start) > (first.at, first.start) and at - first.at < 2]
            one.project = next(iter(before[-1:] or after[:1]), "")
        if parties.privacy.persons(one.project) or not _may_name(parties, one.project):
            one.project = ""
    for one in joint:
        sharing = (other for other in joint if other.project and _share(one, other))
        one.project = one.project or next((other.project for other in sharing), "")


def project_name(name: str, text: str) -> str:
    """A project's name without the genitive that a sentence gave it; an -s that no word follows is the name's own."""
    base = genitive_base(name)
    if base == name or re.search(rf"\b{re.escape(base)}\b", text):
        return base
    return name if re.search(rf"\b{re.escape(name)}(?!\w)(?![- ]*[\"“”»«]?\w)", text) else base


def _may_name(parties: Parties, name: str) -> bool:
    """Whether a name can be a project's: not that of a place or of money, and surely not a person's."""
    cut = _HALF.search(name) or (len(name) < 4 and name[1:].islower())  # "Familieferie i", "Fra"
    general = _PAYS.search(name) or _COMMON.fullmatch(name)
    return not cut and not general and not parties.is_place(name) and not parties.privacy.may_be_person(name)


def _has_own_kind(headings: Headings, text: str) -> bool:
    """Whether the words are of an agreement that is called by its parties ("resultatkontrakten mellem X og Y")."""
    match = headings.joint.search(text)
    return bool(match and re.search(r" [A-ZÆØÅ]", match[1]))


def _share(left: Statement, right: Statement) -> bool:
    return bool(_bodies(left) & _bodies(right))


def _are_two(topic: Topic, listed: Statement | None, said: Statement) -> bool:
    """Whether what sentences say is of another project than that of the list."""
    names = (listed.project, topic.project, *listed.names) if listed else ()
    return bool(said.project) and any(names) and not any(_same(said.project, name) for name in names)


def _attach(added: Statement, joint: Sequence[Statement]) -> None:
    """Add parties and words to the statement that is meant: of the same project, else the nearest before it."""
    at = added.quotes[0].at, added.quotes[0].start
    fitting = [one for one in joint if any(_same(one.project, name) for name in added.names)] or list(joint)
    fitting = [one for one in fitting if _share(one, added)] or fitting
    before = [one for one in fitting if (one.quotes[0].at, one.quotes[0].start) < at]
    for one in before[-1:] or fitting[:1]:
        add_to(one, added)


def add_to(one: Statement, added: Statement) -> None:
    """More parties and the words that name them."""
    parties = distinct([*one.parties, *added.parties])
    if parties != one.parties:
        one.parties = parties
        one.quotes = sorted([*one.quotes, *added.quotes], key=lambda quote: (quote.at, quote.start))


def name_the_only_one(parties: Parties, blocks: Sequence[ReadBlock], stated: Sequence[Statement]) -> None:
    """Where a document states one collaboration and names one project, these belong together."""
    if len(stated) != 1 or stated[0].project:
        return
    names = [name for read in blocks for name in _project_names(read.mentions) if _may_name(parties, name)]
    if _are_one(names) and not _has_own_kind(parties.cues.headings, stated[0].quotes[0].text):
        stated[0].project = project_name(names[0], "\n".join(read.block.text for read in blocks))


def _are_one(names: Sequence[str]) -> bool:
    """Whether all are one name, whole or as far as a dash or a colon."""
    keys = {project_key(genitive_base(re.split(r" [–-] |: ", name)[0])) for name in names}
    return len(keys) == 1


def name_by_parties(parties: Parties, stated: Sequence[Statement]) -> None:
    """What names no project, and has two parties or more of one that does, belongs to that."""
    named = [one for one in stated if one.project]
    for one in stated:
        if not one.project and not _has_own_kind(parties.cues.headings, one.quotes[0].text):
            projects = {other.project for other in named if len(_bodies(one) & _bodies(other)) > 1}
            one.project = projects.pop() if len(projects) == 1 else ""


def _bodies(one: Statement) -> set[str]:
    return {party.body_id or party.name for party in one.parties}


def _same(left: str, right: str) -> bool:
    return bool(left) and project_key(left) == project_key(right)
