"""Whose page it is: the growth forum that its title, head or source names, and what "Vækstforum" alone means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from extractors.blocks import ReadBlock, Sentence
from models.gazetteer import Body, Gazetteer
from models.records import REGIONS, BlockKind, Document, Mention, MentionLabel, PartnerType, Source

OPENING = 3  # blocks of a page

_ALONE = re.compile(r"(?<!\bet )(?<!hvert )\b(?:[Vv]ækstforum(?:met)?|[Ff]orummet)(?:s\b|\b)(?! [A-ZÆØÅ]|-)")


def page_forum(gazetteer: Gazetteer, source: Source, document: Document, blocks: Sequence[ReadBlock]) -> Body | None:
    """The forum whose page it is, by the title, by what stands above and in the first heading, or by the source."""
    above = list(takewhile(lambda read: read.block.kind is not BlockKind.HEADING, blocks))
    head = blocks[: len(above) + 1] if len(above) < len(blocks) else blocks[:1]
    named = {body.id: body for read in head for body in _forums_of(gazetteer, read)}
    places = (f"{document.title}", f"{source.publisher}\n{source.name}")
    by_title, by_source = (_forums_in(gazetteer, text) for text in places)
    for found in (by_title, list(named.values()), by_source):
        if len(found) == 1:
            return found[0]
    return _only_one(gazetteer, blocks)


def own_forum(gazetteer: Gazetteer, area: str, forum: Body | None, blocks: Sequence[ReadBlock]) -> Body | None:
    """The forum that "Vækstforum" alone means: the page's, else the only one that the page names, else the area's."""
    if forum is not None:
        return forum
    named = {body.id: body for read in blocks for body in _forums_of(gazetteer, read)}
    if len(named) == 1:
        return next(iter(named.values()))
    at_home = [body for body in gazetteer.forums if body.area == area]
    return at_home[0] if area and len(at_home) == 1 else None


def with_own_forum(sentence: Sentence, text: str, own: Body | None) -> list[Mention]:
    """The mentions of a sentence, with the forum that "Vækstforum" alone means; `text` is the block's."""
    mentions = list(sentence.mentions)
    if own is None:
        return mentions
    for match in _ALONE.finditer(text, sentence.start, sentence.end):
        met = [one for one in mentions if one.start < match.end() and match.start() < one.end]
        if not any(one.body_id or one.end > match.end() for one in met):
            mentions = [one for one in mentions if one not in met]
            mentions.append(
                Mention("", match.start(), match.end(), own.name, MentionLabel.ORG, own.id, origin="structure")
            )
    return sorted(mentions, key=lambda one: one.start)


def in_order(areas: Sequence[str]) -> tuple[str, ...]:
    """Areas in the order of REGIONS, each once."""
    return tuple(area for area in REGIONS if area in areas)


def _only_one(gazetteer: Gazetteer, blocks: Sequence[ReadBlock]) -> Body | None:
    """The only forum that a page names, when its opening does or it is named again."""
    named = [(at, body) for at, read in enumerate(blocks) for body in _forums_of(gazetteer, read)]
    if len({body.id for _, body in named}) == 1 and (named[0][0] < OPENING or len(named) > 1):
        return named[0][1]
    return None


def _forums_of(gazetteer: Gazetteer, read: ReadBlock) -> Iterator[Body]:
    for mention in read.mentions:
        body = gazetteer.bodies.get(mention.body_id)
        if body is not None and body.partner_type is PartnerType.VAEKSTFORUM:
            yield body


def _forums_in(gazetteer: Gazetteer, text: str) -> list[Body]:
    """Forums whose names a text holds."""
    return [body for body in gazetteer.forums if any(name in text for name in body.names)]
