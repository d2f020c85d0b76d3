# SPDX-License-Identifier: Apache-2.0
"""One field of a body, altered: the same for one record and for thousands. Values are in their stored form."""

from collections.abc import Mapping
from typing import Any, Final

from ortaq.core.errors import N_
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec

SET: Final = "set"
ADD: Final = "add"
REMOVE: Final = "remove"
REPLACE: Final = "replace"
CLEAR: Final = "clear"
OPERATIONS: Final = {
    SET: N_("Set it to this"),
    ADD: N_("Add this to what is there"),
    REMOVE: N_("Remove this where it is there"),
    REPLACE: N_("Put something else in the place of this"),
    CLEAR: N_("Empty it"),
}
_MAPS = (Role.NAME, Role.PROSE)
_LISTED = (ADD, REMOVE, REPLACE)


def operations_of(spec: FieldSpec) -> tuple[str, ...]:
    """Return what can be done to a field, the usual first."""
    clear = () if spec.is_required else (CLEAR,)
    if spec.is_many or spec.role in _MAPS:
        return (ADD, REMOVE, REPLACE, SET, *clear)
    return (SET, *clear) if spec.role in (Role.GROUP, Role.POINT, Role.AMOUNT) else (SET, REPLACE, *clear)


def altered(spec: FieldSpec, value: Any, operation: str, given: Any = None, instead: Any = None) -> Any:
    """Return *value* after *operation* with *given*; None: nothing is left. instead: what comes in the place of *given*.

    Entries of a list are met by what is given of them: a link without its note meets the link with one.
    """
    if operation == CLEAR:
        return None
    if spec.role in _MAPS:
        return _altered_map(value or {}, operation, given, instead or {}) or None
    if spec.is_many:
        return _altered_list(value or [], operation, given, instead or []) or None
    if operation == REPLACE:
        return instead if value == given else value
    return given


def _altered_map(value: dict[str, list[str]], operation: str, given: Any, instead: Any) -> dict[str, list[str]]:
    """A language map: setting one language leaves the others alone."""
    if operation == SET:
        return {**value, **given}
    if operation == ADD:
        return joined_maps(value, given)
    left = {
        tag: _altered_list(texts, operation, given[tag], instead.get(tag, [])) if tag in given else texts
        for tag, texts in value.items()
    }
    return {tag: texts for tag, texts in left.items() if texts}


def _altered_list(value: list[Any], operation: str, given: list[Any], instead: list[Any]) -> list[Any]:
    if operation == SET:
        return list(given)
    if operation == ADD:
        return joined_lists(value, given)
    if operation == REMOVE or not any(_is_met(one, given) for one in value):
        return [one for one in value if not _is_met(one, given)]
    at = next(place for place, one in enumerate(value) if _is_met(one, given))
    before = [one for one in value[:at] if one not in instead]
    after = [one for one in value[at:] if not _is_met(one, given) and one not in instead]
    return [*before, *instead, *after]


def _is_met(one: Any, given: list[Any]) -> bool:
    return any(one == each or (isinstance(each, Mapping) and _is_part(each, one)) for each in given)


def _is_part(given: Mapping[str, Any], one: Any) -> bool:
    return isinstance(one, Mapping) and all(one.get(name) == value for name, value in given.items())


def joined_maps(value: Mapping[str, list[str]], more: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return a language map with the texts of *more* behind its own, none twice."""
    tags = [*value, *(tag for tag in more if tag not in value)]
    return {tag: joined_lists(value.get(tag, []), more.get(tag, [])) for tag in tags}


def joined_lists(value: list[Any], more: list[Any]) -> list[Any]:
    """Return a list with the entries of *more* behind its own, none twice."""
    return [*value, *(one for one in more if one not in value)]
