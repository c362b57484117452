"""Plain text to a reading; the text as read is the decoded file, character for character."""

from __future__ import annotations

from extractors.documents.dates import Stamp, dates_of
from extractors.documents.errors import EmptyDocument, UnreadableDocument
from extractors.documents.furniture import take_stamps, without_furniture
from extractors.documents.language import guess_language
from extractors.documents.lines import looks_like_heading, read_lines
from extractors.documents.reading import Reading, compose
from models.records import BlockKind

LONGEST_LINE = 5 * 1024 * 1024
"""Characters; a longer line is no text that anyone wrote."""


def read_text(text: str) -> Reading:
    """Headings, list items, key-value lines and paragraphs of a plain text, without contact blocks and date lines.

    None where there is nothing else. Raises EmptyDocument without any word, UnreadableDocument for a line over
    LONGEST_LINE.
    """
    if max((len(line) for line in text.splitlines()), default=0) > LONGEST_LINE:
        raise UnreadableDocument("Tekstfilen har en linje på over 5 MB: det er ikke løbende tekst")
    stamps: list[Stamp] = []
    _, blocks = compose(without_furniture(take_stamps(read_lines(text), stamps)), text)
    if not blocks and not any(character.isalpha() for character in text):
        raise EmptyDocument("Tekstfilen har ingen ord")
    published, updated = dates_of(stamps)
    headings = [block.text for block in blocks if block.kind is BlockKind.HEADING]
    opening = blocks[0].text if blocks else ""
    title = opening if looks_like_heading(opening) else next(iter(headings), opening)
    return Reading(text, blocks, title, published, updated, guess_language(" ".join(block.text for block in blocks)))
