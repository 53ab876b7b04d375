"""The base of every enumeration here: a value for programs and files, a label for people."""

from enum import StrEnum


class Labelled(StrEnum):
    """Members are `NAME = "value"` or `NAME = "value", "Label"`; without a label, the value is made readable."""

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        readable = value.replace("_", " ")
        member.label = label or readable[:1].upper() + readable[1:]
        return member
