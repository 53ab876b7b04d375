"""What live operations are compared by, their conflicts and targets, where parties are reached, and what they tried."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (
        ('live_cell', sa.Column('cell', sa.BigInteger(), autoincrement=False, nullable=False)),
        ('live_token', sa.Column('token', sqlmodel.sql.sqltypes.AutoString(), nullable=False)),
    ):
        op.create_table(table,
        sa.Column('operation_id', sa.Uuid(), nullable=False),
        column,
        sa.Column('period_id', sa.Uuid(), nullable=False),
        sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('operation_id', column.name)
        )
    op.create_index('live_cell_near', 'live_cell', ['cell', 'ends_at'])
    op.create_index('live_token_equal', 'live_token', ['token'])
    op.create_table('target',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['operation.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('conflict',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('first_operation', sa.Uuid(), nullable=False),
    sa.Column('second_operation', sa.Uuid(), nullable=False),
    sa.Column('first_side', sa.Uuid(), nullable=False),
    sa.Column('second_side', sa.Uuid(), nullable=False),
    sa.Column('first_party', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('second_party', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('first_side'),
    sa.UniqueConstraint('second_side')
    )
    op.create_index('conflict_pair', 'conflict', ['first_operation', 'second_operation'], unique=True)
    op.create_index('ix_conflict_second_operation', 'conflict', ['second_operation'])
    for side in ('first', 'second'):
        goes_on = sa.text("state <> 'lapsed'")
        op.create_index(f'conflict_{side}_party', 'conflict', [f'{side}_party'], postgresql_where=goes_on)
    op.create_table('contact',
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('owner')
    )
    op.create_table('try',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('party', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('targets', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('try_party', 'try', ['party', 'at'])


def downgrade() -> None:
    for table in ('try', 'contact', 'conflict', 'target', 'live_token', 'live_cell'):
        op.drop_table(table)
