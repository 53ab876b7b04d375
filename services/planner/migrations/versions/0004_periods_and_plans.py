"""Operations say whether they were cancelled while nobody else had heard of them."""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # until now nothing else changed a draft: the version after the first is its end
    op.execute(
        "UPDATE operation SET body = body || jsonb_build_object('unheard', true) WHERE state = 'cancelled' AND version = 2"
    )


def downgrade() -> None:
    op.execute("UPDATE operation SET body = body - 'unheard' WHERE body ? 'unheard'")
