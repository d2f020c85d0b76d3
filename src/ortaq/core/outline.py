# SPDX-License-Identifier: Apache-2.0
"""What a body tells to those who know no kind: its names, its prose, whom it links, when and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortaq.core import dates
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind


@dataclass(slots=True)
class Outline:
    """names and prose: (field, language tag, text); links: (role, target URI); spans: (field, first year, last year, EDTF);
    points: (field, lat, lon, precision in metres or None); files: as core.fields.File."""

    names: list[tuple[str, str, str]] = field(default_factory=list)
    prose: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    spans: list[tuple[str, int | None, int | None, str]] = field(default_factory=list)
    points: list[tuple[str, float, float, int | None]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    langs: list[str] = field(default_factory=list)


_TEXT = (Role.NAME, Role.PROSE, Role.MARKUP, Role.WORD)


def outline(kind: Kind, body: dict[str, Any], *, with_text: bool = True) -> Outline:
    """Return the outline of *body*, which is valid for *kind* and in its stored form.

    with_text  names and prose too: most of the work, and derived rows need none of it
    """
    found = Outline()
    _walk(kind.fields, body, found, () if with_text else _TEXT)
    return found


def heading(kind: Kind, body: dict[str, Any]) -> dict[str, list[str]]:
    """Return the language map under which lists show the record: its title, or how its text begins."""
    if title := body.get("title"):
        return title  # type: ignore[no-any-return]
    for spec in kind.fields:
        if spec.role is Role.MARKUP and spec.name in body:
            return {body.get("lang", "und"): [_beginning(body[spec.name])]}
    return {}


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:90].rsplit(" ", 1)[0] + "…"


def _walk(specs: Sequence[FieldSpec], body: dict[str, Any], found: Outline, without: tuple[Role, ...]) -> None:
    for spec in specs:
        value = body.get(spec.name)
        if value is not None and spec.role not in without:
            _take(spec, value, found, without)


def _take(
    spec: FieldSpec, value: Any, found: Outline, without: tuple[Role, ...]
) -> None:  # one case a role: longer than it is deep
    match spec.role:
        case Role.NAME:
            found.names.extend((spec.name, tag, text) for tag, text in _texts(value))
        case Role.PROSE:
            found.prose.extend((spec.name, tag, text) for tag, text in _texts(value))
        case Role.MARKUP | Role.WORD:
            found.prose.extend((spec.name, "und", text) for text in _each(value))
        case Role.TERM | Role.REF:
            found.links.extend((spec.name, uri) for uri in _each(value))
        case Role.LINKS:
            found.links.extend((link["role"], link["to"]) for link in value)
        case Role.SPAN | Role.DATE:
            found.spans.extend((spec.name, *dates.years(text), text) for text in _each(value))
        case Role.POINT:
            found.points.extend((spec.name, p["lat"], p["lon"], p.get("precision_m")) for p in _each(value))
        case Role.FILES:
            found.files.extend(value)
        case Role.COUNTRY:
            found.countries.extend(code for code in _each(value) if code not in found.countries)
        case Role.CHOICE if spec.name == "areas":
            found.areas.extend(_each(value))
        case Role.LANG:
            found.langs.extend(_each(value))
        case Role.GROUP:
            for part in _each(value):
                _walk(spec.parts, part, found, without)


def _texts(language_map: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((tag, text) for tag, texts in language_map.items() for text in texts)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
