"""A position at sea as people write it, and as they read it: degrees and minutes, or decimal degrees."""

import re

_NUMBER = r"(\d{1,2}(?:[.,]\d+)?)"
_PART = rf"(\d{{1,3}}(?:[.,]\d+)?)\s*°?(?:[\s°-]*(?<=[\s°-]){_NUMBER}\s*['′’]?)?(?:\s*(?<=[\s'′’]){_NUMBER}\s*[\"″”])?\s*"
_WORDED = re.compile(rf"\s*{_PART}([NS])[\s,;/]*{_PART}([EW])\s*", re.IGNORECASE)
# with a point in both: "6 12" may as well be degrees and minutes of one of them
_DECIMAL = re.compile(r"\s*([+-]?\d{1,2}\.\d+)[\s,;]+([+-]?\d{1,3}\.\d+)\s*")

Position = tuple[float, float]


def read_position(text: str) -> Position | None:
    """Latitude and longitude, if the text is nothing else; in an emergency anything else goes out as words."""
    if found := _DECIMAL.fullmatch(text):
        return _inside(float(found[1]), float(found[2]))
    if found := _WORDED.fullmatch(text):
        north, east = _degrees(found[4], *found.group(1, 2, 3)), _degrees(found[8], *found.group(5, 6, 7))
        return _inside(north, east)
    return None


def show_position(latitude: float, longitude: float) -> str:
    """`06°12.300′ S 105°30.000′ E`."""
    return f"{_shown(latitude, 'NS', 2)} {_shown(longitude, 'EW', 3)}"


def _degrees(side: str, *parts: str | None) -> float:
    whole = sum(float(part.replace(",", ".")) / (1, 60, 3600)[power] for power, part in enumerate(parts) if part)
    return -whole if side.upper() in "SW" else whole


def _inside(latitude: float, longitude: float) -> Position | None:
    return (round(latitude, 6), round(longitude, 6)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _shown(value: float, sides: str, digits: int) -> str:
    thousandths = round(abs(value) * 60_000)
    degrees, minutes = divmod(thousandths, 60_000)
    return f"{degrees:0{digits}d}°{minutes / 1000:06.3f}′ {sides[value < 0]}"
