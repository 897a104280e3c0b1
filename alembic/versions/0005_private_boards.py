"""Private boards with a list of their own; invitations for the addresses of one domain."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_domain", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "insider",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"],
            ["board.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("board_id", "person_id"),
    )
    with op.batch_alter_table("insider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insider_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("insider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insider_person_id"))

    op.drop_table("insider")
    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.drop_column("email_domain")
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.drop_column("is_private")
