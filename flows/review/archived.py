"""An archived page shown as text: its blocks, persons and contacts masked as in the evidence, nothing of its markup."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.documents import DocumentError, read_documents
from extractors.mentions import find_mentions
from extractors.rows import private_values
from extractors.web.archive import ArchiveError
from flows.engines import Engines
from models.records import BlockKind, MentionLabel
from models.store import StoredClaim

LONGEST = 200_000  # characters of a document that are shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as it is shown; `quoted`: the evidence comes from it."""

    kind: BlockKind
    text: str
    page: int | None
    quoted: bool


def archived(engines: Engines, stored: StoredClaim) -> list[Shown] | None:
    """The blocks of the document that a claim stands in; None where the archive has it no more."""
    found = engines.store.page(stored.page_id)
    if found is None:
        return None
    page, place = found
    try:
        response = engines.archive.read(engines.location(page, place))
        documents = read_documents(page, response.body, engines.mappings)
        wanted = [one for one in documents if one.id == stored.claim.document_id]
    except (ArchiveError, DocumentError):
        return None
    for document, blocks in find_mentions(engines.nlp, wanted, engines.gazetteer.collectives):
        told = (one for read in blocks for one in read.mentions)
        persons = sorted({one.text for one in told if one.label is MentionLabel.PER})
        private = [*persons, *private_values(engines.finder.parties.cues, blocks)]
        shown, length = [], 0
        for block in document.blocks:
            length += len(block.text)
            if length > LONGEST:
                break
            text = engines.finder.parties.masked(block.text, private=private)
            quoted = block.start < stored.claim.end and stored.claim.start < block.end
            shown.append(Shown(block.kind, text, block.page, quoted))
        return shown
    return None
