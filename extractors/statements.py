"""What sentences say of collaborations: some join parties, others add to these a party, a role or a funder."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractors import anaphora
from extractors.blocks import ReadBlock, Sentence, plays
from extractors.cues import NEUTRAL, any_of
from extractors.forums import with_own_forum
from extractors.joining import TOGETHER, collaborations, near
from extractors.naming import (
    LISTED,
    SURELY,
    given_names,
    has_own_kind,
    may_name,
    name_all,
    project_name,
    project_names,
    same_name,
)
from extractors.parties import Parties, Run, Setting, distinct
from extractors.stated import Quote, Statement, Taken, Told, add_to, count, share
from extractors.topics import Listing, Topic
from models.claims.model import ClaimModel
from models.gazetteer import Body
from models.identity.collaborations import project_key
from models.records import BlockKind, Mention, MentionLabel, Participant, PartnerType, Role

LARGEST = 7.0  # log odds that count
CALLED = 0.9  # from which what is called by its parties has a name all the same
NO_PARTS = (0.5, 0.0, 0.0, 0.0)
TOLD_WORDS = 6  # of a cell that tells something
NEAR = 16  # characters between a subject and its verb
GAP_WORDS = 8  # between "samarbejde med" and the first party

_CLAUSE = re.compile(r"[,;] (?:og|men|mens|hvor|så) |; ")
_BESIDE = re.compile(r"\b(?:i|på|hos|fra|af|for|til|om|ved)\s(?:\w+\s)?$", re.IGNORECASE)
_JOINED_BY = re.compile(r"\b(?:med|mellem|samt)\s(?:[a-zæøå]+\s)?$")
_OPEN_END = re.compile(r"\b(?:med|mellem|imellem)$")
_LIMITED = re.compile(r" (?:i|fra) (?:de \w+|begge|[A-ZÆØÅ])")  # "vækstforaene i de to regioner"


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
                names = project_names(heard.sentence.mentions)
                statement.names = [name for name in names if may_name(self.parties, name)]
                (added if statement.adds else joint).append(statement)
        joint.sort(key=lambda one: one.quotes[0].at)
        name_all(self.parties, topic, joint)
        for one in added:
            _attach(one, joint)
        return joint

    def _decided(self, topic: Topic, told: Sequence[Told], joint: list[Statement]) -> list[Statement]:
        """What they say by the model: names that are likely enough to be parties, joined with those near to them."""
        taken = list(self._taken(told))
        projects = [one for read in topic.blocks for one in read.mentions if self._is_project(one)]
        besides = list(_besides(topic))
        for group, meant in self._grouped(taken, projects):
            statement = self._joint(group, meant, topic)
            sharing = next((one for one in joint if share(one, statement)), None)
            other = count(statement.parties) > 1 and _are_two(topic, sharing, statement)
            if sharing is not None and sharing.confidence == LISTED and not other:
                add_to(sharing, statement)
            elif count(statement.parties) > 1:
                joint.append(statement)
            else:
                sure = [one for one in statement.parties if one.role is Role.FUNDER or statement.confidence >= SURELY]
                besides += [replace(statement, parties=sure, names=[statement.project], adds=True)] if sure else []
        joint.sort(key=lambda one: (one.quotes[0].at, one.quotes[0].start))
        name_all(self.parties, topic, joint)
        for one in joint:
            one.project = topic.also.get(project_key(one.project), one.project)
        for one in besides if joint else ():
            _attach(one, joint)
        return joint or [one for one in besides if one.adds]

    def _grouped(
        self, taken: Sequence[Taken], projects: Sequence[Mention]
    ) -> Iterator[tuple[list[Taken], Sequence[Mention]]]:
        """Names of one collaboration each, and the projects that it may have; an agreement called by its parties is one
        by itself."""
        by_itself = list(dict.fromkeys(one.quote for one in taken if self._is_called(one.quote.text, projects)))
        for quote in by_itself:
            yield [one for one in taken if one.quote == quote], projects
        others = [one for one in taken if one.quote not in by_itself]
        for group in collaborations([one.run for one in others]):
            parts = self._by_project([others[at] for at in group])
            for part in parts:
                yield part, projects if len(parts) == 1 else _named_by(part, projects)

    def _by_project(self, group: Sequence[Taken]) -> list[list[Taken]]:
        """A group in parts, where sentences that each name several parties name other projects and no party twice."""
        parts: list[list[Taken]] = [[]]
        heads: list[tuple[set[str], set[str]]] = []  # of each part its projects and its parties
        for quote in dict.fromkeys(one.quote for one in group):
            said = [one for one in group if one.quote == quote]
            acting = (party for one in said for party in one.run.parties if party.role is not Role.FUNDER)
            parties = {party.body_id or party.name for party in acting}
            projects = {project_key(one.text) for one in quote.mentions if self._is_project(one)}
            other = all(not (projects & told or parties & known) for told, known in heads)
            if len(parties) > 1 and projects and other:
                parts += [[]] if heads else []
                heads.append((projects, parties))
            parts[-1] += said
        return parts

    def _is_project(self, one: Mention) -> bool:
        return one.label is MentionLabel.PROJECT and plays(one) and may_name(self.parties, one.text)

    def _is_called(self, text: str, projects: Sequence[Mention]) -> bool:
        """Whether words are of an agreement that is called by its parties, and name no project."""
        return has_own_kind(self.parties.cues.headings, text) and not any(one.text in text for one in projects)

    def _taken(self, told: Sequence[Told]) -> Iterator[Taken]:
        said: list[Run] = []
        for one, chances in zip(told, self._chances(told), strict=True):
            text = one.quote.text
            kept = self._kept(one, self._with_collectives(one, said, chances))
            meant = [*anaphora.several(text, said), *anaphora.one_of_a_kind(text, said, self.publisher)] if kept else []
            besides = [*anaphora.own(text, self.publisher, self.parties.gazetteer), *meant] if kept else []
            yield from (Taken(one.quote, run, chance, besides) for run, chance in kept)
            said += one.runs

    def _chances(self, told: Sequence[Told]) -> list[NDArray[np.float64]]:
        """For each sentence, how probably each of its runs is of parties; all are asked for at once."""
        assert self.model is not None  # noqa: S101 - asked before
        rows = [self.weighed(one.quote.text, one.runs) for one in told]
        chances = self.model.probabilities([row for some in rows for row in some])
        return np.split(chances, np.cumsum([len(some) for some in rows])[:-1]) if rows else []

    def _with_collectives(self, one: Told, said: Sequence[Run], chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chances; of a word that names several ("vækstforaene") the cues decide, for the model knows no such."""
        text = one.quote.text
        if not any(_is_collective(text, run) for run in one.runs):
            return chances
        confidence, joined = self._joined(text, one.runs, said)
        names = {party.name for party in joined}
        by_cue = [any(party.name in names for party in run.parties) for run in one.runs]
        out = [
            _is_collective(text, run) and (not cue or _LIMITED.match(text[run.end :]) is not None)
            for run, cue in zip(one.runs, by_cue, strict=True)
        ]
        return np.where(out, 0.0, np.where(by_cue, np.maximum(chances, confidence), chances))

    def _kept(self, one: Told, chances: NDArray[np.float64]) -> list[tuple[Run, float]]:
        """The names of a sentence that are likely enough to be parties."""
        assert self.model is not None  # noqa: S101 - asked before
        if max(chances, default=0.0) < self.model.threshold or _is_letterhead(one):
            return []
        text, cues = one.quote.text, self.parties.cues
        least = max(self.model.threshold, SURELY if cues.denies(text) else 0.0)
        kept = [
            (self._paying(text, run), float(chance))
            for run, chance in zip(one.runs, chances, strict=True)
            if chance >= least
            and not cues.stands_outside(text[: run.start], text[run.end :])
            and not self._is_to_come(run)
        ]
        if sum(run.parties[0].role is not Role.FUNDER for run, _ in kept) < 2:
            kept = [told for told in kept if not self._only_decides(text, told[0])]
        return kept

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
        if count(parties) < 2:
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
        statement = Statement(parties, quotes, confidence, names=[] if best else given_names(quotes))
        if surest < CALLED and self._is_called(quotes[0].text, projects):
            return statement
        best = best or next((one.run.parties[0].name for one in founded), "")
        statement.project = topic.project if same_name(topic.project, best) else project_name(best, topic.text)
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
        if count(named) > 1:
            return Statement(named, [quote], confidence)
        named = distinct(self._added(quote.text, runs))
        return Statement(named, [quote], 0.0, adds=True) if named else None

    def weighed(self, text: str, runs: Sequence[Run]) -> list[list[float]]:
        """What speaks for each run of names being parties: a row of FEATURES."""
        if not runs:
            return []
        denied = self.parties.cues.denies(text)
        found = [] if denied else self.parties.cues.standing(text)
        cue = max((cue.confidence for cue, match in found if _reaches(text, match, runs)), default=0.0)
        told = [float(cue), float(denied)]
        joining = {id(run) for run in self._joining(text, runs)}
        rows = []
        for run in runs:
            others = max((_log_odds(one) for one in runs if one is not run), default=-LARGEST)
            beside = bool(_BESIDE.search(text[: run.start]))
            said = [
                id(run) in joining,
                beside,
                bool(run.role),
                anaphora.is_spoken(text),
                bool(anaphora.own(text, self.publisher, self.parties.gazetteer)),
            ]
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
        named = [
            *anaphora.own(text, self.publisher, self.parties.gazetteer),
            *anaphora.several(text, said),
            *(party for run in kept for party in run.parties),
        ]
        told = [replace(one, role=cue.role) if one.role is Role.PARTNER else one for one in named]
        return cue.confidence, distinct(told)

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
            names = [name for quote in quotes for name in project_names(quote.read.mentions)]
            project = listing.project if len(topic.listings) > 1 else ""
            yield Statement(distinct(listing.parties), quotes, LISTED, project=project, names=names)


