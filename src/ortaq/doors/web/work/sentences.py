# SPDX-License-Identifier: Apache-2.0
"""What a notice says, in the language of its reader. Titles are looked up now, by what the reader may see now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.doors.web.origins import actor_names
from ortaq.nodes.identity import identity
from ortaq.notices import sorts
from ortaq.notices.models import Notice
from ortaq.notices.queries import institution_names
from ortaq.records.copies import body_of_copy, copies_seen
from ortaq.records.hiding import mark_hidden
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import records_in_any_state

_SENTENCES = {
    (sorts.REVISED, sorts.OWN): N_("%(who)s has revised a record that you answer for"),
    (sorts.REVISED, sorts.FOLLOWED): N_("%(who)s has revised a record that you follow"),
    (sorts.WITHDRAWN, sorts.OWN): N_("%(who)s has withdrawn a record that you answer for"),
    (sorts.WITHDRAWN, sorts.FOLLOWED): N_("%(who)s has withdrawn a record that you follow"),
    (sorts.ANSWERED, sorts.OWN): N_("%(who)s has given an opinion on a record that you answer for"),
    (sorts.ANSWERED, sorts.FOLLOWED): N_("%(who)s has given an opinion on a record that you follow"),
    (sorts.HIDDEN, sorts.OWN): N_("%(who)s does not show your opinion on the pages of their node"),
    (sorts.MADE, sorts.FOLLOWED): N_("%(institution)s, which you follow, has published a record"),
    (sorts.REPLIED, sorts.REPLIES): N_("%(who)s has replied to you"),
    (sorts.MENTIONED, sorts.MENTIONS): N_("%(who)s has mentioned you"),
    (sorts.PROPOSED, sorts.PROPOSALS): N_("%(who)s proposes a text and waits for your decision"),
    (sorts.RETURNED, sorts.DECISIONS): N_("%(who)s has given your text back"),
    (sorts.PUBLISHED, sorts.DECISIONS): N_("%(who)s has published what you proposed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as it is read. title: of what it is about, None if it has none any more; words: how the opinion begins, or the remark."""

    notice: Notice
    sentence: str
    title: names.Shown | None
    kind: str
    address: str
    words: names.Shown | None = None

    @property
    def at(self) -> str:
        return self.notice.at.isoformat()


@dataclass(slots=True)
class _Known:
    records: dict[str, Record]
    copies: dict[str, WorkingCopy]
    people: dict[str, str]
    institutions: dict[str, dict[str, list[str]]]


def lines(notices: Sequence[Notice], viewer: Viewer) -> list[Line]:
    """Return *notices*, which *viewer* may see, as lines; the number of queries does not depend on theirs."""
    if not notices:
        return []
    uris = {uri for one in notices for uri in (one.record, one.about) if uri}
    records = records_in_any_state(uris, viewer)
    mark_hidden(records.values(), viewer)
    known = _Known(
        records,
        {copy.key: copy for copy in copies_seen({one.copy for one in notices if one.copy}, viewer)},
        actor_names({one.by for one in notices}),
        institution_names(),
    )
    return [_line(one, known) for one in notices]


def _line(one: Notice, known: _Known) -> Line:
    if one.code == sorts.DAMAGED:
        return Line(one, _of_damage(one), None, "", reverse("node-files"))
    if copy := known.copies.get(one.copy):
        remark = names.Shown(copy.remark, "und", False) if one.code == sorts.RETURNED and copy.remark else None
        return Line(
            one, _sentence(one, known), title_of_copy(copy), copy.kind, reverse("work", args=[copy.key]), remark
        )
    record, about = known.records.get(one.record), known.records.get(one.about)
    if one.code in sorts.ANSWERABLE and record is not None:
        return _said(one, record, about, known)
    title = names.shown(names.title_map(record)) if record is not None else None
    return Line(one, _sentence(one, known), title, record.kind if record else "", _address(one.record))


def _said(one: Notice, record: Record, about: Record | None, known: _Known) -> Line:
    """An opinion stands under the record that it is about; a text that mentions somebody, by itself."""
    title = names.title_of(about) if about is not None else None
    words = names.shown(names.title_map(record)) if not record.is_hidden else None
    kind = about.kind if about is not None else record.kind
    return Line(one, _sentence(one, known), title, kind, _address(one.record), words)


def _sentence(one: Notice, known: _Known) -> str:
    if one.code == sorts.MADE and (count := one.facts.get("count")):
        many = ngettext(
            "%(institution)s, which you follow, has published %(count)s record",
            "%(institution)s, which you follow, has published %(count)s records",
            count,
        )
        return many % {"institution": _institution(one.about, known), "count": count}
    facts: dict[str, Any] = {"who": _who(one.by, known), "institution": _institution(one.about, known)}
    return _(_SENTENCES.get((one.code, one.sort), N_("%(who)s has done something that concerns you"))) % facts


def _of_damage(one: Notice) -> str:
    count = one.facts.get("count", 1)
    return ngettext("%(count)s kept file was found damaged", "%(count)s kept files were found damaged", count) % {
        "count": count
    }


def _who(by: str, known: _Known) -> str:
    """A person, an institution that acts for itself, or the node."""
    return _one_line(known.people.get(by) or _institution(by, known) or identity().name)


def _institution(uri: str, known: _Known) -> str:
    shown = names.shown(known.institutions.get(uri, {}))
    return _one_line(shown.text) if shown else ""


def _one_line(text: str) -> str:
    """Nobody's name begins a line of its own, on a page or in a mail."""
    return " ".join(text.split())


def _address(uri: str) -> str:
    return reverse("record", args=[uri.removeprefix("urn:ortaq:")])


def title_of_copy(copy: WorkingCopy) -> names.Shown | None:
    """Return the title of what is not published yet, as far as it has been typed; anything may stand there."""
    typed = body_of_copy(copy).get("title")
    if not isinstance(typed, dict):
        return None
    titles = {str(tag): [text for text in _texts(texts) if text.strip()] for tag, texts in typed.items()}
    return names.shown({tag: texts for tag, texts in titles.items() if texts})


def _texts(typed: object) -> list[str]:
    found = typed if isinstance(typed, list) else [typed]
    return [text for text in found if isinstance(text, str)]
