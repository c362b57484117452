"""From bytes to documents: one reader for each format, `read_page` for all of them."""

from extractors.documents.errors import DocumentError
from extractors.documents.mappings import TableMapping, load_mappings
from extractors.documents.read import read_documents, read_page

__all__ = ["DocumentError", "TableMapping", "load_mappings", "read_documents", "read_page"]
