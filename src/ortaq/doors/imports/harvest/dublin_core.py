# SPDX-License-Identifier: Apache-2.0
"""oai_dc in: a material with what fifteen elements tell. People and places stay words, for Dublin Core gives them no identity."""

from collections.abc import Sequence
from typing import Any, Final

from lxml import etree

from ortaq.core.dates import years
from ortaq.core.errors import BadDate
from ortaq.core.lost import Lost
from ortaq.doors.imports.errors import NoTitle
from ortaq.doors.imports.item import Item
from ortaq.doors.imports.tags import is_plain_address, language_tag, register_of
from ortaq.records.door import Draft

_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LONGEST: Final = 2_000  # core.fields
# Elements whose words have no field: they stand in the description, each on a line of its own.
_SAID: Final = {"creator": "Creator", "contributor": "Contributor", "publisher": "Publisher", "subject": "Subject", "coverage": "Coverage", "type": "Type"}  # fmt: skip
Texts = Sequence[tuple[str, str]]


def item_of(number: int, element: etree._Element, audience: str) -> Item:
    """Return what one oai_dc:dc element gives; its source id is the harvester's to set. Raises NoTitle."""
    found = _texts(element)
    titles = found.get("title", [])
    if not titles:
        raise NoTitle(instead="a dc:title")
    body: dict[str, Any] = {"title": _map(titles, _LONGEST)}
    if description := _description(found):
        body["description"] = description
    if spans := [text for _tag, text in found.get("date", []) if _is_span(text)]:
        body["created"] = spans[0]
    languages = [language_tag(text) for _tag, text in found.get("language", [])]
    if known := [tag for tag in dict.fromkeys(languages) if tag != "und"]:
        body["languages"] = known
    if rights := _words(found.get("rights", [])):
        body["rights"] = " | ".join(rights)[:_LONGEST]
    if licence := next((text for _tag, text in found.get("rights", []) if is_plain_address(text)), ""):
        body["licence"] = licence
    if sources := _words(found.get("source", [])):
        body["sources"] = sources
    body["identifiers"] = [_identifier(text) for text in _words(found.get("identifier", []))]
    lost = [
        Lost(f"dc:{name}", len(texts), texts[0][1][:100], "no field takes it")
        for name, texts in found.items()
        if name in ("relation", "format")
    ]
    return Item(number, 0, 0, Draft("material", body, audience), lost=lost)


def _texts(element: etree._Element) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for one in element:
        text = (one.text or "").strip()
        if isinstance(one.tag, str) and text:
            written = one.get(_XML_LANG) or ""
            found.setdefault(etree.QName(one).localname, []).append((language_tag(written) if written else "und", text))
    return found


def _map(texts: Texts, longest: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag, text in texts:
        line = " ".join(text.split())[:longest].strip()
        if line not in found.setdefault(tag, []):
            found[tag].append(line)
    return found


def _description(found: dict[str, list[tuple[str, str]]]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for tag, text in found.get("description", []):
        texts.setdefault(tag, []).append(text)
    lines = [f"{label}: {'; '.join(_words(found[name]))}" for name, label in _SAID.items() if name in found]
    if lines:
        texts.setdefault("und", []).append("\n".join(lines))
    return {tag: ["\n\n".join(dict.fromkeys(each))] for tag, each in texts.items()}


def _words(texts: Texts) -> list[str]:
    return list(dict.fromkeys(" ".join(text.split())[:_LONGEST].strip() for _tag, text in texts))


def _is_span(text: str) -> bool:
    try:
        years(text)
    except BadDate:
        return False
    return len(text) <= 100


def _identifier(text: str) -> dict[str, str]:
    scheme, value = register_of(text) or ("identifier", text)
    return {"scheme": scheme, "value": value}
