"""What a line of the consent ledger says that a state or the co-chairs did."""

from shared.vocabulary.labelled import Labelled


class LedgerKind(Labelled):
    """Words first, then what was done by them. `disclosed`: shown beyond whom it is about, on a word given before."""

    YES = "yes"
    RESERVATION = "reservation", "Yes, with a reservation"
    OBSERVING = "observing"
    NO = "no"
    WITHDRAWN = "withdrawn", "Word taken back"
    LEFT = "left"
    PROPOSED = "proposed"
    INVITED = "invited"
    PUBLISHED = "published"
    ADOPTED = "adopted"
    AMENDED = "amended"
    ACTIVATED = "activated"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DRAFTED = "drafted"
    SCHEDULED = "scheduled"
    HELD = "held", "Scheduled, and held back"
    CHOSEN = "chosen", "Readers of the detail chosen"
    RELEASED = "released"
    RECALLED = "recalled"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DISCLOSED = "disclosed"
