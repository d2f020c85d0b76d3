# SPDX-License-Identifier: Apache-2.0
"""How the columns of a table become the fields of records; docs/guide/import.md describes the file."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.doors.imports.errors import BadCell, BadMapping
from ortaq.records.door import Draft
from ortaq.records.registry import KINDS

_KEYS = ("kind", "source_prefix", "columns", "constants", "split", "prefix", "terms")
_MAPS = (Role.NAME, Role.PROSE)
_WKT = re.compile(r"\s*POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*\Z", re.IGNORECASE)
_PAIR = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*[;, ]\s*(-?\d+(?:[.,]\d+)?)\s*\Z")
_GUARD = re.compile(r"\A'(?='*[=+\-@\t\r\n＝＋－＠])")  # what our export puts before a cell that looks like a formula
_TRUE, _FALSE = {"1", "yes", "true", "x"}, {"0", "no", "false", ""}


@dataclass(frozen=True)
class Columns:
    """A mapping as its file says it.

    columns        column → field ("title.az", "point.lat", "links.kept_by"), or None to leave it out
    constants      field → value that every record gets
    split          column → the text between several values in one cell
    prefix         column → what is put before its values, to make source ids of them
    terms          column → vocabulary: its values are labels, and each label becomes a term
    """

    kind: str
    columns: Mapping[str, str | None]
    source_prefix: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> bytes:
        about = {name: value for name, value in asdict(self).items() if value}
        return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_mapping(path: Path) -> Columns:
    """Return the mapping in *path*; raises BadMapping."""
    try:
        found = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BadMapping(file=path, problems=error.strerror or str(error)) from error
    except orjson.JSONDecodeError as error:
        raise BadMapping(file=path, problems=f"it is not JSON: {error}") from error
    problems = _shape(found)
    if problems:
        raise BadMapping(file=path, problems="; ".join(problems))
    return Columns(**found)


def write_mapping(mapping: Columns, path: Path) -> None:
    """Write *mapping* to *path*; raises BadMapping where that cannot be."""
    try:
        path.write_bytes(mapping.as_json())
    except OSError as error:
        raise BadMapping(file=path, problems=f"it cannot be written: {error.strerror or error}") from error


def _shape(found: Any) -> list[str]:
    if not isinstance(found, dict):
        return ["it is no JSON object"]
    problems = [f"'{name}' is unknown (known: {', '.join(_KEYS)})" for name in found if name not in _KEYS]
    problems += [f"'{name}' is missing" for name in ("kind", "columns") if name not in found]
    problems += [f"'{name}' must be an object" for name in _KEYS[2:] if not isinstance(found.get(name, {}), dict)]
    problems += [f"'{name}' must be a text" for name in _KEYS[:2] if not isinstance(found.get(name, ""), str)]
    if not problems:
        texts = [one for name in ("split", "prefix", "terms") for one in found.get(name, {}).items()]
        texts += [(name, to) for name, to in found["columns"].items() if to is not None]
        problems = [f"'{name}' must go to a text" for name, to in texts if not isinstance(to, str) or not to]
    return problems


class Plan:
    """A mapping made ready for the columns of one file; raises BadMapping or UnknownKind."""

    def __init__(self, mapping: Columns, header: Sequence[str], name: object, audience: str) -> None:
        self._mapping, self._header, self._audience = mapping, header, audience
        self._kind_column = next((i for i, column in enumerate(header) if mapping.columns.get(column) == "kind"), None)
        kind = KINDS[mapping.kind]
        problems = [f"the file has no column '{column}'" for column in mapping.columns if column not in header]
        self._steps: list[tuple[int, str, str, FieldSpec]] = []
        for index, column in enumerate(header):
            target = mapping.columns.get(column)
            if target is None or target in ("kind", "audience"):
                continue
            spec = _spec(kind, target)
            if spec is None:
                problems.append(f"column '{column}' goes to '{target}', which is no field of a {mapping.kind}")
            else:
                self._steps.append((index, column, target, spec))
        fields = {spec.name for spec in kind.fields} | {"audience"}
        problems += [
            f"'{field_name}' under constants is no field of a {mapping.kind}"
            for field_name in mapping.constants
            if field_name not in fields
        ]
        if problems:
            raise BadMapping(file=name, problems="; ".join(problems))

    def draft(self, cells: Sequence[str]) -> tuple[Draft, list[Draft]]:
        """Return the draft of one row and the terms that it names; raises BadCell."""
        body: dict[str, Any] = {key: value for key, value in self._mapping.constants.items() if key != "audience"}
        terms: list[Draft] = []
        for index, column, target, spec in self._steps:
            if text := _GUARD.sub("", cells[index].strip()):
                _put(body, target, spec, self._values(column, text, terms), column)
        if "source_id" in body:
            body["source_id"] = f"{self._mapping.source_prefix}{body['source_id']}"
        else:
            body["source_id"] = f"{self._mapping.source_prefix or 'row:'}{_digest(cells)}"
        kind = cells[self._kind_column].strip() if self._kind_column is not None else ""
        return Draft(kind or self._mapping.kind, body, self._audience_of(cells)), terms

    def _audience_of(self, cells: Sequence[str]) -> str:
        for column, target in self._mapping.columns.items():
            if target == "audience" and (text := cells[self._header.index(column)].strip()):
                return text
        return str(self._mapping.constants.get("audience", self._audience))

    def _values(self, column: str, text: str, terms: list[Draft]) -> list[str]:
        between = self._mapping.split.get(column)
        values = [one.strip() for one in text.split(between) if one.strip()] if between else [text]
        if scheme := self._mapping.terms.get(column):
            terms += [
                Draft(
                    "term",
                    {"source_id": f"term:{scheme}:{one}", "title": {"und": [one]}, "scheme": scheme},
                    self._audience,
                )
                for one in values
            ]
            return [f"term:{scheme}:{one}" for one in values]
        return [f"{self._mapping.prefix.get(column, '')}{one}" for one in values]


def _spec(kind: Kind, target: str) -> FieldSpec | None:
    """Return the field that *target* names, if what follows its dot fits the field."""
    name, dot, rest = target.partition(".")
    spec = next((one for one in kind.fields if one.name == name), None)
    if spec is None:
        return None
    if spec.role in _MAPS or spec.role is Role.LINKS:
        return spec if rest else None
    if spec.role is Role.POINT:
        return spec if rest in ("", "lat", "lon", "precision_m") else None
    if spec.role is Role.GROUP:
        return spec if name == "identifiers" or rest in {part.name for part in spec.parts} else None
    return None if dot or spec.role in (Role.FILES, Role.AMOUNT) else spec


def _put(body: dict[str, Any], target: str, spec: FieldSpec, values: list[str], column: str) -> None:  # one case a role
    name, _, rest = target.partition(".")
    if spec.role in _MAPS:
        body.setdefault(name, {}).setdefault(rest, []).extend(values)
    elif spec.role is Role.LINKS:
        body.setdefault(name, []).extend({"role": rest, "to": value} for value in values)
    elif spec.role is Role.POINT:
        body[name] = {**body.get(name, {}), **_point(rest, values[0], column)}
    elif name == "identifiers":
        body.setdefault(name, []).extend({"scheme": rest or column, "value": value} for value in values)
    elif spec.role is Role.GROUP:
        group = body.setdefault(name, [{}])[0] if spec.is_many else body.setdefault(name, {})
        group[rest] = values[0]
    elif spec.is_many:
        body[name] = [*body.get(name, []), *(_value(spec, value, column) for value in values)]
    else:
        body[name] = _value(spec, values[0], column)


def _value(spec: FieldSpec, text: str, column: str) -> Any:
    if spec.role is Role.NUMBER:
        digits = text.replace(" ", "").replace("\xa0", "")
        if not re.fullmatch(r"-?\d+", digits):
            raise BadCell(column=column, value=text[:60], wanted="a whole number")
        return int(digits)
    if spec.role is Role.FLAG:
        word = text.lower()  # ascii: yes, no, true, false
        if word not in _TRUE | _FALSE:
            raise BadCell(column=column, value=text[:60], wanted="yes or no")
        return word in _TRUE
    return text


def _point(part: str, text: str, column: str) -> dict[str, float]:
    """Return lat, lon or both: "40,37", "POINT (49.8 40.3)" (longitude first) or "40.3, 49.8" (latitude first)."""
    if part:
        number = _float(text, column)
        return {part: int(number) if part == "precision_m" else number}
    if match := _WKT.match(text):
        return {"lat": _float(match[2], column), "lon": _float(match[1], column)}
    if match := _PAIR.match(text):
        return {"lat": _float(match[1], column), "lon": _float(match[2], column)}
    raise BadCell(column=column, value=text[:60], wanted="a point, such as 'POINT (49.83 40.37)' or '40.37, 49.83'")


def _float(text: str, column: str) -> float:
    try:
        return float(text.replace(",", ".").rstrip("°"))
    except ValueError as error:
        raise BadCell(column=column, value=text[:60], wanted="a number") from error


def _digest(cells: Sequence[str]) -> str:
    """Return an id that a row keeps as long as none of its cells changes, wherever it stands."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def fits(kind: Kind, target: str) -> bool:
    """Tell whether *target* is something that a column of a *kind* can go to."""
    return target in ("kind", "audience") or _spec(kind, target) is not None
