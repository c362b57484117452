"""Which words stand in which collaborations, so that a search for a rare one need not go through them all.

A word is what stands between spaces; a search is for letters anywhere in one, as Danish compounds ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models.database import insert_all
from models.store import Store
from models.tables import listed_words, words

FEW = 1000  # words
MANY = 10_000  # collaborations; what stands in more is found sooner by going through the listing


def write(connection: Connection, folded: Mapping[str, str]) -> None:
    """Put the words of these texts, by collaboration, in the place of those that were there."""
    forget(connection, folded)
    pairs = sorted({(word, key) for key, text in folded.items() for word in text.split()})
    insert_all(connection, words, [{"word": word} for word in dict.fromkeys(word for word, _ in pairs)])
    insert_all(connection, listed_words, [{"word": word, "collaboration_id": key} for word, key in pairs])


def forget(connection: Connection, ids: Collection[str]) -> None:
    """Of these collaborations no word stands any more; the words themselves are kept."""
    connection.execute(listed_words.delete().where(listed_words.c.collaboration_id.in_(ids)))


def standing_in(store: Store, letters: str) -> set[str] | None:
    """The ids of the collaborations that have a word with these letters; None when they are more than MANY."""
    with_letters = sa.select(words.c.word).where(contains(store, words.c.word, letters)).limit(FEW + 1)
    found = [row.word for row in store.rows(with_letters)]
    if len(found) > FEW:
        return None
    query = sa.select(listed_words.c.collaboration_id).where(listed_words.c.word.in_(found)).distinct().limit(MANY + 1)
    ids = [str(row.collaboration_id) for row in store.rows(query)] if found else []
    return None if len(ids) > MANY else set(ids)


def contains(store: Store, column: sa.Column[str], letters: str) -> sa.ColumnElement[bool]:
    """Plain search for letters: several times as fast as LIKE, and nothing in them is a pattern."""
    find = sa.func.instr if store.engine.dialect.name == "sqlite" else sa.func.strpos
    return find(column, letters) > 0
