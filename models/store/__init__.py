"""The store: what was fetched, read, claimed, decided and done. SQLAlchemy Core on SQLite (WAL) or PostgreSQL.

Writers give whole batches; each batch is one transaction and ends with its line in the ledger, so that a process killed
anywhere leaves either all of a batch or nothing.
"""

from models.store.base import DatabaseUnavailableError
from models.store.claims import Claims
from models.store.pages import Pages
from models.store.review import Review
from models.store.runs import Runs
from models.store.values import Change, Fetched, Lead, LostCapture, Place, SourceRun, StoredClaim


class Store(Pages, Claims, Review, Runs):
    """One database, by its URL: `sqlite:///path` or `postgresql+psycopg://…`. Opening brings its schema up to date."""


__all__ = [
    "Change",
    "DatabaseUnavailableError",
    "Fetched",
    "Lead",
    "LostCapture",
    "Place",
    "SourceRun",
    "Store",
    "StoredClaim",
]
