"""Consultations, and the Working Group with the activities of its programme."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consultation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('consultation_due', 'consultation', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('activity',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('activity_due', 'activity', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('working_group',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    # the one there is, without members: so that there is always a row to lock
    op.execute(
        "INSERT INTO working_group (id, version, body) VALUES ('00000000-0000-7000-8000-67726f757000', 0, "
        "'{\"id\": \"00000000-0000-7000-8000-67726f757000\", \"version\": 0, \"members\": []}')"
    )


def downgrade() -> None:
    op.drop_table('working_group')
    op.drop_index('activity_due', table_name='activity')
    op.drop_table('activity')
    op.drop_index('consultation_due', table_name='consultation')
    op.drop_table('consultation')
