# SPDX-License-Identifier: Apache-2.0
"""The parameters of an address: declared once, for the reader and for the OpenAPI document."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from ortaq.doors.api.errors import BadParameter, UnknownParameter

_SHOWN: Final = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
Read = Callable[[str], Any]


@dataclass(frozen=True)
class Parameter:
    """name, what it is for, its JSON Schema, and how its text is read; ValueError from `read` says why it cannot be.

    is_many    it may stand several times; the value is then a tuple
    may_be_empty  an empty text is as good as none
    """

    name: str
    about: str
    schema: Mapping[str, Any]
    read: Read
    is_many: bool = False
    may_be_empty: bool = False
    default: Any = None

    def value(self, texts: Sequence[str]) -> Any:
        if self.is_many:
            return tuple(self._one(text) for text in texts)
        if len(texts) > 1:
            raise BadParameter(name=self.name, value=", ".join(texts)[:_SHOWN], reason="it stands there more than once")
        if not texts or (self.may_be_empty and not texts[0]):
            return self.default
        return self._one(texts[0])

    def _one(self, text: str) -> Any:
        try:
            if _CONTROL.search(text):
                raise ValueError("it has a control character")
            return self.read(text)
        except ValueError as error:
            raise BadParameter(name=self.name, value=text[:_SHOWN], reason=error) from error

    def in_document(self) -> dict[str, Any]:
        """Return the parameter as OpenAPI has it."""
        schema: dict[str, Any] = {"type": "array", "items": self.schema} if self.is_many else dict(self.schema)
        if self.may_be_empty:
            schema = {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
        if self.default is not None:
            schema["default"] = self.default
        return {"name": self.name, "in": "query", "description": self.about, "schema": schema}


def read_parameters(declared: Iterable[Parameter], given: QueryDict) -> dict[str, Any]:
    """Return every declared parameter by name; raises UnknownParameter, BadParameter."""
    known = {one.name: one for one in declared}
    if unknown := sorted(set(given) - set(known)):
        names = ", ".join(name[:_SHOWN] for name in unknown[:10])
        raise UnknownParameter(names=names, known=", ".join(sorted(known)) or "none")
    return {name: one.value(given.getlist(name)) for name, one in known.items()}


def text(longest: int) -> tuple[Mapping[str, Any], Read]:
    """Schema and reader of any text."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise ValueError(f"at most {longest} characters are read")
        return value

    return {"type": "string", "maxLength": longest}, read


def matching(pattern: str, reason: str) -> tuple[Mapping[str, Any], Read]:
    """Schema and reader of a text of one form."""
    form = re.compile(pattern, re.ASCII)

    def read(value: str) -> str:
        if not form.fullmatch(value):
            raise ValueError(reason)
        return value

    return {"type": "string", "pattern": f"^{pattern}$"}, read


def one_of(values: Iterable[str]) -> tuple[Mapping[str, Any], Read]:
    known = tuple(values)

    def read(value: str) -> str:
        if value not in known:
            raise ValueError(f"it is one of {', '.join(known)}")
        return value

    return {"type": "string", "enum": list(known)}, read


def whole(least: int, most: int) -> tuple[Mapping[str, Any], Read]:
    """Schema and reader of a whole number in digits."""
    form = re.compile(r"-?\d{1,18}" if least < 0 else r"\d{1,18}", re.ASCII)

    def read(value: str) -> int:
        if not form.fullmatch(value) or not least <= int(value) <= most:
            raise ValueError(f"it is a whole number from {least} to {most}")
        return int(value)

    return {"type": "integer", "minimum": least, "maximum": most}, read


TAG: Final = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "it is a BCP 47 tag such as az or uz-Cyrl")
COUNTRY: Final = matching(r"[A-Z]{2}", "it is two capital letters of ISO 3166")
URI: Final = matching(r"urn:ortaq:[a-z2-7]{26}(:[a-z2-7]{16})?", "it is a URI such as urn:ortaq:NODE:RECORD")


def limit(most: int, usual: int = 20) -> Parameter:
    return Parameter(
        "limit", f"How many at most; {usual} if not said.", *whole(1, most), may_be_empty=True, default=usual
    )


def after(about: str = "Where the page before ended: `after` of its answer.") -> Parameter:
    """Position that a page starts after, a number."""
    return Parameter("after", about, *whole(0, 2**53 - 1), may_be_empty=True, default=0)
