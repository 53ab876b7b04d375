"""Reports of distress at sea, and referrals of possible victims."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('distress',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['period_id'], ['period.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_distress_period_id'), 'distress', ['period_id'])
    op.create_table('referral',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('operation_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_referral_operation_id'), 'referral', ['operation_id'])
    op.create_index('referral_due', 'referral', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('referral_due', table_name='referral')
    op.drop_index(op.f('ix_referral_operation_id'), table_name='referral')
    op.drop_table('referral')
    op.drop_index(op.f('ix_distress_period_id'), table_name='distress')
    op.drop_table('distress')
