# SPDX-License-Identifier: Apache-2.0
"""The records of a MARC file, and what was read of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ortaq.core.errors import OrtaqError
from ortaq.core.lost import Lost
from ortaq.doors.imports.elements import records
from ortaq.doors.imports.errors import BadMarc
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.taken import NO_FIELD, children, local

_SLIM = "http://www.loc.gov/MARC21/slim"
_LEADER, _ENTRY = 24, 12
_END_OF_FIELD, _END_OF_RECORD, _SUBFIELD = b"\x1e", b"\x1d", b"\x1f"
_SAMPLE = 100


@dataclass(slots=True)
class Field:
    """A data field: subfields are (code, text); taken: which of them were read."""

    tag: str
    ind: str
    subfields: list[tuple[str, str]]
    taken: set[int] = field(default_factory=set)

    def take(self, codes: str, *, and_also: str = "") -> list[str]:
        """Return the texts of *codes*, in their order, and note that they were read."""
        found = [(at, text) for at, (code, text) in enumerate(self.subfields) if code in codes + and_also]
        self.taken |= {at for at, _text in found}
        return [text for _at, text in found if text]

    def peek(self, codes: str) -> list[str]:
        return [text for code, text in self.subfields if code in codes and text]

    def take_all(self) -> list[str]:
        return self.take("".join({code for code, _text in self.subfields}))


@dataclass(slots=True)
class Marc:
    """One record, or why it cannot be read."""

    line: int
    end: int
    leader: str = ""
    controls: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    error: OrtaqError | None = None
    _read: set[str] = field(default_factory=set)
    _why: str = NO_FIELD
    _more: list[Lost] = field(default_factory=list)

    def all(self, tag: str) -> list[Field]:
        return [one for one in self.fields if one.tag == tag]

    def control(self, tag: str) -> str:
        """Return a control field as a whole, and note that it was read."""
        self._read.add(tag)
        return self.controls.get(tag, "").strip()

    def code(self, tag: str, start: int, end: int) -> str:
        return self.controls.get(tag, "")[start:end].strip()

    def lose_control(self, why: str) -> None:
        """Say of the leader and the field of codes what of them came in."""
        self._why = why

    def assume(self, path: str, sample: str, why: str) -> None:
        """Say how something was read."""
        self._more.append(Lost(path, 1, sample[:_SAMPLE], why))

    def lost(self) -> list[Lost]:
        """Return what was not read, by field and subfield: 650$x."""
        found: dict[str, tuple[int, str]] = {}
        for one in self.fields:
            for at, (code, text) in enumerate(one.subfields):
                if at not in one.taken and text:
                    count, sample = found.get(f"{one.tag}${code}", (0, text[:_SAMPLE]))
                    found[f"{one.tag}${code}"] = count + 1, sample
        lost = [Lost(path, count, sample, NO_FIELD) for path, (count, sample) in found.items()]
        for tag, text in {"leader": self.leader, **self.controls}.items():
            if tag not in self._read and text.strip():
                why = self._why if tag in ("leader", "008") else NO_FIELD
                lost.append(Lost(tag, 1, text[:_SAMPLE], why))
        return lost + self._more


def marc_records(source: Source) -> Iterator[Marc]:
    """Yield the records of a file in XML or in ISO 2709."""
    if source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        tag = f"{{{_SLIM}}}record" if _SLIM.encode() in source.head else "record"
        for found in records(source, tag):
            yield _of_element(found.element, found.line, found.end)
    else:
        yield from _of_bytes(source)


def _of_element(element: etree._Element, line: int, end: int) -> Marc:
    found = Marc(line, end, "".join(one.text or "" for one in children(element, "leader")))
    for one in element.iterchildren(etree.Element):
        tag = str(one.get("tag", ""))[:3]
        if local(one.tag) == "controlfield":
            found.controls[tag] = one.text or ""
        elif local(one.tag) == "datafield":
            parts = [
                (str(sub.get("code", "")), " ".join((sub.text or "").split())) for sub in children(one, "subfield")
            ]
            found.fields.append(Field(tag, f"{one.get('ind1', ' ')}{one.get('ind2', ' ')}", parts))
    return found


def _of_bytes(source: Source) -> Iterator[Marc]:
    """The first five digits of a record are its length; a record that is not as it says is refused, and the next one is looked for."""
    with source.opened() as file:
        end = number = 0
        while start := file.stream.read(5).lstrip(b"\r\n"):
            number += 1
            start += file.stream.read(5 - len(start))
            if not start.isdigit() or int(start) <= _LEADER:
                yield Marc(number, end, error=BadMarc(reason=f"its length is {start!r}"))
                return
            data = start + file.stream.read(int(start) - 5)
            end += len(data)
            try:
                yield _record(number, end, data)
            except (ValueError, IndexError) as error:
                yield Marc(number, end, error=BadMarc(reason=str(error)[:200]))
            except OrtaqError as error:
                yield Marc(number, end, error=error)


def _record(number: int, end: int, data: bytes) -> Marc:
    if not data.endswith(_END_OF_RECORD):
        raise BadMarc(reason="it does not end where it says")
    is_unicode = data[9:10] == b"a"
    base = int(data[12:17])
    found = Marc(number, end, data[:_LEADER].decode("ascii", "replace"))
    for at in range(_LEADER, base - 1, _ENTRY):
        entry = data[at : at + _ENTRY]
        tag, length, start = entry[:3].decode("ascii", "replace"), int(entry[3:7]), int(entry[7:12])
        part = data[base + start : base + start + length].removesuffix(_END_OF_FIELD)
        if tag < "010":
            found.controls[tag] = _text(part, is_unicode=is_unicode)
        else:
            found.fields.append(
                Field(tag, part[:2].decode("ascii", "replace"), list(_subfields(part[2:], is_unicode=is_unicode)))
            )
    return found


def _subfields(part: bytes, *, is_unicode: bool) -> Iterable[tuple[str, str]]:
    for one in part.split(_SUBFIELD)[1:]:
        yield one[:1].decode("ascii", "replace"), " ".join(_text(one[1:], is_unicode=is_unicode).split())


def _text(data: bytes, *, is_unicode: bool) -> str:
    """Return text; what is neither Unicode nor MARC-8 as it claims is read as the other."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    if is_unicode:
        return data.decode("utf-8")
    from pymarc.marc8 import marc8_to_unicode  # late: slow import

    return str(marc8_to_unicode(data, hide_utf8_warnings=True))
