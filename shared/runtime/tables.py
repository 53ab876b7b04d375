"""The tables of the plumbing, declared once and given to each service's own metadata."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB


def _at(name: str = "at") -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp())


def inbox_tables(metadata: MetaData, schema: str | None = None) -> None:
    """What a consumer has seen: the inbox and how far each aggregate has come."""
    Table(
        "inbox",
        metadata,
        Column("source", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("sha256", LargeBinary, nullable=False),
        schema=schema,
    )
    Table(
        "position",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        Column("epoch", Integer, nullable=False, server_default="1"),
        schema=schema,
    )
    quarantine = Table(
        "quarantine",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("key", Text),
        Column("source", Text),
        Column("event_id", Text),
        Column("type", Text),
        Column("sequence", BigInteger),
        Column("epoch", Integer),
        Column("heard_on", Text),  # the record's own topic: another than the event's where it was said again
        Column("reason", Text, nullable=False),
        # failed: a person looks; waiting: its turn comes; applied: a recall that went ahead; closed: nobody will read it
        Column("state", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary),
        _at(),
        UniqueConstraint("heard_on", "partition", "offset", name="quarantine_place"),
        schema=schema,
    )
    Index("quarantine_aggregate", quarantine.c.topic, quarantine.c.key, quarantine.c.sequence)


def runtime_tables(metadata: MetaData) -> None:
    """The outbox (the record of all that was said), the audit, and the answers already given."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("epoch", Integer, nullable=False, server_default="1"),
        Column("type", Text, nullable=False),
        Column("version", Integer),
        Column("party", Text, nullable=False),
        Column("audience", Text, nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),  # the feeds' edition
        _at(),
        UniqueConstraint("topic", "key", "epoch", "sequence", name="outbox_order"),
    )
    Index("outbox_at", outbox.c.at)
    Table(
        "outbox_unsent",  # the published mark, as a row that goes away: the log itself is never updated
        metadata,
        Column("id", BigInteger, ForeignKey("outbox.id"), primary_key=True),
        _at("due"),  # since when: what is sent again became due then, however old it is
    )
    Table(
        "epoch",  # the highest number is the present one; each restore adds one
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("told", Boolean, nullable=False),  # whether the feeds were told that it began
        _at(),
    )
    Table(
        "resent",  # which unclean stops of the broker were made good, by their Unix time
        metadata,
        Column("at", Double, primary_key=True),
    )
    Table(
        "idempotency",
        metadata,
        Column("party", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request", LargeBinary, nullable=False),  # SHA-256 of method, path and body
        Column("status", Integer),
        Column("headers", JSONB),
        Column("body", LargeBinary),
        _at(),
    )
    audit = Table(
        "audit",
        metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("actor", Text, nullable=False),
        Column("party", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("target", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("request", LargeBinary),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("seal", BigInteger),  # its place in the chain; ids alone are not in the order of commit
        Column("hash", LargeBinary),
    )
    Index("audit_unsealed", audit.c.id, postgresql_where=audit.c.seal.is_(None))
    Index("audit_seal", audit.c.seal, unique=True)
    inbox_tables(metadata)
