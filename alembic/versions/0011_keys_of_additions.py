"""What the browser called an addition, by which the same one once more is known."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

HAS_KEY = sa.text("key IS NOT NULL")


def upgrade() -> None:
    op.add_column("task", sa.Column("key", sa.String(36), nullable=True))
    op.create_index(
        "ix_task_key", "task", ["created_by", "key"], unique=True, postgresql_where=HAS_KEY, sqlite_where=HAS_KEY
    )


def downgrade() -> None:
    op.drop_index("ix_task_key", "task")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_column("key")
