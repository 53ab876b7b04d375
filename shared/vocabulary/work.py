"""What is planned, done and learned, the states that it goes through, and the words parties give on it."""

from shared.vocabulary.labelled import Labelled


class PeriodState(Labelled):
    """Where a Joint Period of Action stands."""

    PROPOSED = "proposed"
    PLANNING = "planning"
    ADOPTED = "adopted"
    ACTIVE = "active"
    CLOSED = "closed"
    DEBRIEFED = "debriefed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Answer(Labelled):
    """A party's word on the invitation to a period. Silence is none of them."""

    JOINED = "joined"
    OBSERVING = "observing"
    DECLINED = "declined"


class PlanAnswer(Labelled):
    """A state's word on one version of the plan."""

    ENDORSED = "endorsed"
    RESERVED = "reserved", "Endorsed with a reservation"
    DECLINED = "declined"


class JointAnswer(Labelled):
    """A state's word on one version of a joint operation, or of an investigation plan."""

    CONSENTED = "consented"
    REFUSED = "refused"


class InvestigationState(Labelled):
    """Where an investigation plan stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    STOPPED = "stopped"


class OperationState(Labelled):
    """Where an operation stands."""

    DRAFTED = "drafted"
    SCHEDULED = "scheduled"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class OperationKind(Labelled):
    """What sort of operation a headline announces: all that it says about how."""

    VISA_CHECKS = "visa_checks"
    LABOUR_INSPECTION = "labour_inspection"
    ONLINE_EXPLOITATION = "online_exploitation"
    MARITIME_PATROL = "maritime_patrol"
    AIRPORT_CHECKS = "airport_checks"
    DOCUMENT_CHECKS = "document_checks"
    FISHING_PORTS = "fishing_ports"
    AWARENESS = "awareness"
    TRAINING = "training"
    INVESTIGATION = "investigation"


class PlaceKind(Labelled):
    """How a place is named."""

    LOCODE = "locode", "UN/LOCODE"
    IATA = "iata", "IATA code"
    POINT = "point"


class PlaceFunction(Labelled):
    """What a place is for, as its line in the UN/LOCODE list says."""

    PORT = "port"
    RAIL = "rail", "Station"
    ROAD = "road", "Road terminal"
    AIRPORT = "airport"
    POST = "post", "Postal exchange"
    DRY_PORT = "dry_port", "Dry port"
    INLAND_PORT = "inland_port", "Inland port"
    INSTALLATION = "installation", "Fixed installation"
    BORDER_CROSSING = "border_crossing", "Border crossing"


class DetailAudience(Labelled):
    """To whom the owner of an operation gives its detail."""

    OWN = "own", "Own party only"
    INVOLVED = "involved", "Parties involved in the operation"
    PARTICIPANTS = "participants", "All participants of the period"


class ResourceKind(Labelled):
    """What a party brings to an operation."""

    OFFICERS = "officers"
    INTERPRETERS = "interpreters"
    VEHICLES = "vehicles"
    VESSELS = "vessels"
    AIRCRAFT = "aircraft"
    EQUIPMENT = "equipment"
    FUNDS = "funds"
    OTHER_RESOURCE = "other_resource", "Other"


class ResourceState(Labelled):
    """How far a resource has come, by its own party's word."""

    PLEDGED = "pledged"
    CONFIRMED = "confirmed"
    DEPLOYED = "deployed"
    RELEASED = "released"


class UpdateKind(Labelled):
    """What an update reports."""

    PROGRESS = "progress"
    RESULT = "result"
    INCIDENT = "incident"
    DISTRESS = "distress", "Distress at sea"


class UpdateStatus(Labelled):
    """Whether an update's counts stand. Returned and superseded ones count nowhere."""

    PROVISIONAL = "provisional"
    VALIDATED = "validated"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class AlertState(Labelled):
    """Where an alert stands."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    EXPIRED = "expired"
    RECALLED = "recalled"


class ReceiptState(Labelled):
    """How far an alert has come with one recipient; `purged` is the recipient's word after a recall."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    ACTIONED = "actioned", "Acted on"
    PURGED = "purged"


class CheckAnswer(Labelled):
    """What an identity check says, and it says nothing else."""

    HIT = "hit"
    NO_HIT = "no_hit"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "refused"


class ObjectiveRating(Labelled):
    """How well an objective was reached, HSEEP (US Homeland Security Exercise and Evaluation Program), January 2020."""

    PERFORMED = "P", "Performed without challenges"
    SOME_CHALLENGES = "S", "Performed with some challenges"
    MAJOR_CHALLENGES = "M", "Performed with major challenges"
    UNABLE = "U", "Unable to be performed"


class LessonState(Labelled):
    """Where a lesson stands. Only a validated one is called learned."""

    IDENTIFIED = "identified"
    ENDORSED = "endorsed"
    ASSIGNED = "assigned"
    IMPLEMENTED = "implemented"
    VALIDATED = "validated", "Lesson learned"
    REJECTED = "rejected"
