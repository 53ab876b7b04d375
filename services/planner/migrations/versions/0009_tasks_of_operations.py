"""Operations have tasks, at which the clock looks when one is due."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('operation', sa.Column('task_due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        'operation_task_due', 'operation', ['task_due_at'], postgresql_where=sa.text('task_due_at IS NOT NULL')
    )


def downgrade() -> None:
    op.drop_index('operation_task_due', table_name='operation')
    op.drop_column('operation', 'task_due_at')