def _besides(topic: Topic) -> Iterator[Statement]:
    """Who leads or pays, where rows tell no more than that; the sentences of the topic tell who else is with."""
    for listing in topic.listings:
        if listing.parties and not _is_joint(listing) and listing.project in ("", topic.project):
            yield Statement(distinct(listing.parties), _quotes(topic, listing), LISTED, adds=True)


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


def _named_by(part: Sequence[Taken], projects: Sequence[Mention]) -> list[Mention]:
    """Those of the projects that the words of a part name."""
    named = {mention.text for one in part for mention in one.quote.mentions}
    return [one for one in projects if one.text in named]


def _are_two(topic: Topic, listed: Statement | None, said: Statement) -> bool:
    """Whether what sentences say is of another project than that of the list."""
    names = (listed.project, topic.project, *listed.names) if listed else ()
    return bool(said.project) and any(names) and not any(same_name(said.project, name) for name in names)


def _attach(added: Statement, joint: Sequence[Statement]) -> None:
    """Add parties and words to the statement that is meant: of the same project, else the nearest before it."""
    at = added.quotes[0].at, added.quotes[0].start
    fitting = [one for one in joint if any(same_name(one.project, name) for name in added.names)] or list(joint)
    fitting = [one for one in fitting if share(one, added)] or fitting
    before = [one for one in fitting if (one.quotes[0].at, one.quotes[0].start) < at]
    for one in before[-1:] or fitting[:1]:
        add_to(one, added)


def _may_elide(text: str) -> bool:
    return "ommuner" in text or "niversiteter" in text or anaphora.takes_up_several(text)
