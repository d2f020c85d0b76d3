# SPDX-License-Identifier: Apache-2.0
"""What the small buttons of a form do with a body as it was typed: add, remove, move, another language, a choice among matches.

An order is "what:path", for example add:protection, up:links.1, language:title, variant:title.0, choose:types.0. It works alike with
and without scripts, since the server does it and draws the field anew.
"""

import copy
import itertools
from collections.abc import Mapping
from typing import Any

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.language.lookalikes import repair

_BLANK: dict[Role, Any] = {
    Role.NAME: {}, Role.PROSE: {}, Role.GROUP: {}, Role.LINKS: {}, Role.POINT: {}, Role.AMOUNT: {}, Role.FILES: {},
}  # fmt: skip


def edited(kind: Kind, body: Mapping[str, Any], order: str, value: str = "") -> dict[str, Any]:
    """Return *body* (read with its blanks) after *order*; as it is if the order makes no sense here. value: what was chosen."""
    changed = copy.deepcopy(dict(body))
    what, _, path = order.partition(":")
    try:
        _ORDERS[what](kind, changed, path.split("."), value)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, OverflowError):
        return copy.deepcopy(dict(body))
    return changed


def field_of(order: str) -> str:
    """Return the top field that *order* is about."""
    return order.partition(":")[2].partition(".")[0]


def _spec(kind: Kind, steps: list[str]) -> FieldSpec:
    specs = {spec.name: spec for spec in kind.fields}
    found = specs[steps[0]]
    for step in steps[1:]:
        if not step.isdecimal():
            found = {part.name: part for part in found.parts}[step]
    return found


def _holder(body: Any, steps: list[str]) -> tuple[Any, Any]:
    """The container and the key in it that *steps* lead to; groups on the way are made."""
    here = body
    for step, following in itertools.pairwise(steps):
        here = here[int(step)] if step.isdecimal() else here.setdefault(step, [] if following.isdecimal() else {})
    last = steps[-1]
    return here, int(last) if last.isdecimal() else last


def _items(body: Any, steps: list[str]) -> tuple[list[Any], int]:
    """The list that holds the item at *steps*, and its position."""
    here, place = _holder(body, steps)
    if not isinstance(here, list) or not 0 <= place < len(here):
        raise IndexError
    return here, place


def _add(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    spec = _spec(kind, steps)
    here, name = _holder(body, steps)
    items = here.setdefault(name, [])
    items.append(copy.deepcopy(_BLANK.get(spec.role, "")))


def _remove(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    here, place = _holder(body, steps)
    if isinstance(here, list):
        here.pop(place)
    else:
        del here[place]


def _up(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    items, place = _items(body, steps)
    if place > 0:
        items[place - 1], items[place] = items[place], items[place - 1]


def _down(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    items, place = _items(body, steps)
    if place + 1 < len(items):
        items[place + 1], items[place] = items[place], items[place + 1]


def _language(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    """Another language for a name or a text; one that is there gets another text instead."""
    here, name = _holder(body, steps)
    texts = here.setdefault(name, {}) if isinstance(here, dict) else here[name]
    texts.setdefault(value or "und", []).append("")


def _tag_at(body: Any, steps: list[str]) -> tuple[dict[str, list[str]], str]:
    here, name = _holder(body, steps[:-1])
    texts = here[name]
    return texts, list(texts)[int(steps[-1])]


def _variant(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    texts, tag = _tag_at(body, steps)
    texts[tag].append("")


def _drop_language(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    texts, tag = _tag_at(body, steps)
    del texts[tag]


def _drop_variant(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    texts, tag = _tag_at(body, steps[:-1])
    texts[tag].pop(int(steps[-1]))


def _rename(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    """Give the texts of a block to another language, in the same place among the languages."""
    texts, tag = _tag_at(body, steps)
    renamed: dict[str, list[str]] = {}
    for one, given in texts.items():
        renamed.setdefault(value if one == tag else one, []).extend(given)
    texts.clear()
    texts.update(renamed)


def _choose(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    """Put the URI of a match in the place of the name that was typed."""
    here, name = _holder(body, steps)
    if isinstance(here, list) and name == len(here):
        here.append(value)
    else:
        here[name] = value


def _mend(kind: Kind, body: Any, steps: list[str], value: str) -> None:
    """Letters of the wrong alphabet become those that they look like; the path is that of a text: title.0.text.1."""
    texts, tag = _tag_at(body, steps[:-2])
    place = int(steps[-1])
    texts[tag][place] = repair(texts[tag][place]).text


_ORDERS = {
    "add": _add,
    "remove": _remove,
    "up": _up,
    "down": _down,
    "language": _language,
    "variant": _variant,
    "drop-language": _drop_language,
    "drop-variant": _drop_variant,
    "rename": _rename,
    "choose": _choose,
    "mend": _mend,
}
