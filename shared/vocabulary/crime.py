"""What is fought and whom it harms: focus, kinds of alert and of document fraud, exploitation, victims."""

from shared.vocabulary.labelled import Labelled


class Focus(Labelled):
    """What a period concentrates on."""

    PEOPLE_SMUGGLING = "people_smuggling"
    TRAFFICKING_LABOUR = "trafficking_labour", "Trafficking for labour exploitation"
    TRAFFICKING_SEXUAL = "trafficking_sexual", "Trafficking for sexual exploitation"
    CHILD_EXPLOITATION_ONLINE = "child_exploitation_online", "Online exploitation of children"
    DOCUMENT_FRAUD = "document_fraud"
    MONEY_LAUNDERING = "money_laundering"
    MARITIME = "maritime", "Maritime routes"
    AIR = "air", "Air routes"
    LAND = "land", "Land routes"


class AlertKind(Labelled):
    """What an alert warns of."""

    TRAVEL_DOCUMENT_FRAUD = "travel_document_fraud"
    VISA_FRAUD = "visa_fraud"
    SMUGGLING_ROUTE = "smuggling_route"
    SMUGGLER_OR_TRAFFICKER = "smuggler_or_trafficker"
    VESSEL = "vessel"
    AIR_ROUTE = "air_route"
    MODUS_OPERANDI = "modus_operandi"
    VICTIM_INDICATOR = "victim_indicator"
    VISA_REFUSAL_OR_CANCELLATION = "visa_refusal_or_cancellation"
    ILLICIT_FINANCE = "illicit_finance"
    DISTRESS_AT_SEA = "distress_at_sea"


class DocumentFraud(Labelled):
    """What is wrong with a travel document; `forged` says further how, by `Forgery`."""

    COUNTERFEIT = "counterfeit"
    FORGED = "forged"
    PSEUDO = "pseudo", "Pseudo document"
    FRAUDULENTLY_OBTAINED = "fraudulently_obtained"
    IMPOSTER = "imposter", "Genuine, used by an imposter"
    STOLEN_BLANK = "stolen_blank"


class Forgery(Labelled):
    """How a genuine document was forged."""

    PHOTO_SUBSTITUTION = "photo_substitution"
    PAGE_SUBSTITUTION = "page_substitution"
    DATA_ALTERATION = "data_alteration"
    VISA_OR_STAMP = "visa_or_stamp"


class Exploitation(Labelled):
    """Type of exploitation, Human Trafficking Case Data Standard (HTCDS), version 2.0."""

    FORCED_LABOUR = "ForcedLabour", "Forced labour"
    SEXUAL_EXPLOITATION = "SexualExploitation", "Sexual exploitation"
    CHILD_LABOUR = "ChildLabour", "Child labour"
    FORCED_MARRIAGE = "ForcedMarriage", "Forced marriage"
    SERVITUDE = "Servitude", "Servitude"
    FORCED_MILITARY_BY_NON_STATE_ACTORS = "ForcedMilitaryByNonStateActors", "Forced military by non-state actors"
    ORGAN_REMOVAL = "OrganRemoval", "Organ removal"
    FORCED_BEGGING = "ForcedBegging", "Forced begging"
    FORCED_ADOPTION = "ForcedAdoption", "Forced adoption"
    SURROGACY = "Surrogacy", "Surrogacy"
    OTHER = "Other", "Other"


class VictimStatus(Labelled):
    """Whether a person is a victim of trafficking, HTCDS version 2.0."""

    POSSIBLE = "Possible", "Possible victim"
    ACTUAL = "Actual", "Actual victim"
    NOT_VICTIM = "NotVictim", "Not a victim"


class VictimDecider(Labelled):
    """Who decided a victim's status, HTCDS version 2.0."""

    POLICE = "Police", "Police"
    NGO = "NGO", "Non-governmental organisation"
    COURT_OR_PROSECUTION = "CourtOrProsecution", "Court or prosecution"
    NON_POLICE_GOVERNMENTAL_ORGANIZATION = (
        "NonPoliceGovernmentalOrganization",
        "Governmental organisation other than police",
    )
    OTHER = "Other", "Other"
