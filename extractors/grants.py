"""Lists of grants: who gives the money that a whole page tells of, and that is not said again of each grant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from extractors.blocks import ReadBlock
from extractors.statements import Reader
from models.records import Participant, PartnerType, Role

OPENING = 4  # blocks that tell what a page is

_FORUM = re.compile(r"\b[Vv]ækstforum")
_BY_REGION = re.compile(
    r"indstilling (?:fra|af) (?:\w+ )?vækstforum|vækstforum\w* indstilling|regionsråd|"
    r"(?:givet|bevilget|ydet) af region|region \w+ (?:har )?(?:givet|bevilget|ydet|yder|bevilger)",
    re.IGNORECASE,
)  # the forum only recommends
_GIVERS = (PartnerType.REGION, PartnerType.VAEKSTFORUM, PartnerType.KOMMUNE)


def grantor(reader: Reader, title: str, blocks: Sequence[ReadBlock]) -> Participant | None:
    """The publisher of a list of its grants; of a region's, the growth forum that the list speaks of.

    None of another page, and where the money is of the Union's funds or its publisher only pays it out.
    """
    cues, publisher, forum = reader.parties.cues, reader.publisher, reader.own
    opening = "\n".join((title, *(read.block.text for read in islice(blocks, OPENING))))
    if publisher is None or not cues.grants.search(opening) or cues.union_funds.search(opening):
        return None
    body = reader.parties.gazetteer.bodies.get(publisher.body_id)
    kind = body.partner_type if body else None
    whole = "\n".join(read.block.text for read in blocks)
    of_region = kind is PartnerType.REGION and _FORUM.search(whole) and not _BY_REGION.search(whole)
    if forum and (of_region or kind is PartnerType.VAEKSTFORUM):
        return Participant(forum.name, Role.FUNDER, forum.id)
    gives = kind in _GIVERS or cues.gives.search(publisher.name)
    return Participant(publisher.name, Role.FUNDER, publisher.body_id) if gives else None
