# SPDX-License-Identifier: Apache-2.0
"""A record as one row of a list: title, where and when, and the words of it that were asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from ortaq.core.audience import Viewer
from ortaq.core.fields import Role
from ortaq.core.outline import Outline, outline
from ortaq.doors.web import names
from ortaq.doors.web.spans import span_in_words
from ortaq.records.models import Record
from ortaq.records.queries import records_for, targets_by_uri
from ortaq.search.highlight import marked, snippet

Segments = Sequence[tuple[str, bool]]
_PLACE_ROLES = ("located_in", "part_of", "held_at", "kept_by", "about")
_LINE_PLACES, _LINE_SPANS = 2, 1


@dataclass(slots=True)
class Row:
    """title, snippet: segments of (text, was asked for); found_as: the name that was found if it is not the title."""

    record: Record
    title: names.Shown
    title_segments: Segments
    snippet: Segments = ()
    snippet_tag: str = ""
    found_as: Segments = ()
    found_tag: str = ""
    where: list[names.Shown] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)


def rows(uris: Sequence[str], viewer: Viewer, text: str = "") -> list[Row]:
    """Return the rows of those of *uris* that *viewer* may see, in their order, in two queries."""
    found = {r.uri: r for r in records_for(viewer).filter(uri__in=list(uris)).select_related("change")}
    records = [found[uri] for uri in uris if uri in found]
    outlines = {record.uri: _outline(record) for record in records}
    targets = targets_by_uri({uri for one in outlines.values() for uri in _place_uris(one)}, viewer)
    return [_row(record, outlines[record.uri], targets, text) for record in records]


def _outline(record: Record) -> Outline:
    kind = names.kind_of(record.kind)
    try:
        body: dict[str, Any] = orjson.loads(record.change.body or "{}")
        return outline(kind, body) if kind else Outline()
    except (ValueError, KeyError, TypeError, AttributeError):
        return Outline()  # a damaged body: the record's page says so


def _place_uris(one: Outline) -> list[str]:
    by_role = sorted((pair for pair in one.links if pair[0] in _PLACE_ROLES), key=lambda p: _PLACE_ROLES.index(p[0]))
    return [uri for _role, uri in by_role][:_LINE_PLACES]


def _row(record: Record, one: Outline, targets: dict[str, Record], text: str) -> Row:
    lang = names.reader_language()
    title = names.title_of(record)
    row = Row(record, title, marked(title.text, text) if text else [(title.text, False)])
    row.where = _where(one, targets, lang)
    row.spans = [span_in_words(edtf, lang) for edtf in _own_spans(record, one)[:_LINE_SPANS]]
    if text and not _is_marked(row.title_segments):
        _find_name(row, one, text)
    _add_snippet(row, one, lang, text)
    return row


def _own_spans(record: Record, one: Outline) -> list[str]:
    """The spans of the record itself, not of its parts, such as the year of an entry in a list."""
    kind = names.kind_of(record.kind)
    own = {spec.name for spec in kind.fields if spec.role in (Role.SPAN, Role.DATE)} if kind else set()
    return [edtf for name, _first, _last, edtf in one.spans if name in own]


def _where(one: Outline, targets: dict[str, Record], lang: str) -> list[names.Shown]:
    """Places, then countries, none twice."""
    found = [names.title_of(targets[uri]) for uri in _place_uris(one) if uri in targets]
    found += [names.Shown(names.country_name(code, lang), lang, False) for code in one.countries[:3]]
    return list({shown.text: shown for shown in found}.values())


def _find_name(row: Row, one: Outline, text: str) -> None:
    for _field, tag, name in one.names:
        segments = marked(name, text)
        if _is_marked(segments):
            row.found_as, row.found_tag = segments, tag
            return


def _add_snippet(row: Row, one: Outline, lang: str, text: str) -> None:
    """The words around what was asked for; without such words the beginning in the reader's language."""
    for tag, prose in _by_language(one.prose, lang):
        segments = snippet([prose], text, length=200) if text else []
        if _is_marked(segments):
            row.snippet, row.snippet_tag = segments, tag
            return
    texts = [(name, tag, prose) for name, tag, prose in one.prose if name in _text_fields(row.record.kind)]
    for tag, prose in _by_language(texts, lang)[:1]:
        row.snippet, row.snippet_tag = [(_beginning(prose), False)], tag


def _by_language(prose: Iterable[tuple[str, str, str]], lang: str) -> list[tuple[str, str]]:
    return sorted(((tag, text) for _field, tag, text in prose), key=lambda pair: pair[0] != lang)


def _text_fields(kind_name: str) -> set[str]:
    """The fields that hold running text, not single words such as inventory numbers."""
    kind = names.kind_of(kind_name)
    return {spec.name for spec in kind.fields if spec.role is Role.PROSE} if kind else set()


def _is_marked(segments: Segments) -> bool:
    return any(is_marked for _text, is_marked in segments)


def _beginning(text: str, length: int = 200) -> str:
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"
