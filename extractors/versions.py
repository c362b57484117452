"""Versions of the extraction: a page read with others is read again."""

READERS = "5"
"""Changes whenever the same bytes may be read into other documents."""

CLAIMS = "16"
"""Changes whenever the same documents may yield other claims."""
