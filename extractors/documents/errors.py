"""What can be wrong with a document. Texts are Danish, one line, for the user, and never hold text of the page.

DocumentError
├── EmptyDocument        nothing to read
├── UnknownFormat        not a format that is read here
├── UnreadableDocument   the right format, but broken, truncated or locked
├── TooLarge             more than the limits of limits.py
└── TableShapeError      a table that no mapping fits, or a row that does not fit its table
    └── MappingError     a mapping (data/tables/*.toml) that is wrong itself
"""

from models.errors import SamspilError


class DocumentError(SamspilError):
    """A document cannot be read."""


class EmptyDocument(DocumentError):  # noqa: N818 - its parent says that it is an error
    """There is nothing to read."""


class UnknownFormat(DocumentError):  # noqa: N818 - its parent says that it is an error
    """The bytes are no format that is read here."""


class UnreadableDocument(DocumentError):  # noqa: N818 - its parent says that it is an error
    """The format is known, but the file is broken, truncated or locked."""


class TooLarge(DocumentError):  # noqa: N818 - its parent says that it is an error
    """The file, or what it unpacks to, exceeds a limit."""


class TableShapeError(DocumentError):
    """A table does not have the columns or rows that were expected."""


class MappingError(TableShapeError):
    """A mapping file is wrong; the text names file and key."""
