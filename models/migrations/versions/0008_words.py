"""The words of each collaboration, for searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BATCH = 2000  # rows of the listing at once
FOLDED = sa.text("SELECT id, folded FROM listing WHERE id BETWEEN :first AND :last")


def upgrade() -> None:
    words = op.create_table(
        "word", sa.Column("word", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("word", name=op.f("pk_word"))
    )
    listed_words = op.create_table(
        "listed_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("collaboration_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("word", "collaboration_id", name=op.f("pk_listed_word")),
    )
    op.create_index(op.f("ix_listed_word_collaboration_id"), "listed_word", ["collaboration_id"])
    known = set[str]()
    ids = op.get_bind().execute(sa.text("SELECT id FROM listing ORDER BY id")).scalars().all()
    for start in range(0, len(ids), BATCH):
        folded = op.get_bind().execute(FOLDED, {"first": ids[start], "last": ids[start : start + BATCH][-1]}).all()
        pairs = sorted({(word, key) for key, text in folded for word in text.split()})
        new = sorted({word for word, _ in pairs} - known)
        known.update(new)
        op.bulk_insert(words, [{"word": word} for word in new])
        op.bulk_insert(listed_words, [{"word": word, "collaboration_id": key} for word, key in pairs])
