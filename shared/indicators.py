"""What each indicator means: what counts, what does not, in which unit, in which version of the definition.

A changed definition is a new version beside the old; figures keep the version that they were counted by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.vocabulary import Indicator


@dataclass(frozen=True)
class Definition:
    """One version of what is counted under an indicator."""

    indicator: Indicator
    counts: str
    leaves_out: str
    unit: str
    version: int = 1
    part_of: Indicator | None = None

    @property
    def name(self) -> str:
        return self.indicator.label


_ALL = (
    Definition(
        Indicator.TRAFFICKED_PERSONS_ASSISTED,
        "Possible or actual victims of trafficking who were given shelter, care, advice or safe return.",
        "Smuggled migrants without a sign of trafficking; the same person assisted again in this period.",
        "persons",
    ),
    Definition(
        Indicator.SEARCH_WARRANTS_EXECUTED,
        "Warrants to search premises, vessels, vehicles or devices, once carried out.",
        "Warrants asked for or issued and not carried out; inspections that need no warrant.",
        "warrants",
    ),
    Definition(
        Indicator.SUSPECTS_IDENTIFIED,
        "Persons established by name or document as suspected of an offence in the period's focus.",
        "Victims and witnesses; suspects known before who only came up again.",
        "persons",
    ),
    Definition(
        Indicator.ARRESTS,
        "Persons arrested during the period's operations, whatever the offence.",
        "Administrative detention of migrants; the same person arrested again for the same matter.",
        "persons",
    ),
    Definition(
        Indicator.INVESTIGATIONS_OPENED,
        "Criminal investigations formally opened because of the period's operations.",
        "Those opened before that merely went on; preliminary inquiries.",
        "investigations",
    ),
    Definition(
        Indicator.INTERNATIONAL_ENQUIRIES,
        "Enquiries to another party or through INTERPOL, counted by the party that asks.",
        "Answers; reminders of an enquiry that was counted.",
        "enquiries",
    ),
    Definition(
        Indicator.AWARENESS_ACTIVITIES,
        "Events and campaigns for employers, civil society or vulnerable groups.",
        "Training of officers; each copy or broadcast of one campaign.",
        "activities",
    ),
    Definition(
        Indicator.TRAINING_SESSIONS,
        "Courses and workshops for officers, each session once.",
        "Briefings before a shift; awareness activities for the public.",
        "sessions",
    ),
    Definition(
        Indicator.OFFICERS_TRAINED,
        "Officers who attended a training session.",
        "Trainers; members of the public.",
        "persons",
    ),
    Definition(
        Indicator.ARRESTS_TIP_SOM,
        "Those of the arrests that are for trafficking in persons or smuggling of migrants.",
        "Arrests for other offences.",
        "persons",
        part_of=Indicator.ARRESTS,
    ),
    Definition(
        Indicator.PERSONS_CHECKED,
        "Persons whose identity or document was examined in an operation.",
        "Travellers who only passed a routine counter.",
        "persons",
    ),
    Definition(
        Indicator.PERSONS_REFUSED,
        "Persons refused entry, boarding or a visa because of an operation's checks.",
        "Persons who sought protection and were referred.",
        "persons",
    ),
    Definition(
        Indicator.DOCUMENTS_DETECTED,
        "Travel documents and visas found to be counterfeit, forged, fraudulently obtained or used by another.",
        "Suspicions that an examination did not confirm; expired documents.",
        "documents",
    ),
    Definition(
        Indicator.VICTIMS_REFERRED,
        "Possible victims handed over to a protection service.",
        "Referrals that the person did not agree to and that were not made.",
        "persons",
    ),
    Definition(
        Indicator.SMUGGLED_MIGRANTS_DETECTED,
        "Persons found being smuggled across a border, or having just been.",
        "Facilitators; persons found only to have overstayed a visa.",
        "persons",
    ),
    Definition(
        Indicator.FACILITATORS_IDENTIFIED,
        "Persons established as organising or helping smuggling or trafficking for gain.",
        "Relatives who helped without gain.",
        "persons",
    ),
    Definition(
        Indicator.SEIZURES,
        "Seizures of money, vessels, vehicles or goods, each with its value and ISO 4217 currency.",
        "Freezing of accounts without seizure; evidence without value of its own.",
        "seizures",
    ),
    Definition(
        Indicator.PROSECUTIONS,
        "Persons charged before a court because of the period's operations.",
        "Charges laid before the period.",
        "persons",
    ),
    Definition(
        Indicator.CONVICTIONS,
        "Persons convicted at first instance in matters of the period's operations.",
        "Appeals in a matter that was counted.",
        "persons",
    ),
)

DEFINITIONS: Mapping[Indicator, Definition] = MappingProxyType({each.indicator: each for each in _ALL})
"""The present version of each definition."""
