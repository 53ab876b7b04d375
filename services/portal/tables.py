"""The portal's own rows: accounts, sessions, attempts, what was delivered, and files. They outlive every rebuild."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, LargeBinary, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import runtime_tables


def _moment(default: bool = True) -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp() if default else None)


class Base(SQLModel, registry=registry()):
    """The portal's own registry and metadata."""


class AccountRow(Base, table=True):
    """A person or a machine of exactly one party."""

    __tablename__ = "account"

    id: UUID = Field(primary_key=True)
    username: str = Field(unique=True)
    party: str
    roles: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    password_hash: str
    display_name: str
    disabled: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created_at: datetime = Field(sa_column=_moment())


class SessionRow(Base, table=True):
    """A sign-in. Its secret is kept as a hash only."""

    __tablename__ = "session"

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    account_id: UUID = Field(foreign_key="account.id", index=True)
    csrf: str
    created_at: datetime = Field(sa_column=_moment())
    seen_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment(default=False))


class AttemptRow(Base, table=True):
    """A sign-in that failed, by the hash of the name and of the address it came from."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    who: bytes
    at: datetime = Field(sa_column=_moment())

    __table_args__ = (Index("attempt_who", "who", "at"),)


class DeliveredRow(Base, table=True):
    """That a receipt was already given for something, so that a rebuild gives none twice."""

    __tablename__ = "delivered"

    subject_id: UUID = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)


class FileRow(Base, table=True):
    """A file by the SHA-256 of its content, in hexadecimal."""

    __tablename__ = "file"

    sha256: str = Field(sa_column=Column(Text, primary_key=True))
    media_type: str = Field(sa_column=Column(Text, nullable=False))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    at: datetime = Field(sa_column=_moment())


class FilePartRow(Base, table=True):
    """A part of its content, so that nobody holds all of it at once."""

    __tablename__ = "file_part"

    sha256: str = Field(sa_column=Column(Text, ForeignKey("file.sha256", ondelete="CASCADE"), primary_key=True))
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class FileUploadRow(Base, table=True):
    """Which account uploaded it, and under which name: it alone reads it until an event names it."""

    __tablename__ = "file_upload"

    sha256: str = Field(sa_column=Column(Text, ForeignKey("file.sha256", ondelete="CASCADE"), primary_key=True))
    account_id: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))


class FileNamedRow(Base, table=True):
    """What names it. Not a read table: a rebuild must not make a file look unnamed."""

    __tablename__ = "file_named"

    sha256: str = Field(sa_column=Column(Text, primary_key=True))
    subject_id: UUID = Field(primary_key=True)
    gone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Says nothing. The release before this one writes it; it goes with that one."""

    __table_args__ = (Index("file_named_subject", "subject_id"),)


runtime_tables(Base.metadata)
