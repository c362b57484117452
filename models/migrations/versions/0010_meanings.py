"""Which body each name means, once worked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meaning",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body_id", sa.String(64), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meaning")),
    )
