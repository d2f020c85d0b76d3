# SPDX-License-Identifier: Apache-2.0
"""Bringing two texts together: mine and the newer version of the record, or those of two of my tabs. A person decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer, as_written
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.merge import Conflict, Merged, merge, put
from ortaq.core.replacing import own_words
from ortaq.doors.web.forms import spoken
from ortaq.doors.web.forms.entering import signed_in
from ortaq.doors.web.forms.filled import record_of_copy
from ortaq.doors.web.forms.posted import tidied
from ortaq.doors.web.forms.words import Piece, pieces_of
from ortaq.doors.web.history import NOTE
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import body_of_copy, copy_of, save_copy
from ortaq.records.errors import Absent, CopyStale
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import body_of, version_at, version_of
from ortaq.records.registry import KINDS

MINE, THEIRS, BOTH, EDIT = "mine", "theirs", "both", "edit"
TABS = "tabs"  # the two texts are those of two tabs of one person, not of two versions
_MOST_CHARACTERS = 4_500_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict as the page shows it; is_text: it can be written anew; has_both: both can stand beside each other."""

    number: int
    label: str
    tag: str
    base: str
    mine: list[Piece]
    theirs: list[Piece]
    mine_text: str
    theirs_text: str
    is_text: bool
    has_both: bool


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is brought together; version: of the record that theirs is, or the revision of the copy."""

    kind: Kind
    base: dict[str, Any]
    mine: dict[str, Any]
    theirs: dict[str, Any]
    version: int

    def merged(self) -> Merged:
        whole = [spec.name for spec in self.kind.fields if spec.role in (Role.POINT, Role.AMOUNT)]
        return merge(self.base, self.mine, self.theirs, whole)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: HttpRequest, key: str) -> HttpResponse:
    """Mine and the version of the record that was published meanwhile; or, posted, what the person decided."""
    viewer = viewer_of(request)
    copy = copy_of(key, viewer)
    if copy.actor not in viewer.actors:
        raise Absent(uri=key)
    between_tabs = request.POST.get("_between") == TABS
    sides = _tabs(copy, viewer, _posted(request.POST)) if between_tabs else _versions(copy, viewer)
    if sides is None:
        return HttpResponseRedirect(reverse("work", args=[key]))
    if request.method != "POST" or request.POST.get("_version") != str(sides.version):
        return _page(request, viewer, copy, sides, between_tabs=between_tabs)
    return _decided(request, viewer, copy, sides, between_tabs=between_tabs)


def tabs_page(request: HttpRequest, viewer: Viewer, copy: WorkingCopy, mine: dict[str, Any]) -> HttpResponse:
    """Another tab has saved the same working copy meanwhile: both texts, side by side."""
    copy = copy_of(copy.key, viewer)
    sides = _tabs(copy, viewer, mine)
    return _page(request, viewer, copy, sides, between_tabs=True, status=409)


def _posted(given: QueryDict) -> dict[str, Any]:
    try:
        mine = orjson.loads(given.get("_mine", "")[:_MOST_CHARACTERS])
    except orjson.JSONDecodeError:
        return {}
    return mine if isinstance(mine, dict) else {}


def _tabs(copy: WorkingCopy, viewer: Viewer, mine: dict[str, Any]) -> _Sides:
    """The version that both tabs began with is what tells who changed what; for a new record there is none."""
    kind = KINDS[copy.kind]
    record = record_of_copy(copy, viewer)
    base = (version_of(record, copy.base_version or 0, viewer) or {}) if record else {}
    return _Sides(kind, own_words(base), tidied(kind, mine), tidied(kind, body_of_copy(copy)), copy.revision)


def _versions(copy: WorkingCopy, viewer: Viewer) -> _Sides | None:
    record = record_of_copy(copy, viewer)
    if record is None or record.version == copy.base_version:
        return None
    kind = KINDS[copy.kind]
    base = version_of(record, copy.base_version or 0, viewer) or {}
    bodies = [_without_note(one) for one in (base, body_of(record))]
    mine = tidied(kind, body_of_copy(copy))
    theirs = bodies[1] | ({NOTE: mine[NOTE]} if NOTE in mine else {})  # each version has a note of its own
    return _Sides(kind, bodies[0], mine, theirs, record.version)


def _without_note(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in own_words(body).items() if name != NOTE}


def _page(
    request: HttpRequest,
    viewer: Viewer,
    copy: WorkingCopy,
    sides: _Sides,
    *,
    between_tabs: bool,
    status: int = 200,
    missing: Sequence[int] = (),
) -> HttpResponse:
    merged = sides.merged()
    targets = spoken.targets_of([sides.base, sides.mine, sides.theirs], viewer)
    context = {
        "copy": copy,
        "record": record_of_copy(copy, viewer),
        "version": sides.version,
        "between_tabs": between_tabs,
        "mine": orjson.dumps(sides.mine).decode("utf-8") if between_tabs else "",
        "conflicts": [_shown(number, one, sides.kind, targets) for number, one in enumerate(merged.conflicts)],
        "taken": [(_label(sides.kind, path), side) for path, side in merged.taken],
        "missing": [_label(sides.kind, merged.conflicts[number].path) for number in missing],
        "given": request.POST,
    }
    return render(request, "web/forms/merge.html", context, status=422 if missing else status)


def _decided(
    request: HttpRequest, viewer: Viewer, copy: WorkingCopy, sides: _Sides, *, between_tabs: bool
) -> HttpResponse:
    merged = sides.merged()
    missing = [number for number in range(len(merged.conflicts)) if not request.POST.get(f"_choice.{number}")]
    if missing:
        return _page(request, viewer, copy, sides, between_tabs=between_tabs, missing=missing)
    for number, conflict in enumerate(merged.conflicts):
        put(merged.body, conflict.path, _chosen(request.POST, number, conflict))
    version = None if between_tabs else sides.version
    try:
        save_copy(
            viewer,
            copy.key,
            body=merged.body,
            audience=copy.audience if between_tabs else _audience(copy, viewer),
            revision=copy.revision,
            base_version=version,
        )
    except CopyStale:
        return tabs_page(request, viewer, copy, merged.body)
    messages.success(request, _("The two texts are brought together. Look it through, then publish."))
    return HttpResponseRedirect(reverse("work", args=[copy.key]))


def _audience(copy: WorkingCopy, viewer: Viewer) -> str:
    """Who may see it: as I chose, unless only the others have changed it."""
    record = record_of_copy(copy, viewer)
    before = version_at(record, copy.base_version or 0, viewer) if record else None
    is_mine = before is None or record is None or before.change.audience != copy.audience
    return copy.audience if is_mine or record is None else as_written(record.audience)


def _chosen(given: QueryDict, number: int, conflict: Conflict) -> Any:
    choice = given.get(f"_choice.{number}")
    if choice == EDIT and _text_of(conflict.mine) is not None:
        text = given.get(f"_text.{number}", "").replace("\r\n", "\n")
        return ([text] if text.strip() else None) if _is_list(conflict) else (text.strip() or None)
    if choice == BOTH and _is_list(conflict):
        return [*(conflict.mine or []), *(one for one in conflict.theirs or [] if one not in (conflict.mine or []))]
    return conflict.mine if choice == MINE else conflict.theirs


def _is_list(conflict: Conflict) -> bool:
    return isinstance(conflict.mine or [], list) and isinstance(conflict.theirs or [], list)


def _text_of(value: Any) -> str | None:
    """The one text that *value* is; None if it is something else."""
    if value is None:
        return ""
    if isinstance(value, list):
        return value[0] if len(value) == 1 and isinstance(value[0], str) else None
    return value if isinstance(value, str) else None


def _spec(kind: Kind, path: tuple[str, ...]) -> FieldSpec | None:
    return next((spec for spec in kind.fields if spec.name == path[0]), None)


def _label(kind: Kind, path: tuple[str, ...]) -> str:
    spec = _spec(kind, path)
    if spec is None:
        return ".".join(path)
    return spoken.label_of(spec, path[1] if len(path) == 2 and spec.role in (Role.NAME, Role.PROSE) else "")


def _shown(number: int, conflict: Conflict, kind: Kind, targets: Mapping[str, Record]) -> Shown:
    spec = _spec(kind, conflict.path)
    tag = conflict.path[1] if spec and spec.role in (Role.NAME, Role.PROSE) and len(conflict.path) == 2 else ""
    texts = [
        "" if value is None else _in_words(spec, tag, value, targets)
        for value in (conflict.base, conflict.mine, conflict.theirs)
    ]
    _before, mine = pieces_of(texts[0], texts[1])
    _before, theirs = pieces_of(texts[0], texts[2])
    values = (conflict.mine, conflict.theirs)
    is_text = all(_text_of(value) is not None for value in values) and _is_writable(spec)
    has_both = _is_list(conflict) and None not in values
    return Shown(
        number, _label(kind, conflict.path), tag, texts[0], mine, theirs, texts[1], texts[2], is_text, has_both
    )


def _is_writable(spec: FieldSpec | None) -> bool:
    return spec is not None and spec.role in (
        Role.NAME,
        Role.PROSE,
        Role.MARKUP,
        Role.WORD,
        Role.SPAN,
        Role.DATE,
        Role.URL,
    )


def _in_words(spec: FieldSpec | None, tag: str, value: Any, targets: Mapping[str, Record]) -> str:
    if spec is None:
        return orjson.dumps(value, default=repr).decode("utf-8")
    if spec.role in (Role.SPAN, Role.DATE) and isinstance(value, str):
        return value
    return spoken.stretch_of(spec, tag, value, targets).text
