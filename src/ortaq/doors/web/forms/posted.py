# SPDX-License-Identifier: Apache-2.0
"""What a form posted, as a body as it was typed. Nothing is refused here: what cannot be converted stays the text that it is.

A value is posted under its path: title.0.lang and title.0.text.0, protection.1.level, links.0.to. Positions only order the values.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.doors.web.forms.dates import in_edtf
from ortaq.language import coordinates

Tree = dict[str, Any]
_LEAF = ""  # under which a tree has the text that was posted for it itself
_DEEPEST = 12
_SPACES = re.compile(r"(?<=\d)[\s\u2009\u202f']+(?=\d)")  # between digits: 12 500
_FILE = ("digest", "name", "media_type", "bytes")
_MAPS = (Role.NAME, Role.PROSE)


def body_of(kind: Kind, pairs: Iterable[tuple[str, str]], *, keep_blank: bool = False) -> dict[str, Any]:
    """Return the body that *pairs* (posted name, text) are. keep_blank: with what was added and not filled in yet."""
    return _group(kind.fields, _tree(pairs), keep_blank)


def tidied(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return *body* without what was added and never filled in. What its kind does not know stays: it is told, not lost."""
    kept = {spec.name: _without_blanks(body[spec.name]) for spec in kind.fields if not is_blank(body.get(spec.name))}
    known = {spec.name for spec in kind.fields}
    return {**kept, **{name: value for name, value in body.items() if name not in known}}


def _without_blanks(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_blanks(one) for name, one in value.items() if not is_blank(one)}
    if isinstance(value, list):
        return [_without_blanks(one) for one in value if not is_blank(one)]
    return value


def is_blank(value: Any) -> bool:
    """Tell whether *value* says nothing: no text, no items, or nothing but such."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(map(is_blank, value.values()))
    if isinstance(value, Sequence):
        return all(map(is_blank, value))
    return value is None


def _tree(pairs: Iterable[tuple[str, str]]) -> Tree:
    root: Tree = {}
    for name, text in pairs:
        node = root
        for step in name.split(".", _DEEPEST)[:_DEEPEST]:
            node = node.setdefault(step or "-", {})
        node[_LEAF] = text.replace("\r\n", "\n").replace("\r", "\n")
    return root


def _group(specs: Sequence[FieldSpec], tree: Tree, keep_blank: bool) -> dict[str, Any]:
    found = {spec.name: _field(spec, tree[spec.name], keep_blank) for spec in specs if spec.name in tree}
    return {name: value for name, value in found.items() if value is not None}


def _field(spec: FieldSpec, tree: Tree, keep_blank: bool) -> Any:
    if spec.is_many:
        values = [_value(spec, tree[place], keep_blank) for place in _places(tree)]
        return [value for value in values if keep_blank or not is_blank(value)] or None
    value = _value(spec, tree, keep_blank)
    return value if keep_blank or not is_blank(value) else None


def _places(tree: Tree) -> list[str]:
    found = [place for place in tree if place.isascii() and place.isdecimal() and len(place) < 9]
    return sorted(found, key=int)


def _value(spec: FieldSpec, tree: Tree, keep_blank: bool) -> Any:  # one case a role
    text = str(tree.get(_LEAF, ""))
    match spec.role:
        case role if role in _MAPS:
            return _language_map(tree, keep_blank)
        case Role.GROUP:
            return _group(spec.parts, tree, keep_blank)
        case Role.LINKS:
            return _link(tree)
        case Role.POINT:
            return _point(tree)
        case Role.AMOUNT:
            return _filled({"value": _decimal(_leaf(tree, "value")), "unit": _leaf(tree, "unit").strip()})
        case Role.FILES:
            return _file(tree, text)
        case Role.NUMBER:
            return whole(text)
        case Role.FLAG:
            return {"yes": True, "no": False}.get(text, text)
        case Role.SPAN:
            return in_edtf(text)
        case Role.MARKUP:
            return text
    return text.strip()


def _leaf(tree: Tree, name: str) -> str:
    return str(tree.get(name, {}).get(_LEAF, ""))


def _leaves(tree: Tree, *names: str) -> dict[str, str]:
    return {name: _leaf(tree, name) for name in names}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not is_blank(value)}


def _language_map(tree: Tree, keep_blank: bool) -> dict[str, list[str]]:
    """Two blocks of one language are one; a language without a text is kept only while the form is open."""
    found: dict[str, list[str]] = {}
    for place in _places(tree):
        block = tree[place]
        texts = [str(block["text"][one].get(_LEAF, "")) for one in _places(block.get("text", {}))]
        kept = [text for text in texts if keep_blank or not is_blank(text)]
        if kept or (keep_blank and "lang" in block):
            found.setdefault(_leaf(block, "lang").strip() or "und", []).extend(kept)
    return found


def _file(tree: Tree, ticked: str) -> dict[str, Any]:
    """A file as four values, or, ticked in a list, as one text with the four in JSON."""
    if ticked:
        try:
            found = orjson.loads(ticked)
        except orjson.JSONDecodeError:
            return {}
        return {name: found[name] for name in _FILE if name in found} if isinstance(found, dict) else {}
    return _filled({**_leaves(tree, *_FILE[:3]), "bytes": whole(_leaf(tree, "bytes"))})


def _link(tree: Tree) -> dict[str, Any]:
    """A role alone is no link yet: the form offers one before anybody chose it."""
    link = {name: text.strip() for name, text in _leaves(tree, "role", "to", "note").items()}
    return _filled(link) if link["to"] or link["note"] else {}


def _point(tree: Tree) -> dict[str, Any]:
    """Both coordinates pasted into one field are taken apart."""
    lat, lon = _leaf(tree, "lat"), _leaf(tree, "lon")
    precision = whole(_leaf(tree, "precision_m"))
    for text, other in ((lat, lon), (lon, lat)):
        both = coordinates.pair(text) if isinstance(_decimal(text), str) else None
        if both and (not other.strip() or text == lat):
            return _filled({"lat": both[0], "lon": both[1], "precision_m": precision})
    return _filled({"lat": _degrees(lat), "lon": _degrees(lon), "precision_m": precision})


def _degrees(text: str) -> float | str:
    plain = _decimal(text)
    if isinstance(plain, float):
        return plain
    found = coordinates.degrees(text)
    return text if found is None else found


def whole(text: str) -> int | str:
    """Return the whole number that *text* is, spaces between its digits allowed; the text if it is none."""
    digits = _SPACES.sub("", text.strip())
    return int(digits) if re.fullmatch(r"[-+]?\d{1,18}", digits, re.ASCII) else text


def _decimal(text: str) -> float | str:
    digits = _SPACES.sub("", text.strip()).replace("−", "-")
    if re.fullmatch(r"[-+]?\d+,\d+", digits, re.ASCII):
        digits = digits.replace(",", ".")
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", digits, re.ASCII):
        number = float(digits)
        return number if math.isfinite(number) else text
    return text
