# SPDX-License-Identifier: Apache-2.0
"""A record as a document of the index."""

from collections.abc import Iterable
from typing import Any

import orjson
from tantivy import Document

from ortaq.core.audience import PARTNERS, Viewer
from ortaq.core.fields import Role
from ortaq.core.kind import Kind
from ortaq.core.outline import Outline, outline
from ortaq.language.features import features_of_key
from ortaq.records.registry import KINDS
from ortaq.search.schema import STEM
from ortaq.search.terms import name_shapes, whole_name, word_terms
from ortaq.search.years import periods, terms_of_span

# No viewer sees one named partner's records without the others', so they share a token.
NAMED_PARTNERS = f"{PARTNERS}:named"


def audience_term(token: str) -> str:
    return NAMED_PARTNERS if token.startswith(f"{PARTNERS}:") else token


def audience_terms(viewer: Viewer) -> tuple[str, ...]:
    """Return the terms of which a document must have one for *viewer* to see it."""
    return (*viewer.tokens, NAMED_PARTNERS) if viewer.sees_named_partners else viewer.tokens


def document(record_id: int, kind_name: str, version: int, audience: str, body: str) -> Document:
    """Return the document of a live record; audience: its token; body: JSON text."""
    kind, content = KINDS[kind_name], orjson.loads(body)
    told = outline(kind, content)
    fields: dict[str, Any] = {
        "id": record_id,
        "version": version,
        "kind": kind_name,
        "audience": audience_term(audience),
        "country": told.countries,
        "area": list(dict.fromkeys(told.areas)),
        "language": _languages(told),
    }
    _add_words(fields, told, content)
    _add_years(fields, told, kind)
    if told.points:
        # A record has one point; of more, the first stands on the map.
        fields["lat"], fields["lon"] = float(told.points[0][1]), float(told.points[0][2])
    return Document.from_dict(fields)


def _languages(told: Outline) -> list[str]:
    tags = {tag: None for _, tag, _ in told.names}
    tags.update((tag, None) for _, tag, _ in told.prose)
    tags.update(dict.fromkeys(told.langs))
    return [tag for tag in tags if not tag.startswith("und")]


def _add_words(fields: dict[str, Any], told: Outline, content: dict[str, Any]) -> None:
    """Titles are names; other names (an office, a venue) are found as prose is."""
    names: dict[str, None] = {}
    keys: dict[str, None] = {}
    prose = word_terms(content.get("source_id", ""), None)
    for field, tag, text in told.names:
        terms = word_terms(text, _hint(tag))
        if field != "title":
            prose += terms
            continue
        names.update(dict.fromkeys(terms))
        keys[" ".join(terms)] = None
    for _, tag, text in told.prose:
        prose += word_terms(text, _hint(tag))
    stems = {term[:STEM] for term in prose}
    stems.update([term[:STEM] for term in names])
    fields["name"] = " ".join(names)
    fields["like"] = " ".join(_features(keys))
    fields["key"] = list(keys)
    fields["shape"] = " ".join({shape for term in names for shape in name_shapes(term)} | set(map(whole_name, keys)))
    fields["text"] = " ".join(prose)
    fields["stem"] = " ".join(stems)


def _features(keys: Iterable[str]) -> list[str]:
    """Return the features of all names; a name that resembles one before it adds only what is new."""
    found: list[str] = []
    known: set[str] = set()
    for key in keys:
        features = features_of_key(key)
        found += [feature for feature in features if feature not in known] if known else features
        known.update(features)
    return found


def _hint(tag: str) -> str | None:
    return None if tag.startswith("und") else tag


def _add_years(fields: dict[str, Any], told: Outline, kind: Kind) -> None:
    """Only the kind's own spans date a record, not those inside a group, such as the year of its protection."""
    if not told.spans:
        return
    dating = {spec.name for spec in kind.fields if spec.role in (Role.SPAN, Role.DATE)}
    spans = [(first, last) for name, first, last, _ in told.spans if name in dating]
    if spans:
        fields["period"] = list(dict.fromkeys(century for span in spans for century in periods(*span)))
        fields["years"] = " ".join({term for span in spans for term in terms_of_span(*span)})
