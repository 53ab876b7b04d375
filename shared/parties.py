"""The parties: members, organisations, the support office and INTERPOL, by code, name and main time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

PartyKind = Literal["member", "organisation", "coordination", "support"]


@dataclass(frozen=True)
class Party:
    """A party under the name that the Bali Process uses. Its time zone is the capital's, for calendars and pages."""

    code: str
    name: str
    kind: PartyKind
    time_zone: str


_MEMBERS = (
    ("AF", "Afghanistan", "Asia/Kabul"),
    ("AU", "Australia", "Australia/Sydney"),
    ("BD", "Bangladesh", "Asia/Dhaka"),
    ("BT", "Bhutan", "Asia/Thimphu"),
    ("BN", "Brunei Darussalam", "Asia/Brunei"),
    ("KH", "Cambodia", "Asia/Phnom_Penh"),
    ("CN", "China", "Asia/Shanghai"),
    ("KP", "DPR Korea", "Asia/Pyongyang"),
    ("FJ", "Fiji", "Pacific/Fiji"),
    ("FR", "France (New Caledonia)", "Pacific/Noumea"),  # a member for New Caledonia, so by its clock
    ("HK", "Hong Kong SAR", "Asia/Hong_Kong"),
    ("IN", "India", "Asia/Kolkata"),
    ("ID", "Indonesia", "Asia/Jakarta"),
    ("IR", "Iran", "Asia/Tehran"),
    ("IQ", "Iraq", "Asia/Baghdad"),
    ("JP", "Japan", "Asia/Tokyo"),
    ("JO", "Jordan", "Asia/Amman"),
    ("KI", "Kiribati", "Pacific/Tarawa"),
    ("LA", "Lao PDR", "Asia/Vientiane"),
    ("MO", "Macau SAR", "Asia/Macau"),
    ("MY", "Malaysia", "Asia/Kuala_Lumpur"),
    ("MV", "Maldives", "Indian/Maldives"),
    ("MN", "Mongolia", "Asia/Ulaanbaatar"),
    ("MM", "Myanmar", "Asia/Yangon"),
    ("NR", "Nauru", "Pacific/Nauru"),
    ("NP", "Nepal", "Asia/Kathmandu"),
    ("NZ", "New Zealand", "Pacific/Auckland"),
    ("PK", "Pakistan", "Asia/Karachi"),
    ("PW", "Palau", "Pacific/Palau"),
    ("PG", "Papua New Guinea", "Pacific/Port_Moresby"),
    ("PH", "Philippines", "Asia/Manila"),
    ("KR", "Republic of Korea", "Asia/Seoul"),
    ("WS", "Samoa", "Pacific/Apia"),
    ("SG", "Singapore", "Asia/Singapore"),
    ("SB", "Solomon Islands", "Pacific/Guadalcanal"),
    ("LK", "Sri Lanka", "Asia/Colombo"),
    ("SY", "Syria", "Asia/Damascus"),
    ("TH", "Thailand", "Asia/Bangkok"),
    ("TL", "Timor-Leste", "Asia/Dili"),
    ("TO", "Tonga", "Pacific/Tongatapu"),
    ("TR", "Türkiye", "Europe/Istanbul"),
    ("AE", "United Arab Emirates", "Asia/Dubai"),
    ("US", "United States of America", "America/New_York"),
    ("VU", "Vanuatu", "Pacific/Efate"),
    ("VN", "Viet Nam", "Asia/Ho_Chi_Minh"),
)
_OTHERS: tuple[Party, ...] = (
    Party("IOM", "IOM", "organisation", "Europe/Zurich"),
    Party("UNHCR", "UNHCR", "organisation", "Europe/Zurich"),
    Party("UNODC", "UNODC", "organisation", "Europe/Vienna"),
    Party("ILO", "ILO", "organisation", "Europe/Zurich"),
    Party("RSO", "Regional Support Office", "coordination", "Asia/Bangkok"),
    Party("INTERPOL", "INTERPOL", "support", "Europe/Paris"),
)

PARTIES: Mapping[str, Party] = MappingProxyType(
    {code: Party(code, name, "member", zone) for code, name, zone in _MEMBERS} | {party.code: party for party in _OTHERS}
)
"""By code, members in the order of their names, then the others."""


def _known(code: str) -> str:
    if code not in PARTIES:
        raise PydanticCustomError(
            "party", "{code} is not a party: use a code such as NZ, VN or INTERPOL.", {"code": repr(code)}
        )
    return code


PartyCode = Annotated[str, AfterValidator(_known)]
"""The code of a party that exists, in capitals."""


def feed_topic(code: str) -> str:
    """The Kafka topic that brings a party what it may know: `feed.nz`."""
    return f"feed.{code.lower()}"
