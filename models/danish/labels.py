"""The labels of other pipelines, as ours."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from models.danish.tags import LABELS

NAME = "samspil_labels"

ONTONOTES = {
    "ORGANIZATION": "ORG",
    "PERSON": "PER",
    "GPE": "LOC",
    "LOCATION": "LOC",
    "FAC": "LOC",
    "FACILITY": "LOC",
    "PRODUCT": "MISC",
    "EVENT": "MISC",
    "WORK OF ART": "MISC",
    "WORK_OF_ART": "MISC",
    "LAW": "MISC",
    "LANGUAGE": "MISC",
}
"""The types of OntoNotes; those that are missing (numbers, dates, nationalities) are no names here."""
OURS = ONTONOTES | {label: label for label in LABELS}


@Language.component(NAME)
def map_labels(doc: Doc) -> Doc:
    """Give entities our labels; those that have none are dropped."""
    ours = (one for one in doc.ents if one.label_ in OURS)
    doc.ents = [Span(doc, one.start, one.end, label=OURS[one.label_], span_id=one.ent_id) for one in ours]
    return doc
