"""When the clock has to look at a period."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('period', sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('period_due', 'period', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))
    # those that were adopted or begun before keep waiting for their co-chairs' word; deadlines for answers are looked at
    op.execute(
        "UPDATE period SET due_at = (body->>'answer_by')::timestamptz "
        "WHERE state IN ('proposed', 'planning', 'adopted', 'active')"
    )


def downgrade() -> None:
    op.drop_index('period_due', table_name='period')
    op.drop_column('period', 'due_at')
