"""The words of each collaboration, for searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


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
    rows = op.get_bind().execute(sa.text("SELECT id, folded FROM listing")).all()
    pairs = {(word, key) for key, folded in rows for word in folded.split()}
    op.bulk_insert(words, [{"word": word} for word in sorted({word for word, _ in pairs})])
    op.bulk_insert(listed_words, [{"word": word, "collaboration_id": key} for word, key in sorted(pairs)])
