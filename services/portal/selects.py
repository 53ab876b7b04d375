"""What queries of the read model begin with: rows as pages and the API show them."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[Any, Any]

UPDATES = """
SELECT u.id, u.operation_id, u.period_id, u.party, u.version, u.kind, u.status, u.happened_at, u.posted_at, u.counts,
       u.supersedes, u.superseded_by, u.late, u.audience_id, d.text, d.place, d.language, d."by", d.protection_concern,
       d.audience_id AS detail_audience_id, r.reason AS return_reason, o.kind AS operation_kind, o.held,
       od.title AS operation_title
FROM read."update" u
LEFT JOIN read.update_detail d ON d.update_id = u.id
LEFT JOIN read.return_reason r ON r.update_id = u.id
LEFT JOIN read.operation o ON o.id = u.operation_id
LEFT JOIN read.operation_detail od ON od.operation_id = u.operation_id
"""
OPERATIONS = """
SELECT o.*, d.title, d.place, d.audience_id AS detail_audience_id, posted.last_at AS last_update_at,
       coalesce(posted.updates, 0)::bigint AS updates, c.version AS choice_version, a.version AS amendment_version
FROM read.operation o LEFT JOIN read.operation_detail d ON d.operation_id = o.id
LEFT JOIN read.detail_choice c ON c.operation_id = o.id
LEFT JOIN read.joint_amendment a ON a.operation_id = o.id
LEFT JOIN LATERAL (
    SELECT max(p.last_at) AS last_at, sum(p.updates) AS updates FROM read.operation_posted p WHERE p.operation_id = o.id
) posted ON true
"""
ALERTS = """
SELECT a.*, b.title, b.text, b.language, b.scale, b.source, b.information,
       mine.state AS my_state, coalesce(l.acknowledged, 0) AS acknowledged
FROM read.alert a LEFT JOIN read.alert_body b ON b.alert_id = a.id
LEFT JOIN read.alert_line mine ON mine.alert_id = a.id AND mine.recipient = $1
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state IN ('acknowledged', 'actioned')) AS acknowledged
    FROM read.alert_line l WHERE l.alert_id = a.id
) l ON true
"""
TIMELINE = """
SELECT t.id, t.period_id, t.at, t.type, t.party, t.subject_id, t.body, d.text, d.language, d.place,
       u.status AS update_status, o.kind AS operation_kind, od.operation_id IS NOT NULL AS detailed
FROM read.timeline t LEFT JOIN read.update_detail d ON d.update_id = t.subject_id
LEFT JOIN read."update" u ON u.id = t.subject_id
LEFT JOIN read.operation o ON o.id = coalesce(u.operation_id, t.subject_id)
LEFT JOIN read.operation_detail od ON od.operation_id = o.id
"""
