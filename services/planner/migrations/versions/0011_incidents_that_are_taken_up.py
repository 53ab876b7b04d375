"""Serious incidents: those that were reported before are to be taken up as well, and nobody is late with them yet."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

REPORTED = """
INSERT INTO incident (id, period_id, version, state, due_at, body)
SELECT (data ->> 'incident_id')::uuid, (data ->> 'period_id')::uuid, 1, 'reported', now() + interval '1 day',
       data - 'incident_id' || jsonb_build_object(
           'id', data -> 'incident_id', 'party', party, 'version', 1, 'state', 'reported',
           'take_up_by', now() + interval '1 day',
           'sent_to', (SELECT jsonb_agg(split_part(entry, '#', 1)) FROM unnest(string_to_array(audience, ' ')) AS entry))
FROM (SELECT party, audience, convert_from(body, 'UTF8')::jsonb -> 'data' AS data FROM outbox
      WHERE type = 'planner.incident.reported.v1') AS said
"""


def upgrade() -> None:
    op.create_table('incident',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['period_id'], ['period.id']),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('incident_due', 'incident', ['due_at'], postgresql_where=sa.text('due_at IS NOT NULL'))
    op.execute(REPORTED)


def downgrade() -> None:
    op.drop_index('incident_due', table_name='incident')
    op.drop_table('incident')
