"""Reports of distress at sea."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0004'
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


def downgrade() -> None:
    op.drop_index(op.f('ix_distress_period_id'), table_name='distress')
    op.drop_table('distress')
