"""The envelope: CloudEvents 1.0, structured mode, around a frozen fact in the past tense.

Extensions beside the standard attributes: `party` (who said it), `tlp`, `epoch` (absent until the databases were once
restored; each restore raises it, and numbers start anew in it), and, on the services' own topics only, `sequence`,
`audience` and `traceparent`. The feeds' edition leaves those three out: what others got is not for everyone to know.
Specification: CloudEvents 1.0.2 with its sequence and distributed-tracing extensions.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from uuid_utils.compat import uuid7

from shared.vocabulary import TLP

MAX_EVENT_BYTES = 512 * 1024
CONTENT_TYPE = b"application/cloudevents+json"
SERVICES_ONLY: tuple[str, ...] = ()


@lru_cache(maxsize=1000)  # the same few readers come with most events
def _sorted(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(entries)))


@lru_cache(maxsize=1000)
def _entries(text: str) -> tuple[str, ...]:
    return _sorted(tuple(text.split()))


Audience = Annotated[tuple[str, ...], AfterValidator(_sorted)]
"""Who may know: parties (`NZ`) and parties' roles (`NZ#rights_officer`), sorted, without repeats."""

CATALOGUE: dict[str, type["Event"]] = {}


class Unreadable(ValueError):
    """Bytes that are no event of ours; the message says why and never quotes the content."""


class Event(BaseModel):
    """A fact. The envelope's fields are declared here, the data in each subclass.

    Subclasses name `type` (`planner.operation.scheduled.v1`), `topic` and `key_field`, the field with the aggregate's id.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str] = ""
    topic: ClassVar[str] = ""
    key_field: ClassVar[str] = ""
    passes_hold: ClassVar[bool] = False
    """A recall is not held back behind an event of its aggregate that is in quarantine."""

    id: UUID = Field(default_factory=uuid7, exclude=True)
    time: datetime | None = Field(default=None, exclude=True)
    party: str = Field(default="", exclude=True)
    audience: Audience = Field(default=SERVICES_ONLY, exclude=True)
    tlp: TLP = Field(default=TLP.AMBER_STRICT, exclude=True)
    epoch: int = Field(default=1, ge=1, le=2**31 - 1, exclude=True)  # what a column of the books can hold
    sequence: int = Field(default=0, exclude=True)
    traceparent: str = Field(default="", exclude=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            if cls.type in CATALOGUE:
                raise TypeError(f"{cls.type} is declared twice")
            CATALOGUE[cls.type] = cls

    @property
    def source(self) -> str:
        return f"/{self.type.split('.', 1)[0]}"

    @property
    def key(self) -> str:
        return str(getattr(self, self.key_field))

    def public_bytes(self, at: datetime, epoch: int = 1) -> bytes:
        """The feeds' edition. `at` dates the fact where the event has no time of its own."""
        began_anew = f'"epoch":"{epoch}",' if epoch > 1 else ""
        head = (
            f'{{"specversion":"1.0","id":"{self.id}","source":"{self.source}","type":"{self.type}",'
            f'"subject":"{self.key}","time":"{_rfc3339(self.time or at)}","datacontenttype":"application/json",'
            f'"dataschema":"urn:jpa:schema:{self.type}","party":"{self.party}","tlp":"{self.tlp}",{began_anew}"data":'
        )
        return head.encode() + self.__pydantic_serializer__.to_json(self) + b"}"


def internal_bytes(public: bytes, sequence: int, audience: str, traceparent: str) -> bytes:
    """The services' edition, from the feeds' one: the same bytes for the same arguments, always."""
    extra = f',"sequence":"{sequence}","audience":"{audience}"'
    if traceparent:
        extra += f',"traceparent":"{traceparent}"'
    return public[:-1] + extra.encode() + b"}"


def read(raw: bytes | None) -> Event:
    """The event in `raw`, of either edition.

    Raises:
        Unreadable: a tombstone, too large, no JSON, no CloudEvent, a type that the catalogue lacks, or data that
            does not fit its type.
    """
    if raw is None:
        raise Unreadable("a tombstone")
    if len(raw) > MAX_EVENT_BYTES:
        raise Unreadable(f"larger than {MAX_EVENT_BYTES} bytes")
    try:
        envelope = from_json(raw)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(envelope, dict) or envelope.get("specversion") != "1.0":
        raise Unreadable("not a CloudEvent 1.0")
    kind = CATALOGUE.get(str(envelope.get("type")))
    if kind is None:
        raise Unreadable("unknown type")
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise Unreadable("no data")
    try:
        event = kind.model_validate(
            {
                **data,
                "id": envelope.get("id"),
                "time": envelope.get("time"),
                "party": envelope.get("party", ""),
                "tlp": envelope.get("tlp"),
                "audience": _entries(str(envelope.get("audience", ""))),
                "epoch": _number(envelope.get("epoch", "1")),
                "sequence": _number(envelope.get("sequence", "0")),
                "traceparent": envelope.get("traceparent", ""),
            }
        )
    except ValidationError as problem:
        # the field only: deeper places may be keys that somebody wrote
        where = sorted({str(error["loc"][0]) for error in problem.errors(include_input=False) if error["loc"]})
        raise Unreadable(f"does not fit {kind.type}: {', '.join(where)}") from None
    except (TypeError, ValueError):
        raise Unreadable("malformed envelope") from None
    if envelope.get("source") != event.source or envelope.get("subject") != event.key:
        raise Unreadable("source or subject does not belong to the data")
    return event


def audience_of(parties: Iterable[str] = (), **roles: Iterable[str]) -> tuple[str, ...]:
    """An audience from bare parties and, by keyword, parties' roles: `audience_of(["LK"], co_chair=["NZ"])`."""
    scoped = (f"{party}#{role}" for role, members in roles.items() for party in members)
    return tuple(sorted({*parties, *scoped}))


def _number(text: object) -> int:
    value = int(str(text))
    if not 0 <= value < 2**63:
        raise ValueError
    return value


def _rfc3339(moment: datetime) -> str:
    return _written(moment.astimezone(UTC))


@lru_cache(maxsize=100)  # what one transaction says is of one moment
def _written(utc: datetime) -> str:
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
