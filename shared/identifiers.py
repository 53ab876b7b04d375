"""Identifiers of targets, each in the one form of which a token is made: two officers who write it differently mean one.

Pure and without memory: what is given here is clear text, which is never kept, logged or put into an error.
"""

import re
import unicodedata
from datetime import date

from pydantic import BaseModel, ConfigDict, SecretStr

from shared.errors import Invalid
from shared.vocabulary import IdentifierKind

_IMO_WEIGHTS = (7, 6, 5, 4, 3, 2)


class Identifier(BaseModel):
    """As an officer writes it; `born` only with a person. What it says shows in no text that is made of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: IdentifierKind
    value: SecretStr
    born: SecretStr | None = None


def normalised(given: Identifier, field: str = "value") -> str:
    """The form of which the token is made.

    Raises:
        Invalid: it cannot be such an identifier. The reason does not repeat it.
    """
    text = given.value.get_secret_value()
    if len(text) > 200:
        raise Invalid.field(field, "This is too long.")
    if given.kind is IdentifierKind.PERSON:
        return f"{_name(text, field)}|{_birth(given.born, field)}"
    if given.born is not None and given.born.get_secret_value().strip():
        raise Invalid.field(field, "A date of birth goes with a name only.")
    return _RULES[given.kind](text, field)


def _passport(text: str, field: str) -> str:
    """Letters and digits, capital: spaces, dashes and the filler of the machine-readable zone say nothing."""
    found = re.sub(r"[\s<./-]", "", _plain(text)).upper()
    if not re.fullmatch(r"[A-Z0-9]{5,20}", found):
        raise Invalid.field(field, "A passport number has 5 to 20 letters and digits.")
    return found


def _phone(text: str, field: str) -> str:
    """International, digits only (E.164): without the country's code nobody knows whose it is."""
    found = re.sub(r"[\s()./-]", "", _plain(text).replace("(0)", ""))
    found = "+" + found[2:] if found.startswith("00") else found
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", found):
        raise Invalid.field(field, "Write the number with + and the country's code, such as +66 2 123 4567.")
    return found


def _imo(text: str, field: str) -> str:
    """Seven digits, the last of which checks the others."""
    found = re.sub(r"[\s-]", "", _plain(text)).upper().removeprefix("IMO")
    if not re.fullmatch(r"[0-9]{7}", found):
        raise Invalid.field(field, "An IMO number has seven digits.")
    if sum(int(digit) * weight for digit, weight in zip(found[:6], _IMO_WEIGHTS, strict=True)) % 10 != int(found[6]):
        raise Invalid.field(field, "This is no IMO number: its last digit does not fit the others.")
    return found


def _mmsi(text: str, field: str) -> str:
    found = re.sub(r"[\s-]", "", _plain(text)).upper().removeprefix("MMSI")
    if not re.fullmatch(r"[0-9]{9}", found):
        raise Invalid.field(field, "An MMSI has nine digits.")
    return found


def _name(text: str, field: str) -> str:
    """Words without accents and case, in the order of the alphabet: which of them is the family's differs by country."""
    split = unicodedata.normalize("NFKD", text).casefold()
    # accents of Latin, Greek and Cyrillic go; in other scripts such a mark is a vowel, and part of the name
    bare = "".join(sign for sign in split if not (0x300 <= ord(sign) <= 0x36F or sign in "'\u2019\u02bc`"))
    words = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in bare).split()
    if not words:
        raise Invalid.field(field, "Write the name in letters.")
    return " ".join(sorted(words))


def _birth(born: SecretStr | None, field: str) -> str:
    try:
        day = date.fromisoformat(born.get_secret_value().strip() if born else "")
    except ValueError:
        raise Invalid.field(field, "Give the date of birth as well: many people share a name.") from None
    return day.isoformat()


def _plain(text: str) -> str:
    """Wide and other forms of a letter as the plain one, and the digits of every script as 0 to 9."""
    found = unicodedata.normalize("NFKC", text).strip()
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in found)


_RULES = {
    IdentifierKind.PASSPORT: _passport,
    IdentifierKind.PHONE: _phone,
    IdentifierKind.VESSEL_IMO: _imo,
    IdentifierKind.VESSEL_MMSI: _mmsi,
}
