"""Accounts: where and when a sign-in was last seen, links that prove who opens them, the instance's own row."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("address", sa.String(45), nullable=False, server_default=""))
        session.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE session SET last_seen_at = created_at")
    with op.batch_alter_table("session") as session:
        session.alter_column("address", server_default=None)
        session.alter_column("last_seen_at", nullable=False)
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_proof_person_id", "proof", ["person_id"])
    instance = op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sign_up", sa.String(2000), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.bulk_insert(instance, [{"id": 1, "sign_up": "", "revision": 0}])


def downgrade() -> None:
    op.drop_table("instance")
    op.drop_table("proof")
    with op.batch_alter_table("session") as session:
        session.drop_column("last_seen_at")
        session.drop_column("address")
