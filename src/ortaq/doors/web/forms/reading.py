# SPDX-License-Identifier: Apache-2.0
"""What was posted to a form: the body as it was typed, for whom it is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ortaq.core.audience import BadAudience, checked
from ortaq.core.kind import Kind
from ortaq.doors.web.forms.edits import edited
from ortaq.doors.web.forms.posted import body_of

SAVE, PREVIEW, PUBLISH, PROPOSE, BOTH = "save", "preview", "publish", "propose", "both"
_DEEDS = (SAVE, PREVIEW, PUBLISH, PROPOSE, BOTH)


@dataclass(frozen=True, slots=True)
class Typed:
    """body: with what was added and not filled in yet; do: one of the deeds, or an order for edits.py."""

    body: dict[str, Any]
    audience: str
    revision: int
    do: str
    value: str

    @property
    def is_order(self) -> bool:
        return self.do not in _DEEDS


def typed(given: Mapping[str, Any], kind: Kind, *, audience: str) -> Typed:
    """Return what was posted (name → text); audience: the one to keep where none was chosen. An order is carried out."""
    do = given.get("_do") or SAVE
    order, _equals, value = do.partition("=")
    value = value or given.get(f"_with:{order}", "")
    body = body_of(
        kind, [(name, str(text)) for name, text in given.items() if not name.startswith("_")], keep_blank=True
    )
    if do not in _DEEDS:
        body = edited(kind, body, order, value)
    return Typed(
        body, _audience(given.get("_audience", ""), audience), _number(given.get("_revision", "")), order, value
    )


def _audience(chosen: str, present: str) -> str:
    try:
        return checked(chosen) if chosen else present
    except BadAudience:
        return present


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
