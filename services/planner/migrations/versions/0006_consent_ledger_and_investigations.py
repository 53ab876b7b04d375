"""Investigation plans, and the consent ledger: what was said before comes into it from the outbox at start."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('investigation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_investigation_period_id'), 'investigation', ['period_id'], unique=False)
    op.create_index('investigation_due', 'investigation', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('consent_ledger',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('party', sa.Text(), nullable=False),
    sa.Column('officer', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=True),
    sa.Column('operation_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('named', sa.Text(), nullable=False),
    sa.Column('audience', sa.Text(), nullable=False),
    sa.Column('seal', sa.BigInteger(), nullable=True),
    sa.Column('hash', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_index('consent_ledger_event', 'consent_ledger', ['event_id'], unique=True)
    op.create_index('consent_ledger_period', 'consent_ledger', ['period_id', 'number'])
    op.create_index(
        'consent_ledger_of_period', 'consent_ledger', ['subject', 'number'],
        postgresql_where=sa.text("aggregate = 'period'"),
    )
    op.create_index('consent_ledger_seal', 'consent_ledger', ['seal'], unique=True)
    op.create_index(
        'consent_ledger_unsealed', 'consent_ledger', ['number'], postgresql_where=sa.text('seal IS NULL')
    )


def downgrade() -> None:
    op.drop_table('consent_ledger')
    op.drop_table('investigation')
