"""The root of the errors that a user can mend: one Danish line that says what, where and what to do.

SamspilError
├── GazetteerError, PipelineError, CardError, DatabaseUnavailableError, NewerDatabaseError         in models
├── SourceError, DocumentError, ArchiveError, SignatureError                                       in extractors
└── HomeError, ServerError, CronError, InputError, FormatError, TargetError, TrainingError,
    DecisionFileError, AccessError, FormError                                                      in flows
"""


class SamspilError(Exception):
    """Something that the user can mend; its text is one line."""
