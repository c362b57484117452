"""Which words stand in which collaborations, so that a search for a rare one need not go through them all.

A word is what stands between spaces; a search is for letters anywhere in one, as Danish compounds ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from models.database import AnySelect, insert_all
from models.store import Store
from models.tables import listed_words, words

FEW = 1000  # words, and collaborations; what stands in more is found sooner by going through the listing


def write(connection: Connection, folded: Mapping[str, str]) -> None:
    """Put the words of these texts, by collaboration, in the place of those that were there."""
    forget(connection, folded)
    pairs = sorted({(word, key) for key, text in folded.items() for word in text.split()})
    insert_all(connection, words, [{"word": word} for word in dict.fromkeys(word for word, _ in pairs)])
    insert_all(connection, listed_words, [{"word": word, "collaboration_id": key} for word, key in pairs])


def forget(connection: Connection, ids: Collection[str]) -> None:
    """Of these collaborations no word stands any more; the words themselves are kept."""
    connection.execute(listed_words.delete().where(listed_words.c.collaboration_id.in_(ids)))


def standing_in(store: Store, sought: Sequence[str]) -> tuple[sa.CompoundSelect[Any] | None, list[str]]:
    """Where all these letters stand: a query for the ids, as far as words tell it sooner than the listing does; and the
    letters that are left to look for there.

    One that stands in many collaborations is left, unless others do so too: then what they have in common is few.
    """
    found = {letters: _words_with(store, letters) for letters in sought}
    few = [letters for letters, told in found.items() if told is not None and not _in_many(store, told)]
    many = [letters for letters, told in found.items() if told is not None and letters not in few]
    told = few or (many if len(many) > 1 else [])
    queries = [_ids(found[letters] or []) for letters in told]
    return (sa.intersect(*queries) if queries else None), [letters for letters in sought if letters not in told]


def _words_with(store: Store, letters: str) -> list[str] | None:
    query = sa.select(words.c.word).where(contains(store, words.c.word, letters)).limit(FEW + 1)
    found = [str(row.word) for row in store.rows(query)]
    return found if len(found) <= FEW else None


def _in_many(store: Store, found: Sequence[str]) -> bool:
    return len(store.rows(_ids(found).limit(FEW + 1))) > FEW


def _ids(found: Sequence[str]) -> AnySelect:
    return sa.select(listed_words.c.collaboration_id).where(listed_words.c.word.in_(found))


def contains(store: Store, column: sa.Column[str], letters: str) -> sa.ColumnElement[bool]:
    """Plain search for letters: several times as fast as LIKE, and nothing in them is a pattern."""
    find = sa.func.instr if store.engine.dialect.name == "sqlite" else sa.func.strpos
    return find(column, letters) > 0
