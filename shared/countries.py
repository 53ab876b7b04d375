"""Codes of countries, ISO 3166-1 alpha-2: wider than the parties, because people come from everywhere."""

from typing import Annotated

import pycountry
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

UNKNOWN = "ZZ"
"""Not known, or none: left to its users by ISO 3166-1."""


def _known(code: str) -> str:
    if code != UNKNOWN and pycountry.countries.get(alpha_2=code) is None:
        raise PydanticCustomError("country", "{code} is no country: use a code such as MM, or ZZ.", {"code": repr(code)})
    return code


CountryCode = Annotated[str, AfterValidator(_known)]
"""The code of a country in capitals, or ZZ."""
