"""Versions of the extraction: a page read with others is read again."""

READERS = "4"
"""Changes whenever the same bytes may be read into other documents."""

CLAIMS = "15"
"""Changes whenever the same documents may yield other claims."""
