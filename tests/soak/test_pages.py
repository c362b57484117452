"""How many pages a second of the processor become claims, with each of our pipelines."""

from __future__ import annotations

import time

import pytest

from extractors.claims import ClaimFinder
from extractors.cues import load_cues
from extractors.documents import load_mappings, read_documents
from extractors.evaluation import read_gold
from extractors.mentions import find_mentions
from extractors.parties import Parties
from extractors.privacy import load_privacy
from models.claims.model import load_model
from models.danish import ACCURATE, FAST, load_pipeline
from models.gazetteer import load_gazetteer
from models.paths import DATA

PAGES = 200


@pytest.mark.soak
@pytest.mark.parametrize("pipeline", [FAST, ACCURATE])
def test_pages_in_claims_out(pipeline: str) -> None:
    gazetteer, mappings = load_gazetteer(DATA / "gazetteer"), load_mappings(DATA / "tables")
    parties = Parties(gazetteer, load_cues(DATA / "cues.toml"), load_privacy(DATA / "privacy"))
    finder, nlp = ClaimFinder(parties, "soak", load_model()), load_pipeline(pipeline, gazetteer)
    gold = [one for one in read_gold(DATA / "gold" / "claims.jsonl") if one.format == "html"][: PAGES + 20]
    found = words = 0
    for at, one in enumerate(gold):
        if at == 20:  # what is loaded with the first pages is no page's
            started, found, words = time.process_time(), 0, 0
        documents = read_documents(one.page, one.text.encode(), mappings)
        for document, blocks in find_mentions(nlp, documents, gazetteer.collectives):
            words += len(document.text.split())
            found += len(finder.find(one.source, document, blocks))
    spent = time.process_time() - started
    print(f"\n{pipeline}: {PAGES / spent:.1f} pages/s, {words / PAGES:.0f} words a page, {found} claims")
    assert found > 0
