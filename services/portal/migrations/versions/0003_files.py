"""Files by the hash of their content, who uploaded them, and what names them."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('sha256')
    )
    op.create_table('file_part',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['file.sha256'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('sha256', 'number')
    )
    op.create_table('file_upload',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['file.sha256'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('sha256', 'account_id')
    )
    # no foreign key: an event may name a file that was purged meanwhile
    op.create_table('file_named',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('gone', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', 'subject_id')
    )
    op.create_index('file_named_subject', 'file_named', ['subject_id'])


def downgrade() -> None:
    op.drop_index('file_named_subject', table_name='file_named')
    op.drop_table('file_named')
    op.drop_table('file_upload')
    op.drop_table('file_part')
    op.drop_table('file')
