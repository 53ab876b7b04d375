"""What a liaison officer sees: home, the form for an update, and its receipt."""

from dataclasses import dataclass
from datetime import datetime

from services.portal.pages.views.alerts import AlertLine
from services.portal.pages.views.common import FileLink, FormPage, Option
from services.portal.pages.views.operations import OperationLine
from services.portal.pages.views.period import Waiting
from services.portal.pages.views.updates import UpdateLine


@dataclass(frozen=True, kw_only=True)
class Home:
    """What an officer needs at once: post, answer, and look at the last things said."""

    greeting: str
    operations: tuple[OperationLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    invitations: tuple[tuple[str, str], ...] = ()
    """Periods that wait for this party's answer, as (id, title)."""
    returned: tuple[UpdateLine, ...] = ()
    recent: tuple[UpdateLine, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    """What else waits for a word of this reader's, by period."""
    may_post: bool = True
    has_posted: bool = True
    """Whether this reader posts updates, or ever did."""


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Who will see what of one operation's updates: party codes, exactly."""

    operation_id: str
    operation: str
    headline: tuple[str, ...]
    co_chairs: tuple[str, ...]
    detail: tuple[str, ...]
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class PostUpdate(FormPage):
    """The form that is filled in most: `operations` has one entry for each that may be chosen."""

    operations: tuple[Readers, ...]
    chosen: str
    main: tuple[str, ...]
    further: tuple[str, ...]
    kinds: tuple[Option, ...]
    zone: str
    corrects: UpdateLine | None = None
    languages: tuple[Option, ...] = ()
    attached: tuple[tuple[str, str], ...] = ()
    """Files that the form has already: seal and name."""
    carried: tuple[Option, ...] = ()
    """Files of the version that is corrected, which the correction has unless they are taken away."""
    concerns: tuple[Option, ...] = ()
    origins: tuple[Option, ...] = ()
    """The states that may be kept out of it."""
    tlp: str = "AMBER+STRICT"


@dataclass(frozen=True, kw_only=True)
class ReadReceipt:
    """That a party has read something, and when."""

    party: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was posted and who can see it."""

    update: UpdateLine
    readers: Readers
    read_by: tuple[ReadReceipt, ...] = ()
    files: tuple[FileLink, ...] = ()
    place: str = ""
    corrects: str = ""
    """Id of the update that this one takes the place of."""
    corrects_posted_at: datetime | None = None
    may_post: bool = True
    arrived: bool = True
    """False while the read tables have not reached the event yet."""
