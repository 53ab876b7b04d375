"""The alerts that states send each other during the period; none describes a real case."""

from datetime import datetime, timedelta
from typing import Any

from client.demo.making.period import act, zone_of

ALERTS: list[dict[str, Any]] = [
    {
        **act("my.coordinator", 10, 1, 15, 20),
        "key": "altered-passports",
        "kind": "travel_document_fraud",
        "title": "Pasport dengan helaian data yang diganti",
        "text": "Empat pasport dengan helaian data yang diganti ditemui di Kuala Lumpur. Tepi laminat tidak rata dan "
        "nombor siri di halaman 3 tidak sepadan. Sila semak penumpang dengan tempahan pada hari yang sama.",
        "language": "ms",
        "grading": {"scale": "admiralty", "source": "B", "information": "2"},
        "precedence": "PRIORITY",
        "recipients": ["AU", "ID", "TH"],
        "acknowledged": {"au.liaison1": 2, "id.liaison2": 4, "th.liaison1": 7},
    },
    {
        **act("au.coordinator", 10, 5, 9, 40),
        "key": "one-agent",
        "kind": "visa_fraud",
        "title": "Working visas lodged through one agent with shared payments",
        "text": "A series of applications with invented work references was lodged through one online agent and paid "
        "from the same account. Applicants travel within days. Please tell us of refused or cancelled visas alike.",
        "language": "en",
        "grading": {"scale": "admiralty", "source": "B", "information": "2"},
        "precedence": "IMMEDIATE",
        "recipients": ["ID", "MY", "PH", "TH"],
        "acknowledged": {"my.liaison1": 1, "ph.liaison2": 1, "id.liaison2": 2, "th.liaison1": 3},
    },
    {
        **act("id.coordinator", 10, 8, 6, 30),
        "key": "wooden-boat",
        "kind": "vessel",
        "title": "Kapal kayu biru tanpa nama, kemungkinan menuju selatan",
        "text": "Kapal kayu biru sepanjang sekitar 18 meter tanpa nama terlihat memuat bahan bakar tambahan di pesisir "
        "selatan. Diduga akan membawa penumpang. Mohon kabar bila terlihat.",
        "language": "id",
        "grading": {"scale": "admiralty", "source": "C", "information": "3"},
        "precedence": "PRIORITY",
        "recipients": ["AU", "LK", "MY"],
        "acknowledged": {"au.liaison2": 1, "my.liaison1": 3, "lk.liaison1": 5},
    },
    {
        **act("lk.coordinator", 10, 11, 13, 5),
        "key": "swapped-passes",
        "kind": "air_route",
        "title": "Boarding passes swapped in transit",
        "text": "A group on one onward flight is thought to have exchanged boarding passes in the transit hall. Please "
        "look at arrivals of that connection in the last two weeks.",
        "language": "en",
        "grading": {"scale": "4x4", "source": "B", "information": "3"},
        "precedence": "PRIORITY",
        "recipients": ["MV", "MY", "TH"],
        "acknowledged": {"mv.liaison1": 3, "my.liaison1": 6},
        "recalled": (69, "The carrier's records show another connection; the description does not hold."),
    },
    {
        **act("ph.coordinator", 10, 13, 16, 45),
        "key": "small-payments",
        "kind": "modus_operandi",
        "title": "Small payments before live streams",
        "text": "Payments below reporting limits are split over several remittance shops within an hour before a "
        "session. Please compare with reports of your own financial unit; answers to the desk only.",
        "language": "en",
        "grading": {"scale": "admiralty", "source": "A", "information": "2"},
        "tlp": "AMBER",
        "handling": "H1",
        "precedence": "PRIORITY",
        "recipients": ["AU", "NZ", "INTERPOL"],
        "acknowledged": {"interpol.desk": 2, "au.liaison1": 6, "nz.liaison2": 8},
    },
    {
        **act("nz.coordinator", 10, 16, 11, 15),
        "key": "manning-agents",
        "kind": "smuggler_or_trafficker",
        "title": "Crew contracts signed twice through manning agents",
        "text": "Crew of charter vessels sign a second contract with lower pay after departure. The manning agents "
        "change their name each season. Please say whether their papers are known to you.",
        "language": "en",
        "grading": {"scale": "4x4", "source": "B", "information": "2"},
        "precedence": "ROUTINE",
        "recipients": ["ID", "LK", "TH"],
        "acknowledged": {"th.liaison1": 20, "id.liaison1": 26, "lk.liaison2": 44},
    },
    {
        **act("th.coordinator", 10, 20, 10, 50),
        "key": "visa-stickers",
        "kind": "travel_document_fraud",
        "title": "แผ่นปะวีซ่าปลอม พบที่ด่านทางอากาศ",
        "text": "พบแผ่นปะวีซ่าปลอมสามฉบับ สีของลายน้ำจางกว่าของจริงและเลขที่เรียงติดกัน โปรดตรวจสอบผู้เดินทางที่ใช้วีซ่าจากชุดเดียวกัน",
        "language": "th",
        "grading": {"scale": "admiralty", "source": "B", "information": "1"},
        "precedence": "PRIORITY",
        "recipients": ["AU", "LK", "MY"],
        "acknowledged": {"my.liaison1": 2, "au.liaison1": 3, "lk.liaison1": 5},
    },
]
ORDER = [
    "key",
    "at",
    "by",
    "kind",
    "title",
    "text",
    "language",
    "grading",
    "tlp",
    "handling",
    "precedence",
    "recipients",
    "valid_until",
    "acknowledged",
    "recalled",
]


def alerts() -> list[dict[str, Any]]:
    """With the moments of acknowledgement and recall, and the usual handling where none is named."""
    return [_whole(alert) for alert in ALERTS]


def _whole(alert: dict[str, Any]) -> dict[str, Any]:
    published: datetime = alert["at"]
    whole = {"tlp": "AMBER+STRICT", "handling": "H2", "valid_until": published + timedelta(days=30), **alert}
    whole["acknowledged"] = [
        {"at": (published + timedelta(hours=hours, minutes=-10)).astimezone(zone_of(username)), "by": username}
        for username, hours in alert["acknowledged"].items()
    ]
    if "recalled" in alert:
        hours, reason = alert["recalled"]
        whole["recalled"] = {"at": published + timedelta(hours=hours), "by": alert["by"], "reason": reason}
    return {name: whole[name] for name in ORDER if name in whole}
