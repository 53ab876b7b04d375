"""What names a file, as it is shown: whoever may read that may read the file."""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen


class NamedFileRead(Seen, Base, table=True):
    """A file of an update, or of a version of a plan."""

    __tablename__ = "named_file"
    subject_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    """Of a plan its version; 0 otherwise."""
    sha256: str = Field(primary_key=True)
    name: str
    media_type: str
    size: int = Field(sa_type=BigInteger)
    __table_args__ = (Index("named_file_hash", "sha256", "audience_id"),)
