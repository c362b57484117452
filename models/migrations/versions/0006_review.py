"""Review in a browser: corrections and withdrawals, what is listed there, who may decide, and what was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("title", sa.Text()),
        sa.Column("project", sa.Text()),
        sa.Column("participants", sa.JSON(none_as_null=True)),
        sa.Column("before", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("undoes", sa.String(length=64), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("decision", column)
    op.create_index(op.f("ix_decision_reviewer"), "decision", ["reviewer", "at"])
    op.create_index(op.f("ix_decision_at"), "decision", ["at"])
    op.create_index(op.f("ix_redirect_new_id"), "redirect", ["new_id"])
    op.create_index("ix_page_newest", "page", ["source_id", "fetched_at"])
    op.create_index(op.f("ix_organisation_name"), "organisation", ["name"])
    op.create_index(op.f("ix_judgement_reviewer"), "judgement", ["reviewer", "at"])
    op.create_table(
        "listing",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("forums", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("corroboration", sa.String(length=20), nullable=False),
        sa.Column("cross_regional", sa.Boolean(), nullable=False),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("participant_count", sa.Integer(), nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer()),
        sa.Column("last_year", sa.Integer()),
        sa.Column("first_seen", sa.String(length=32), nullable=False),
        sa.Column("last_seen", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("passage", sa.String(length=64), nullable=False),
        sa.Column("extraction", sa.String(length=64), nullable=False),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("reviewers", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    for name in ("title", "participant_count", "claim_count", "last_year", "first_seen"):
        op.create_index(op.f(f"ix_listing_{name}"), "listing", [name, "id"])
    op.create_index(op.f("ix_listing_worth"), "listing", ["worth", "id"])
    op.create_index(op.f("ix_listing_reason"), "listing", ["reason", "worth"])
    op.create_table(
        "listed_party",
        sa.Column("collaboration_id", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("collaboration_id", "organisation_id", name=op.f("pk_listed_party")),
    )
    op.create_index(op.f("ix_listed_party_organisation_id"), "listed_party", ["organisation_id"])
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_worth"), "question", ["worth"])
    op.create_table(
        "reviewer",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reviewer")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", tables.UtcTime(length=32), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
