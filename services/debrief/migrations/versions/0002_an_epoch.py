"""Every database has its epoch, which a restore raises; sequences count within it."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('epoch',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.execute('INSERT INTO epoch (number, told) VALUES (1, true)')
    op.add_column('outbox', sa.Column('epoch', sa.Integer(), server_default='1', nullable=False))
    op.drop_constraint('outbox_order', 'outbox', type_='unique')
    op.create_unique_constraint('outbox_order', 'outbox', ['topic', 'key', 'epoch', 'sequence'])
    op.add_column('position', sa.Column('epoch', sa.Integer(), server_default='1', nullable=False))
    op.add_column('quarantine', sa.Column('epoch', sa.Integer(), nullable=True))
    op.add_column('quarantine', sa.Column('heard_on', sa.Text(), nullable=True))
    op.execute('UPDATE quarantine SET heard_on = topic, epoch = CASE WHEN sequence IS NOT NULL THEN 1 END')
    op.drop_constraint('quarantine_place', 'quarantine', type_='unique')
    op.create_unique_constraint('quarantine_place', 'quarantine', ['heard_on', 'partition', 'offset'])
    # how far an operation must have been heard is its epoch and its number in it
    op.execute(
        "UPDATE period SET sealed = (SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(least(value::int, 1), value)), "
        "'{}') FROM jsonb_each(sealed)) WHERE sealed IS NOT NULL"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE period SET sealed = (SELECT coalesce(jsonb_object_agg(key, value->1), '{}') FROM jsonb_each(sealed)) "
        "WHERE sealed IS NOT NULL"
    )
    op.drop_constraint('quarantine_place', 'quarantine', type_='unique')
    op.create_unique_constraint('quarantine_place', 'quarantine', ['topic', 'partition', 'offset'])
    op.drop_column('quarantine', 'heard_on')
    op.drop_column('quarantine', 'epoch')
    op.drop_column('position', 'epoch')
    op.drop_constraint('outbox_order', 'outbox', type_='unique')
    op.create_unique_constraint('outbox_order', 'outbox', ['topic', 'key', 'sequence'])
    op.drop_column('outbox', 'epoch')
    op.drop_table('epoch')
