# SPDX-License-Identifier: Apache-2.0
"""The types that a kind's fields can have. Each says how it is checked, and what may be derived from it."""

import enum
import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ortaq.core import dates, identifiers
from ortaq.core.errors import N_, BadDate, BadIdentifier
from ortaq.core.vocabulary import AREAS, LINK_ROLES


class Role(enum.Enum):
    """What a field means to the parts that know no kind: index, pages, export."""

    NAME = "name"
    PROSE = "prose"
    MARKUP = "markup"
    WORD = "word"
    CHOICE = "choice"
    TERM = "term"
    REF = "ref"
    LINKS = "links"
    SPAN = "span"
    DATE = "date"
    POINT = "point"
    FILES = "files"
    URL = "url"
    LANG = "lang"
    COUNTRY = "country"
    NUMBER = "number"
    FLAG = "flag"
    AMOUNT = "amount"
    GROUP = "group"
    SOURCE = "source"


@dataclass(frozen=True, eq=False)
class Means:
    """Annotation of a field type. choices: value → label, where the values are few and known; targets: kinds it points at."""

    role: Role
    choices: Mapping[str, str] | None = None
    targets: tuple[str, ...] = ()


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _clean(text: str) -> str:
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    if not normal.isprintable() and (found := _CONTROL.search(normal)):
        raise PydanticCustomError(
            "control_character", "contains the control character U+{code}", {"code": f"{ord(found[0]):04X}"}
        )
    return normal


_SCRIPT_ONLY = re.compile(r"[A-Z][a-z]{3}(?:-|\Z)")


def _one_or_many(value: Any) -> Any:
    """A language map may name one string for a language instead of a list, and a script alone (Latn-KZ: und-Latn-KZ)."""
    if isinstance(value, dict):
        return {_whole_tag(tag, value): [given] if isinstance(given, str) else given for tag, given in value.items()}
    return value


def _whole_tag(tag: Any, others: Container[Any]) -> Any:
    is_script = isinstance(tag, str) and _SCRIPT_ONLY.match(tag) and f"und-{tag}" not in others
    return f"und-{tag}" if is_script else tag


def _is_edtf(text: str) -> str:
    try:
        dates.years(text)
    except BadDate as error:
        raise PydanticCustomError("edtf", "{reason}", {"reason": str(error)}) from error
    return text


def _resolved(text: str, info: ValidationInfo) -> str:
    """Source ids become URIs of the node in the validation context; without one they stay as they are."""
    node = (info.context or {}).get("node")
    try:
        return identifiers.resolve(text, node) if node else text
    except BadIdentifier as error:
        raise PydanticCustomError("identifier", "{reason}", {"reason": str(error)}) from error


# Patterns have names, since core/problems.py says by them what is wrong.
TAG: Final = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{4,8})*$"
WEB_ADDRESS: Final = r"^https?://[^\s<>\"]+$"
COUNTRY: Final = r"^[A-Z]{2}$"
DAY: Final = r"^\d{4}-\d\d-\d\d$"
DIGEST: Final = r"^uEi[A-Za-z0-9_-]{44}$"
MEDIA_TYPE: Final = r"^[a-z]+/[a-z0-9.+-]+$"

Tag = Annotated[str, StringConstraints(pattern=TAG)]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True), AfterValidator(_clean)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000_000), AfterValidator(_clean)]


def _language_map(longest: int, most: int) -> WithJsonSchema:
    """The JSON Schema of a language map: what pydantic makes of it says neither that one text may stand alone nor what a tag is."""
    text = {"type": "string", "minLength": 1, "maxLength": longest}
    texts = {"type": "array", "items": text, "minItems": 1, "maxItems": most}
    tags = {TAG: {"anyOf": [text, texts]}}
    return WithJsonSchema(
        {"type": "object", "patternProperties": tags, "additionalProperties": False, "minProperties": 1}
    )


