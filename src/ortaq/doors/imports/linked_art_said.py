# SPDX-License-Identifier: Apache-2.0
"""What a Linked Art document says in words and numbers: names, identifiers, statements, sizes, places on the map, addresses of files."""

import re
from collections.abc import Mapping
from typing import Any

from ortaq.core import linked_art as la
from ortaq.core.errors import OrtaqError
from ortaq.core.fields import TAG, Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.doors.imports.leaves import Leaves, Node, nodes
from ortaq.doors.imports.tags import is_plain_address, language_tag

_TAG = re.compile(TAG)
_ISO = re.compile(
    r"https?://(?:id\.loc\.gov/vocabulary/(?:iso639-[12]|languages)|lexvo\.org/id/(?:iso639-[13]|term))/([a-z]{2,3})\Z"
)
_POINT = re.compile(r"\s*POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)(?: ± (\d{1,7}) m)?\s*\Z", re.ASCII)
_LONGEST = 2000  # core.fields
_MOST = 50  # texts of a language in core.fields.Prose


class Said:
    """Puts them into *body*, as far as the kind has fields."""

    def __init__(self, leaves: Leaves, node: Node, body: dict[str, Any], kind: Kind) -> None:
        self._leaves, self._node, self._body, self._kind = leaves, node, body, kind
        self._specs: Mapping[str, FieldSpec] = {spec.name: spec for spec in kind.fields}

    def take(self) -> None:
        self._names()
        self._statements()
        self._content()
        self._sizes()
        self._point()
        self._rights()
        self._addresses()

    def _names(self) -> None:
        """Names first that are called the primary ones; the label is a name too."""
        leaves = self._leaves
        found: list[tuple[str, str]] = []
        later: list[tuple[str, str]] = []
        for one in nodes(self._node, "identified_by"):
            if one.get("type") == "Identifier":
                self._identifier(one)
            elif text := leaves.text(one, "content")[:_LONGEST].strip():
                leaves.value(one, "type")
                is_primary = self._is(one, la.PRIMARY_NAME)
                (found if is_primary else later).append((self.tag(one), text))
                leaves.lose(one, "a name has no type", "classified_as")
        title: dict[str, list[str]] = {}
        for tag, text in [*found, *later]:
            if text not in title.setdefault(tag, []):
                title[tag].append(text)
        label = leaves.text(self._node, "_label")[:_LONGEST]
        if label and not any(label in texts for texts in title.values()):
            title.setdefault("und", []).append(label)
        if title:
            self._body["title"] = title

    def _is(self, node: Node, term: str) -> bool:
        """Tell whether *term* is the only type of *node*; it goes without saying then."""
        types = nodes(node, "classified_as")
        is_it = any(one.get("id") == term for one in types)
        for one in types:
            if one.get("id") == term:
                self._known(one)
        return is_it

    def _known(self, type_: Node) -> None:
        """A type that goes out again as it came: its label, and that it stands for brief texts."""
        leaves = self._leaves
        leaves.value(type_, "id")
        leaves.value(type_, "type")
        if type_.get("_label") == la.LABELS.get(str(type_.get("id"))):
            leaves.value(type_, "_label")
        else:
            leaves.lose(type_, "the type goes by its usual label", "_label")
        for one in nodes(type_, "classified_as"):
            if one.get("id") == la.BRIEF_TEXT:
                self._known(one)

    def tag(self, node: Node) -> str:
        """Return the language of a name or a text."""
        leaves, found = self._leaves, "und"
        for at, one in enumerate(nodes(node, "language")):
            if at > 0:
                leaves.lose(one, "a text has one language")
            elif tag := _language(one):
                found = tag
                leaves.value(one, "id")
                leaves.value(one, "type")
                if one.get("_label") == tag:
                    leaves.value(one, "_label")
                for name in ("_label", "notation"):
                    leaves.lose(one, "the language came in as its tag", name)
            else:
                leaves.lose(one, "it is no language that is known")
        return found

    def _identifier(self, node: Node) -> None:
        leaves = self._leaves
        text = leaves.text(node, "content")[:_LONGEST].strip()
        if not text:
            return
        leaves.value(node, "type")
        types = nodes(node, "classified_as")
        if "number" in self._specs and "number" not in self._body and self._is(node, la.ACCESSION_NUMBER):
            self._body["number"] = text
            return
        scheme = leaves.text(node, "_label")
        for one in types[:1]:
            term = leaves.text(one, "id")
            self._known(one)
            scheme = la.LABELS.get(term) or term or scheme
        self._body.setdefault("identifiers", []).append({"scheme": (scheme or "identifier")[:_LONGEST], "value": text})

    def _statements(self) -> None:
        for one in nodes(self._node, "referred_to_by"):
            if "content" not in one or self._field(one):
                continue
            types = {str(each.get("id")): each for each in nodes(one, "classified_as")}
            if la.DIMENSIONS in types and "measurements" in self._specs:
                self._line(one, "measurements", types[la.DIMENSIONS])
            elif la.RIGHTS in types and "rights" in self._specs and "rights" not in self._body:
                self._known(types[la.RIGHTS])
                self._leaves.value(one, "type")
                self._body["rights"] = self._leaves.text(one, "content")[:_LONGEST]
            else:
                self._describe(one, types)

    def _line(self, node: Node, field: str, type_: Node) -> None:
        self._known(type_)
        self._leaves.value(node, "type")
        if text := self._leaves.text(node, "content")[:_LONGEST].strip():
            self._body.setdefault(field, []).append(text)

    def _field(self, node: Node) -> bool:
        """A statement whose label is one of our fields goes there; tell whether that is done with."""
        label, text = str(node.get("_label", "")), self._leaves.text(node, "content")
        spec = self._specs.get(label.removesuffix(la.WORDS))
        if not text or spec is None or spec.name == "title":
            return False
        if label.endswith(la.WORDS):
            self._leaves.lose(node, "a field of Ortaq that Linked Art has only words for")
            self._leaves.forget(node, "content")
            return True
        tag = self.tag(node)
        value = self._value(spec, text, tag)
        if value is None:
            return False
        self._body[spec.name] = value
        self._leaves.whole(node)
        return True

    def _value(self, spec: FieldSpec, text: str, tag: str) -> Any:
        """Return what the field has with *text* added; None if it cannot have it."""
        before = self._body.get(spec.name)
        one: Any = text[:_LONGEST]
        if spec.role in (Role.NAME, Role.PROSE):
            found: Any = {**(before or {}), tag: [*(before or {}).get(tag, []), text]}
        elif spec.name == "inscriptions":
            found = [*(before or []), {"text": one} | ({"lang": tag} if tag != "und" else {})]
        elif spec.role is Role.POINT:
            found = _point(text)
        elif spec.role is Role.NUMBER:
            found = int(one) if one.isascii() and one.isdigit() else None
        elif spec.role is Role.WORD or spec.role in la.PLAIN:
            found = [*(before or []), one] if spec.is_many else one
        else:
            return None
        try:
            self._kind.checked_value(spec.name, found)
        except OrtaqError:
            return None
        return found

    def _describe(self, node: Node, types: dict[str, Node]) -> None:
        leaves = self._leaves
        leaves.value(node, "type")
        text = leaves.text(node, "content")
        for term, label in (*la.STATEMENTS.items(), (la.DIMENSIONS, la.LABELS[la.DIMENSIONS])):
            if term in types:
                self._known(types[term])
                text = f"{label}: {text}"
        if la.DESCRIPTION in types:
            self._known(types[la.DESCRIPTION])
        leaves.lose(node, "a description has no type", "classified_as")
        texts = self._body.setdefault("description", {}).setdefault(self.tag(node), [])
        if text and text not in texts and len(texts) < _MOST:
            texts.append(text)
        self._body["description"] = {tag: found for tag, found in self._body["description"].items() if found}
        if not self._body["description"]:
            del self._body["description"]

    def _content(self) -> None:
        """The text and the language of a document."""
        leaves, node = self._leaves, self._node
        tags = [tag for one in nodes(node, "language") if (tag := self.tag({"language": [one]})) != "und"]
        if "languages" in self._specs and tags:
            self._body["languages"] = list(dict.fromkeys(tags))
        if node.get("content") and "text" in self._specs:
            self._body["text"] = {tags[0] if tags else "und": [leaves.text(node, "content")]}

    def _sizes(self) -> None:
        """A size comes in as it is shown, or else as its parts in their order."""
        for one in nodes(self._node, "dimension"):
            line = self._size(one)
            if line and "measurements" in self._specs:
                self._body.setdefault("measurements", []).append(line)
            elif line:
                said = self._body.setdefault("description", {}).setdefault("und", [])
                said.append(f"{la.LABELS[la.DIMENSIONS]}: {line}")
        if found := self._body.get("measurements"):
            self._body["measurements"] = list(dict.fromkeys(found))

    def _size(self, node: Node) -> str:
        leaves = self._leaves
        leaves.lose(node, "it came in as the words of the measurement")
        shown = [text for one in nodes(node, "identified_by") if (text := leaves.text(one, "content"))]
        if shown:
            return "; ".join(shown)[:_LONGEST]
        sorts = [text for one in nodes(node, "classified_as") if (text := leaves.text(one, "_label"))]
        units = [
            text for name in ("unit", "currency") for one in nodes(node, name) if (text := leaves.text(one, "_label"))
        ]
        value = leaves.text(node, "value")
        return " ".join(filter(None, [", ".join(sorts), value, *units]))[:_LONGEST] if value else ""

    def _rights(self) -> None:
        """What Linked Art has as a right: the address of its type is a licence, its name is words about it."""
        leaves = self._leaves
        for one in nodes(self._node, "subject_to"):
            types = [each for each in nodes(one, "classified_as") if is_plain_address(str(each.get("id", "")))]
            shown = [*nodes(one, "identified_by"), *([one] if one.get("_label") else [])]
            if types and "licence" in self._specs and "licence" not in self._body:
                self._body["licence"] = leaves.text(types[0], "id")
                leaves.value(types[0], "type")
                leaves.value(one, "type")
                leaves.lose(types[0], "a licence goes by its address", "_label")
            for each in shown[:1]:
                if "rights" in self._specs and "rights" not in self._body:
                    name = "content" if "content" in each else "_label"
                    self._body["rights"] = leaves.text(each, name)[:_LONGEST]
                    leaves.value(each, "type")

    def _point(self) -> None:
        written = self._node.get("defined_by")
        point = _point(written) if isinstance(written, str) and "point" in self._specs else None
        if point:
            self._leaves.value(self._node, "defined_by")
            self._body.setdefault("point", point)  # a statement beside it says how far it is certain
        else:
            self._leaves.lose(self._node, "only a point has a field", "defined_by")

    def _addresses(self) -> None:
        """Images elsewhere, and web pages about it."""
        images = [
            address
            for one in nodes(self._node, "representation")
            for shown in nodes(one, "digitally_shown_by")
            if (address := self._access_point(shown, one))
        ]
        pages = [
            address
            for one in nodes(self._node, "subject_of")
            for carried in nodes(one, "digitally_carried_by")
            if (address := self._access_point(carried, one))
        ]
        own = [address for at in nodes(self._node, "access_point") if (address := self._address(at))]
        if images and "images" in self._specs:
            self._body["images"] = list(dict.fromkeys(images))
        elif images:
            pages += images
        if pages or own:
            self._body["sources"] = list(dict.fromkeys([*own, *pages, *self._body.get("sources", ())]))
        if own and (media_type := self._leaves.text(self._node, "format")):
            self._body.setdefault("identifiers", []).append({"scheme": "format", "value": media_type})

    def _access_point(self, node: Node, holder: Node) -> str:
        found = [address for one in nodes(node, "access_point") if (address := self._address(one))]
        if found:
            self._leaves.value(node, "type")
            self._leaves.value(holder, "type")
        return found[0] if found else ""

    def _address(self, node: Node) -> str:
        written = node.get("id")
        if isinstance(written, str) and is_plain_address(written):
            self._leaves.value(node, "type")
            return self._leaves.text(node, "id")
        return ""


def _point(written: str) -> dict[str, float] | None:
    """Return the location that a WKT point has; None if it is none."""
    match = _POINT.match(written)
    if not match or abs(float(match[2])) > 90 or abs(float(match[1])) > 180:
        return None
    found: dict[str, float] = {"lat": float(match[2]), "lon": float(match[1])}
    return found | ({"precision_m": int(match[3])} if match[3] and int(match[3]) else {})


def _language(node: Node) -> str:
    """Return the tag of a Language; empty if it is not known."""
    address, label = str(node.get("id", "")), str(node.get("_label", ""))
    match = _ISO.match(address)
    known = la.LANGUAGES.get(address) or (language_tag(match[1]) if match else "")
    if _TAG.match(label) and (not known or label.partition("-")[0] == known):
        return label
    written = node.get("notation")
    tag = known or (language_tag(written) if isinstance(written, str) else "")
    return "" if tag == "und" else tag
