"""The root of the errors that a user can mend: one Danish line that says what, where and what to do.

SamspilError
├── GazetteerError, ArtefactError, NewerDatabaseError     in models
└── SourceError, DocumentError, ArchiveError              in extractors
"""


class SamspilError(Exception):
    """Something that the user can mend; its text is one line."""
