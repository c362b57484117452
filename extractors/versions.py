"""Versions of the extraction: a page read with others is read again."""

READERS = "2"
"""Changes whenever the same bytes may be read into other documents."""

CLAIMS = "13"
"""Changes whenever the same documents may yield other claims."""
