"""What people are told: news, who watches what, what each of them wants to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO inbox (id, revision) SELECT id, 0 FROM person")
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=True),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("change_topic", sa.String(40), nullable=False),
        sa.Column("change_revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channels", sa.String(40), nullable=False),
        sa.Column("withheld", sa.String(20), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_newest", sa.Boolean(), nullable=False),
        sa.Column("is_direct", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shows_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns, where in (
        ("ix_news_inbox", ["person_id", "shows_at", "id"], "is_newest AND done_at IS NULL"),
        ("ix_news_newest", ["task_id", "person_id"], "is_newest"),
        ("ix_news_unread", ["person_id", "is_newest", "shows_at"], "read_at IS NULL AND done_at IS NULL"),
        ("ix_news_done", ["person_id", "done_at"], "done_at IS NOT NULL"),
        ("ix_news_task", ["task_id", "person_id"], None),
        ("ix_news_change", ["change_topic", "change_revision"], None),
    ):
        on_sqlite = (where or "").replace("is_newest", "is_newest = 1")  # It compares the words.
        only = {"postgresql_where": sa.text(where), "sqlite_where": sa.text(on_sqlite)} if where else {}
        op.create_index(name, "news", columns, **only)
    op.create_table(
        "watch",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "noun", "subject_id"),
    )
    op.create_index("ix_watch_subject", "watch", ["noun", "subject_id"])
    op.create_table(
        "news_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("inbox", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Boolean(), nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "kind"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM change WHERE topic LIKE 'inbox:%'")
    for name in ("news_preference", "watch", "news", "inbox"):
        op.drop_table(name)
