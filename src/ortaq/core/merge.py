# SPDX-License-Identifier: Apache-2.0
"""Two people changed one text: what only one side changed is taken over, what both changed is a conflict for a person to decide.

Nothing of either side is lost: what is not in the merged body is in a conflict.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that both sides changed, each in its own way; None: it was not there, or was removed."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


@dataclass(slots=True)
class Merged:
    """body: with theirs where there is a conflict; taken: the paths at which a side was taken over, and which."""

    body: dict[str, Any]
    conflicts: list[Conflict] = field(default_factory=list)
    taken: list[tuple[Path, str]] = field(default_factory=list)
    whole: frozenset[str] = frozenset()


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], whole: Collection[str] = ()
) -> Merged:
    """Return *mine* and *theirs*, which both began as *base*, brought together. whole: names of what is never taken apart."""
    merged = Merged({}, whole=frozenset(whole))
    merged.body = _maps((), base, mine, theirs, merged) or {}
    return merged


def put(body: dict[str, Any], path: Path, value: Any) -> None:
    """Put *value* at *path* of *body*; None removes what is there, and maps that become empty with it."""
    name, *rest = path
    if rest:
        inner = body.get(name)
        inner = dict(inner) if isinstance(inner, Mapping) else {}
        put(inner, tuple(rest), value)
        value = inner or None
    if value is None:
        body.pop(name, None)
    else:
        body[name] = value


def _value(path: Path, base: Any, mine: Any, theirs: Any, merged: Merged) -> Any:
    if _same(mine, theirs) or _same(mine, base):
        if not _same(theirs, base) and not _same(mine, theirs):
            merged.taken.append((path, "theirs"))
        return theirs
    if _same(theirs, base):
        merged.taken.append((path, "mine"))
        return mine
    is_map = isinstance(mine, Mapping) and isinstance(theirs, Mapping) and isinstance(base, Mapping | None)
    if is_map and path[-1] not in merged.whole:
        return _maps(path, base or {}, mine, theirs, merged)
    # Two first texts for one language are rather two wordings than two names.
    is_joinable = _is_list(base) or (base is None and len(path) == 1)
    if _is_list(mine) and _is_list(theirs) and is_joinable:
        joined = _lists(base or [], mine, theirs)
        if joined is not None:
            merged.taken.append((path, "both"))
            return joined
    merged.conflicts.append(Conflict(path, base, mine, theirs))
    return theirs


def _maps(
    path: Path, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], merged: Merged
) -> dict[str, Any] | None:
    found = {}
    for name in dict.fromkeys([*theirs, *mine, *base]):
        value = _value((*path, str(name)), base.get(name), mine.get(name), theirs.get(name), merged)
        if value is not None:
            found[name] = value
    return found or None


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _lists(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any] | None:
    """Both sides' additions and removals together; None if they touch the same items, or moved them about."""
    keys = {side: [_key(one) for one in items] for side, items in (("base", base), ("mine", mine), ("theirs", theirs))}
    if any(len(set(found)) != len(found) for found in keys.values()):
        return None  # the same item twice: which one is meant is not told
    kept = [key for key in keys["base"] if key in keys["mine"] and key in keys["theirs"]]
    if any([key for key in keys[side] if key in kept] != kept for side in ("mine", "theirs")):
        return None
    gone_mine, gone_theirs = (set(keys["base"]) - set(keys[side]) for side in ("mine", "theirs"))
    new_mine, new_theirs = (set(keys[side]) - set(keys["base"]) for side in ("mine", "theirs"))
    if gone_mine & gone_theirs and (new_mine or new_theirs) and new_mine != new_theirs:
        return None
    own = dict(zip(keys["mine"], mine, strict=True))
    others = dict(zip(keys["theirs"], theirs, strict=True))
    return _woven(own, others, gone_mine, new_mine)


def _woven(mine: dict[str, Any], theirs: dict[str, Any], gone: set[str], new: set[str]) -> list[Any]:
    """Their items without those *gone* from mine, each *new* one of mine after the one that it follows there."""
    found = {key: value for key, value in theirs.items() if key not in gone}
    order = list(found)
    before = ""
    for key, value in mine.items():
        if key in new and key not in found:
            order.insert(order.index(before) + 1 if before in found else 0, key)
            found[key] = value
        before = key if key in found else before
    return [found[key] for key in order]


def _key(value: Any) -> str:
    """The same for equal values only; what was typed need not have a canonical form."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def _same(one: Any, other: Any) -> bool:
    return _key(one) == _key(other)
