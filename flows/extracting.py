"""Extracting: pages read into documents, and the claims in them, each page stored in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.documents import DocumentError, read_documents
from extractors.duplicates import signature
from extractors.mentions import find_mentions
from extractors.web.archive import ArchiveError
from extractors.web.discovery import is_index
from extractors.web.errors import FetchFailure
from flows.engines import Engines
from flows.fetching import Found, failure_of
from flows.progress import EXTRACT, Progress, silent
from models.records import Claim, Document, Page, Source
from models.store import Place


def extract(engines: Engines, source: Source, pages: Sequence[Found], progress: Progress = silent) -> int:
    """Read pages, find their claims, store both; gives back how many documents there were.

    One bad page harms one page.
    """
    read = 0
    for page, place in pages:
        try:
            found = _extracted(engines, source, page, place)
        except (DocumentError, ArchiveError) as error:
            failure = FetchFailure(page.url, str(error), type(error).__name__)
            engines.store.add_failure(failure_of(engines, source, EXTRACT, failure))
        else:
            engines.store.add_extraction(page, found, EXTRACT, engines.extractor_version)
            read += len(found)
        progress(EXTRACT, 1)
    return read


def _extracted(engines: Engines, source: Source, page: Page, place: Place) -> list[tuple[Document, list[Claim]]]:
    response = engines.archive.read(engines.location(page, place))
    if is_index(response):
        return []
    documents = read_documents(page, response.body, engines.mappings)
    found = []
    for document, blocks in find_mentions(engines.nlp, documents, engines.gazetteer.collectives):
        claims = engines.finder.find(source, document, blocks)
        told = replace(
            document,
            url=engines.privacy.mask_url(document.url),
            title=engines.finder.parties.masked(document.title),
            blocks=(),
            record=None,
            signature=signature(document.text),
        )
        found.append((told, claims))
    return found
