"""A read model with very many updates, written straight into its tables: what the projections would have left."""

import asyncpg

PARTIES = ("NZ", "AU", "ID", "MY", "TH", "VN", "LK", "PH")
PERIOD = "00000000-0000-7000-8000-000000000001"
OPERATIONS = 800

# Audience 1 is everyone in the period, 2 to 9 one party each. Of five operations one is shown to its own party only.
# Of twenty updates one is returned, and all those are of AU and VN: the others look for what is not there.
_STATEMENTS = (
    """
    INSERT INTO audience (id, entries) SELECT 1, array_to_string(:parties::text[], ' ')
    UNION ALL SELECT 1 + p.n, p.code FROM unnest(:parties::text[]) WITH ORDINALITY AS p(code, n)
    """,
    """
    INSERT INTO audience_entry (entry, audience_id) SELECT code, 1 FROM unnest(:parties::text[]) AS code
    UNION ALL SELECT code, 1 + n FROM unnest(:parties::text[]) WITH ORDINALITY AS p(code, n)
    """,
    """
    INSERT INTO period (id, audience_id, version, status, title, first_day, last_day, co_chairs, invited, supporting,
                        focus, objectives, checkpoints)
    SELECT ':period'::uuid, 1, 9, 'active', 'A long period', date '2026-01-01', date '2026-12-30', '["NZ"]',
           to_jsonb(:parties::text[]), '[]', '["people_smuggling"]', '[]', '[{"name": "Midway", "day": "2026-06-01"}]'
    """,
    """
    INSERT INTO answer (period_id, party, audience_id, answer, "by", note, at)
    SELECT ':period'::uuid, code, 1, 'joined', 'x', '', timestamptz '2025-12-01' FROM unnest(:parties::text[]) AS code
    """,
    """
    INSERT INTO operation (id, period_id, audience_id, owner, version, kind, status, starts_at, ends_at, held)
    SELECT pg_temp.thing(2, n), ':period'::uuid, pg_temp.readers(n), pg_temp.owner(n, :parties::text[]), 3,
           'visa_checks', 'under_way', timestamptz '2026-01-02', timestamptz '2026-12-20', n % 5 = 0
    FROM generate_series(1, :operations) AS n
    """,
    """
    INSERT INTO operation_detail (operation_id, audience_id, title, place, narrative, tactics, resources, contacts, agency,
                                  places, means, tasks)
    SELECT pg_temp.thing(2, n), 2 + n % 8, 'Operation ' || n, 'NZAKL', repeat('n', 200), '', '', '', '', '[]',
           '[]', '[]'
    FROM generate_series(1, :operations) AS n
    """,
    """
    INSERT INTO "update" (id, audience_id, operation_id, period_id, party, version, kind, status, happened_at,
                          posted_at, counts, late)
    SELECT pg_temp.thing(3, n), pg_temp.readers(o), pg_temp.thing(2, o), ':period'::uuid,
           pg_temp.owner(o, :parties::text[]), 1, 'result',
           CASE WHEN n % 20 = 0 THEN 'returned' WHEN n % 10 < 6 THEN 'validated' ELSE 'provisional' END,
           pg_temp.moment(n, :updates), pg_temp.moment(n, :updates), jsonb_build_object('arrests', 1 + n % 7), false
    FROM (SELECT n, 1 + (n * 7) % :operations AS o FROM generate_series(1, :updates) AS n) AS x
    """,
    """
    INSERT INTO update_count (update_id, indicator, audience_id, period_id, party, value)
    SELECT u.id, i.indicator, u.audience_id, u.period_id, u.party, 1 + i.n
    FROM "update" u CROSS JOIN LATERAL (
        SELECT indicator, n FROM unnest(:indicators::text[]) WITH ORDINALITY AS i(indicator, n)
        WHERE (n + ('x' || right(u.id::text, 6))::bit(24)::int) % 5 = 0
    ) i
    """,
    """
    INSERT INTO update_detail (update_id, audience_id, operation_id, text, place, language, "by")
    SELECT id, 1 + array_position(:parties::text[], party), operation_id, repeat('what happened ', 10), 'Auckland', 'en',
           'officer'
    FROM "update"
    """,
    """
    INSERT INTO timeline (period_id, audience_id, at, type, party, subject_id, body)
    SELECT period_id, audience_id, posted_at, 'planner.update.posted.v1', party, id, '{"kind": "result"}' FROM "update"
    ORDER BY id
    """,
    """
    INSERT INTO posted (period_id, party, day, audience_id, updates, provisional, late, last_at)
    SELECT period_id, party, (posted_at AT TIME ZONE 'UTC')::date, audience_id, count(*),
           count(*) FILTER (WHERE status = 'provisional'), 0, max(posted_at)
    FROM "update" GROUP BY 1, 2, 3, 4
    """,
    """
    INSERT INTO operation_posted (operation_id, audience_id, updates, last_at)
    SELECT operation_id, audience_id, count(*), max(posted_at) FROM "update" GROUP BY 1, 2
    """,
    """
    INSERT INTO total (period_id, party, indicator, audience_id, validated, provisional, updates)
    SELECT c.period_id, c.party, c.indicator, c.audience_id, coalesce(sum(c.value) FILTER (WHERE u.status = 'validated'), 0),
           coalesce(sum(c.value) FILTER (WHERE u.status = 'provisional'), 0), count(*)
    FROM update_count c JOIN "update" u ON u.id = c.update_id WHERE u.status <> 'returned' GROUP BY 1, 2, 3, 4
    """,
    """
    INSERT INTO total_by_day (period_id, day, party, indicator, audience_id, value)
    SELECT c.period_id, (u.posted_at AT TIME ZONE 'UTC')::date, c.party, c.indicator, c.audience_id, sum(c.value)
    FROM update_count c JOIN "update" u ON u.id = c.update_id WHERE u.status <> 'returned' GROUP BY 1, 2, 3, 4, 5
    """,
    """
    INSERT INTO operation_total (operation_id, indicator, audience_id, value)
    SELECT u.operation_id, c.indicator, c.audience_id, sum(c.value)
    FROM update_count c JOIN "update" u ON u.id = c.update_id WHERE u.status <> 'returned' GROUP BY 1, 2, 3
    """,
)
_WORDS = """
CREATE FUNCTION pg_temp.thing(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('00000000-0000-7000-800' || kind || '-' || lpad(to_hex(n), 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.owner(n bigint, parties text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT parties[1 + n % 8] $$;
CREATE FUNCTION pg_temp.readers(n bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT (CASE WHEN n % 5 = 0 THEN 2 + n % 8 ELSE 1 END)::int $$;
CREATE FUNCTION pg_temp.moment(n bigint, of bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT timestamptz '2026-01-02' + n * (interval '350 days' / of) $$;
"""
INDICATORS = (
    "trafficked_persons_assisted", "search_warrants_executed", "suspects_identified", "arrests", "investigations_opened",
    "international_enquiries", "awareness_activities", "training_sessions", "officers_trained",
)  # fmt: skip


async def seed(connection: asyncpg.Connection, updates: int) -> None:
    """Fill the empty generation to which the search path leads."""
    words = {":period": PERIOD, ":updates": str(updates), ":operations": str(OPERATIONS)}
    words |= {":parties": _array(PARTIES), ":indicators": _array(INDICATORS)}
    await connection.execute(_WORDS)
    whole = ";".join(_STATEMENTS)
    for word, value in words.items():
        whole = whole.replace(word, value)
    await connection.execute(whole)
    await connection.execute("ANALYZE")


def _array(words: tuple[str, ...]) -> str:
    return f"'{{{','.join(words)}}}'"
