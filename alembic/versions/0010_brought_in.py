"""Who made a task or a comment that was brought in from a file, by name."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("task", "comment"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("author", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("comment", "task"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("author")