Name = Annotated[
    dict[Tag, Annotated[list[_Line], Field(min_length=1, max_length=200)]],
    BeforeValidator(_one_or_many),
    Field(min_length=1),
    _language_map(2_000, 200),
    Means(Role.NAME),
]
Prose = Annotated[
    dict[Tag, Annotated[list[_Text], Field(min_length=1, max_length=50)]],
    BeforeValidator(_one_or_many),
    Field(min_length=1),
    _language_map(1_000_000, 50),
    Means(Role.PROSE),
]
Markup = Annotated[_Text, Means(Role.MARKUP)]
Word = Annotated[_Line, Means(Role.WORD)]
SourceId = Annotated[_Line, StringConstraints(max_length=500), Means(Role.SOURCE)]
Lang = Annotated[Tag, Means(Role.LANG)]
Url = Annotated[str, StringConstraints(pattern=WEB_ADDRESS, max_length=2_000), Means(Role.URL)]
Country = Annotated[str, StringConstraints(pattern=COUNTRY), Means(Role.COUNTRY)]
Span = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(_is_edtf),
    Field(json_schema_extra={"format": "edtf"}),
    Means(Role.SPAN),
]
Date = Annotated[
    str,
    StringConstraints(pattern=DAY),
    AfterValidator(_is_edtf),
    Field(json_schema_extra={"format": "date"}),
    Means(Role.DATE),
]
Number = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1), Means(Role.NUMBER)]
Flag = Annotated[bool, Field(strict=True), Means(Role.FLAG)]
_Reference = Annotated[
    str, StringConstraints(min_length=1, max_length=500), AfterValidator(_clean), AfterValidator(_resolved)
]
Ref = Annotated[_Reference, Means(Role.REF)]
AgentRef = Annotated[_Reference, Means(Role.REF, targets=("agent",))]
NodeRef = Annotated[_Reference, Means(Role.REF, targets=("node",))]
TermRef = Annotated[_Reference, Means(Role.TERM, targets=("term",))]


def choice(labels: Mapping[str, str]) -> Any:
    """Return the type of a field that takes one of the keys of *labels*."""

    def known(value: str) -> str:
        if value not in labels:
            raise PydanticCustomError(
                "choice", "'{value}' is not one of: {known}", {"value": value, "known": ", ".join(labels)}
            )
        return value

    return Annotated[
        str, AfterValidator(known), WithJsonSchema({"type": "string", "enum": list(labels)}), Means(Role.CHOICE, labels)
    ]


class Part(BaseModel):
    """A group of fields inside a body."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False, allow_inf_nan=False)


class Entry(Part):
    """A group in which no field has to be filled, but one at least."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(value is None for value in self.__dict__.values()):
            raise PydanticCustomError("empty_entry", "says nothing")
        return self


class Point(Part):
    """WGS 84, degrees; precision_m: radius in which the place is certain."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    precision_m: Annotated[int, Field(gt=0, le=2_000_000)] | None = None


class Link(Part):
    role: choice({role: labels[0] for role, labels in LINK_ROLES.items()})  # type: ignore[valid-type]
    to: _Reference
    note: _Line | None = None


class Identifier(Part):
    """A name that another register gave, for example wikidata Q1234."""

    scheme: Annotated[Word, Field(title=N_("Register"))]
    value: Annotated[Word, Field(title=N_("Identifier"))]


class File(Part):
    """Bytes, named by their digest; media_type is what sniffing found."""

    digest: Annotated[str, StringConstraints(pattern=DIGEST)]
    name: Annotated[_Line, StringConstraints(max_length=255)]
    media_type: Annotated[str, StringConstraints(pattern=MEDIA_TYPE, max_length=127)]
    bytes: Annotated[int, Field(ge=0)]


class Amount(Part):
    """A number with its unit: an ISO 4217 currency or a UCUM unit."""

    value: float
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20)]


PointField = Annotated[Point, Means(Role.POINT)]
Files = Annotated[list[File], Field(max_length=10_000), Means(Role.FILES)]
AmountField = Annotated[Amount, Means(Role.AMOUNT)]
Links = Annotated[list[Link], Field(max_length=5_000), Means(Role.LINKS)]
Area = choice(AREAS)
