"""Which project a statement is of: by its own words, its topic's, or the nearest name that can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.blocks import ReadBlock, plays
from extractors.cues import Headings
from extractors.parties import Parties
from extractors.stated import Quote, Statement, bodies, share
from extractors.topics import Topic
from models.identity.collaborations import project_key
from models.identity.names import genitive_base
from models.records import Mention, MentionLabel

LISTED = 0.9  # confidence of what a list states
SURELY = 0.9

_PAYS = re.compile(r"(?:fond|pulje|program)(?:en|et|met)?s?$", re.IGNORECASE)
_COMMON = re.compile(
    r"(?:selskab|projekt|konsorti|partnerskab|samarbejd|program|initiativ|aftale|forening|klynge|netværk|part)"
    r"(?:e[nt]?|n|met|um|umet|erne)?",
    re.IGNORECASE,
)  # what an agreement calls itself or its parties
_COMPOUND = re.compile(r"-(?:projekt|samarbejd|program|initiativ|partnerskab)\w*et$")


def given_names(quotes: Iterable[Quote]) -> list[str]:
    """Names of projects that the words themselves give, which no model has read."""
    return [
        one.text
        for quote in quotes
        for one in quote.read.mentions
        if one.label is MentionLabel.PROJECT and not one.parts and quote.start <= one.start < quote.end
    ]


def project_names(mentions: Sequence[Mention]) -> list[str]:
    """Projects that a sentence names; a compound ("Femern-projektet") only when nothing else does.

    One that surely has nothing to do with a collaboration is left out.
    """
    named = [one.text for one in mentions if one.label is MentionLabel.PROJECT and plays(one, 1 - SURELY)]
    return sorted(named, key=lambda name: bool(_COMPOUND.search(name)))


def name_all(parties: Parties, topic: Topic, joint: Sequence[Statement]) -> None:
    """Give each statement its project: by its own words, the topic's, or the nearest name that can be meant."""
    headings = parties.cues.headings
    named = [
        (at, sentence.start, name)
        for at, read in enumerate(topic.blocks, topic.at)
        for sentence in read.sentences
        for name in project_names(sentence.mentions)[:1]
        if not _COMPOUND.search(name) and may_name(parties, name)
    ]
    for one in (statement for statement in joint if not statement.project):
        first = one.quotes[0]
        if topic.project and (not one.names or any(same_name(topic.project, name) for name in one.names)):
            one.project = topic.project
        elif one.names:
            one.project = one.names[0]
        elif not has_own_kind(headings, first.text):
            far = 99 if one.confidence == LISTED or headings.anaphor.search(first.text) else 0
            before = [
                name for at, start, name in named if (at, start) < (first.at, first.start) and first.at - at <= far
            ]
            after = [name for at, start, name in named if (at, start) > (first.at, first.start) and at - first.at < 2]
            one.project = next(iter(before[-1:] or after[:1]), "")
        if parties.privacy.persons(one.project) or not may_name(parties, one.project):
            one.project = ""
    for one in joint:
        sharing = (other for other in joint if other.project and share(one, other))
        one.project = one.project or next((other.project for other in sharing), "")


def project_name(name: str, text: str) -> str:
    """A project's name without the genitive that a sentence gave it; an -s that no word follows is the name's own."""
    base = genitive_base(name)
    if base == name or re.search(rf"\b{re.escape(base)}\b", text):
        return base
    return name if re.search(rf"\b{re.escape(name)}(?!\w)(?![- ]*[\"“”»«]?\w)", text) else base


def may_name(parties: Parties, name: str) -> bool:
    """Whether a name can be a project's: not that of a place or of money, and surely not a person's."""
    cut = len(name) < 4 and name[1:].islower()  # "Fra"
    general = _PAYS.search(name) or _COMMON.fullmatch(name)
    return not cut and not general and not parties.is_place(name) and not parties.privacy.may_be_person(name)


def has_own_kind(headings: Headings, text: str) -> bool:
    """Whether the words are of an agreement that is called by its parties ("resultatkontrakten mellem X og Y")."""
    match = headings.joint.search(text)
    return bool(match and re.search(r" [A-ZÆØÅ]", match[1]))


def name_the_only_one(parties: Parties, blocks: Sequence[ReadBlock], stated: Sequence[Statement]) -> None:
    """Where a document states one collaboration and names one project, these belong together."""
    if len(stated) != 1 or stated[0].project:
        return
    names = [name for read in blocks for name in project_names(read.mentions) if may_name(parties, name)]
    if _are_one(names) and not has_own_kind(parties.cues.headings, stated[0].quotes[0].text):
        stated[0].project = project_name(names[0], "\n".join(read.block.text for read in blocks))


def _are_one(names: Sequence[str]) -> bool:
    """Whether all are one name, whole or as far as a dash or a colon."""
    keys = {project_key(genitive_base(re.split(r" [–-] |: ", name)[0])) for name in names}
    return len(keys) == 1


def name_by_parties(parties: Parties, stated: Sequence[Statement]) -> None:
    """What names no project, and has two parties or more of one that does, belongs to that."""
    named = [one for one in stated if one.project]
    for one in stated:
        if not one.project and not has_own_kind(parties.cues.headings, one.quotes[0].text):
            projects = {other.project for other in named if len(bodies(one) & bodies(other)) > 1}
            one.project = projects.pop() if len(projects) == 1 else ""


def same_name(left: str, right: str) -> bool:
    """Whether two names are of one project, as they are written."""
    return bool(left) and project_key(left) == project_key(right)
