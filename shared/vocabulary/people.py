"""Roles that accounts have, and how a party stands in the Bali Process."""

from shared.vocabulary.labelled import Labelled


class Role(Labelled):
    """What an account may do. No role may do everything, and no account spans two parties."""

    LIAISON_OFFICER = "liaison_officer"
    COORDINATOR = "coordinator", "National coordinator"
    CO_CHAIR = "co_chair", "Working Group co-chair"
    RSO_OFFICER = "rso_officer", "RSO officer"
    RIGHTS_OFFICER = "rights_officer"
    PROTECTION_SERVICE = "protection_service"
    OBSERVER = "observer"
    PARTY_ADMIN = "party_admin", "Accounts of its party"
    INTEGRATOR = "integrator", "Integrator (a machine)"
    OPERATOR = "operator", "Operator (no content)"


class Standing(Labelled):
    """How a party stands; who belongs to the Ad Hoc Group is data that the operator changes."""

    MEMBER = "member"
    AHG = "ahg", "Ad Hoc Group"
    OBSERVER = "observer"
    NETWORK_ONLY = "network_only", "In networks only"
