"""Since when an event is due for publishing: another moment than when it was made, where it is sent again."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'outbox_unsent',
        sa.Column('due', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    )


def downgrade() -> None:
    op.drop_column('outbox_unsent', 'due')
