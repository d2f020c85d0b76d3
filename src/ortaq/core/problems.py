# SPDX-License-Identifier: Apache-2.0
"""What is wrong with one field of a body: where, a code that never changes, the facts, and a sentence that says what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from ortaq.core import fields
from ortaq.core.errors import N_

# code → sentence; the door that shows it translates it and fills in the facts
SAY: Final = {
    "field.missing": N_("This is missing. Fill it in."),
    "field.empty": N_("This is empty. Write something, or remove it."),
    "field.too-long": N_("This is longer than %(limit)s characters. Shorten it."),
    "field.too-many": N_("There are more than %(limit)s of these. Remove some."),
    "field.language": N_("'%(given)s' is not a language tag. Write for example az, kk or uz-Cyrl."),
    "field.web-address": N_("'%(given)s' is not a web address. Begin it with https:// and leave no spaces in it."),
    "field.country": N_("'%(given)s' is not a country code. Write two capital letters, for example AZ."),
    "field.day": N_("'%(given)s' is not a day. Write year, month and day, for example 2023-12-02."),
    "field.date": N_(
        "'%(given)s' is not a date that can be understood. Write for example 1424, 1424-05, 14XX, 1424~ or 1417/1420."
    ),
    "field.number": N_("'%(given)s' is not a number. Write it in digits."),
    "field.whole-number": N_("'%(given)s' is not a whole number. Write it in digits, without a fraction."),
    "field.too-small": N_("%(given)s is too small. The least is %(limit)s."),
    "field.too-large": N_("%(given)s is too large. The most is %(limit)s."),
    "field.choice": N_("'%(given)s' is not one of: %(known)s. Choose one of them."),
    "field.yes-or-no": N_("'%(given)s' is neither yes nor no. Choose one of them."),
    "field.control-character": N_(
        "This has the invisible control character U+%(code)s. Remove it, or type the text anew."
    ),
    "field.text": N_("This is not a text that can be kept. Type it anew."),
    "field.reference": N_("'%(given)s' names no record. Search for the record and choose it from the list."),
    "field.in-use": N_("'%(given)s' is the id of another record here. Write another one, or leave it empty."),
    "field.file": N_("What is known of this file is damaged. Remove it and upload it again."),
    "field.unknown": N_("There is no such field here. Remove it."),
    "field.shape": N_("This has the wrong form: %(reason)s. Type it anew."),
}

_OF_PATTERNS: Final = {
    fields.TAG: "field.language",
    fields.WEB_ADDRESS: "field.web-address",
    fields.COUNTRY: "field.country",
    fields.DAY: "field.day",
    fields.DIGEST: "field.file",
    fields.MEDIA_TYPE: "field.file",
}
# type of pydantic's error → code; the types of its own that core/fields.py raises are among them
_OF_TYPES: Final = {
    "missing": "field.missing",
    "string_too_short": "field.empty",
    "too_short": "field.empty",
    "empty_entry": "field.empty",
    "string_too_long": "field.too-long",
    "too_long": "field.too-many",
    "int_type": "field.whole-number",
    "int_parsing": "field.whole-number",
    "int_parsing_size": "field.whole-number",
    "int_from_float": "field.whole-number",
    "float_type": "field.number",
    "float_parsing": "field.number",
    "finite_number": "field.number",
    "greater_than": "field.too-small",
    "greater_than_equal": "field.too-small",
    "less_than": "field.too-large",
    "less_than_equal": "field.too-large",
    "bool_type": "field.yes-or-no",
    "string_unicode": "field.text",
    "extra_forbidden": "field.unknown",
    "control_character": "field.control-character",
    "edtf": "field.date",
    "identifier": "field.reference",
    "choice": "field.choice",
}
_LIMITS: Final = ("max_length", "min_length", "gt", "ge", "lt", "le")


@dataclass(frozen=True, slots=True)
class Problem:
    """path: names and positions that lead to the value, such as ("links", 0, "to"); given: the value at fault."""

    path: tuple[str | int, ...]
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    given: Any = None

    @property
    def say(self) -> str:
        """The sentence to translate, with named placeholders for the facts."""
        return SAY[self.code]

    @property
    def where(self) -> str:
        return ".".join(map(str, self.path))

    def __str__(self) -> str:
        return self.say % self.facts


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Return what pydantic found, by our codes."""
    return tuple(_problem(one) for one in error.errors(include_url=False))


def missing(*path: str) -> Problem:
    return Problem(path, "field.missing")


def joined(problems: Iterable[Problem], most: int = 20) -> str:
    """Return *problems* as one line for a log or a report."""
    return "; ".join(f"{one.where}: {one}" for one in list(problems)[:most])


def _problem(found: Any) -> Problem:
    given, context = found.get("input"), found.get("ctx", {})
    path = tuple(step for step in found["loc"] if step != "[key]")
    code = _code(found["type"], context, given)
    facts = {name: str(value) for name, value in context.items() if name in ("known", "code")}
    facts |= {"given": _shown(given), "reason": str(found["msg"])}
    facts |= {"limit": next((_number(context[name]) for name in _LIMITS if name in context), "")}
    return Problem(path, code, facts, given)


def _code(kind: str, context: Mapping[str, Any], given: Any) -> str:
    if given == "" and kind != "extra_forbidden":
        return "field.empty"
    if kind == "string_pattern_mismatch":
        return _OF_PATTERNS.get(str(context.get("pattern")), "field.shape")
    return _OF_TYPES.get(kind, "field.shape")


def _number(limit: Any) -> str:
    return str(int(limit)) if isinstance(limit, float) and limit.is_integer() else str(limit)


def _shown(given: Any) -> str:
    text = given if isinstance(given, str) else _number(given) if isinstance(given, float) else repr(given)
    return text if len(text) <= 60 else text[:59] + "…"
