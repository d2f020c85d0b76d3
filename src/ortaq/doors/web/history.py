# SPDX-License-Identifier: Apache-2.0
"""The history of a record: who changed what and when, and whether each signature holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ortaq.core.errors import N_
from ortaq.core.kind import Kind
from ortaq.core.replacing import own_words, replaced_in
from ortaq.doors.web import names, origins
from ortaq.nodes.identity import identity, own_id
from ortaq.people.queries import authors_of, institution_of, institutions_of_actors
from ortaq.records.models import Record
from ortaq.records.queries import Version
from ortaq.records.verification import revoked_keys

_WHY = {
    "log.chain-broken": N_("The change before it in the log is not the one that it names."),
    "log.header-unreadable": N_("Its header cannot be read."),
    "log.key-unknown": N_("It names a key that may not sign this change."),
    "log.signature-wrong": N_("Its signature does not fit what it says."),
    "log.body-altered": N_("Its content is not the one that was signed."),
}
_LONGEST_VALUE = 2_000
NOTE = "change_note"  # the field of every kind that tells of the version, not of the thing


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after; None: it was not there."""

    label: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Entry:
    """One line of the history. version 0 never occurs; is_missing: the log has lost this version; is_kept_back: its node keeps its content from
    this one; is_of_revoked_key: the key that signed it was revoked later."""

    number: int
    seq: int = 0
    at: str = ""
    by: str = ""
    has_left: bool = False
    audience: str = ""
    what: str = ""
    note: str = ""
    differences: list[Difference] = field(default_factory=list)
    is_withheld: bool = False
    is_kept_back: bool = False
    is_of_revoked_key: bool = False
    is_erased: bool = False
    is_missing: bool = False
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_verified(self) -> bool:
        return not self.reasons and not self.is_missing


@dataclass(frozen=True, slots=True)
class _Known:
    """authors: name, and whether they have left, by actor; erased: numbers of versions whose content is gone; revoked: keys."""

    authors: dict[str, tuple[str, bool]]
    erased: frozenset[int]
    revoked: frozenset[str]


def entries(record: Record, kind: Kind | None, versions: Sequence[Version], *, limit: int) -> list[Entry]:
    """Return the newest *limit* entries. versions: one more than that, so that the oldest one has something to differ from."""
    authors = _authors({version.change.by for version in versions})
    by_number = {version.change.version: version for version in versions}
    erased = frozenset(int(one) for version in versions for one in version.change.erases.split(",") if one.isdecimal())
    known = _Known(authors, erased, revoked_keys())
    newest = max([record.version, *by_number])
    oldest = max(1, newest - limit + 1)
    return [_entry(number, by_number, kind, known) for number in range(newest, oldest - 1, -1)]


def _authors(actors: set[str]) -> dict[str, tuple[str, bool]]:
    """Return who signed: people, and institutions in whose name an import was made."""
    foreign = {actor: (name, False) for actor, name in origins.foreign_names(actors).items()}
    found = foreign | authors_of(actors - foreign.keys())
    others = institutions_of_actors(actors - found.keys()) if actors - found.keys() else {}
    named = {one: names.institution_name(institution_of(one)) for one in set(others.values())}
    return found | {actor: (named[one], False) for actor, one in others.items()}


def broken(found: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in found if not entry.is_verified]


def _entry(
    number: int,
    versions: dict[int, Version],
    kind: Kind | None,
    known: _Known,
) -> Entry:
    version = versions.get(number)
    if version is None:
        return Entry(number, is_missing=True)
    change, before = version.change, versions.get(number - 1)
    is_bare = change.digest is not None and change.body is None
    # Bodies of our own are missing only where they were erased; another node may also keep them back from us.
    is_erased = is_bare and (number in known.erased or change.node == own_id())
    return Entry(
        number=number,
        seq=change.seq,
        at=change.at,
        by=_author(change.by, known.authors),
        has_left=known.authors.get(change.by, ("", False))[1],
        audience=change.audience,
        what=_what(version, before, number),
        note=str((version.body or {}).get(NOTE) or ""),
        differences=_differences(kind, before.body, version.body) if before and kind else [],
        is_withheld=version.is_withheld and not is_bare,
        is_kept_back=is_bare and not is_erased,
        is_of_revoked_key=change.key in known.revoked,
        is_erased=is_erased,
        reasons=[(finding.code, _(_WHY.get(finding.code, finding.what))) for finding in version.findings],
    )


def _author(by: str, authors: dict[str, tuple[str, bool]]) -> str:
    if by in authors:
        return authors[by][0]
    me = identity()
    return me.name if by == me.uri else by


def _what(version: Version, before: Version | None, number: int) -> str:
    if version.change.digest is None:
        return pgettext("version", "Withdrawn")
    if version.change.erases:
        return _("Earlier content erased")
    if number == 1:
        return pgettext("version", "Made")
    if before is not None and before.body is not None and version.body is not None:
        old, new = set(replaced_in(before.body)), set(replaced_in(version.body))
        if new - old:
            return _("Merged with another record")
        if old - new:
            return _("Merge taken back")
    return pgettext("version", "Revised")


def _differences(kind: Kind, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Difference]:
    if before is None or after is None:
        return []
    before, after = own_words(before), own_words(after)
    return [
        Difference(_(spec.label), _in_text(before.get(spec.name)), _in_text(after.get(spec.name)))
        for spec in kind.fields
        if before.get(spec.name) != after.get(spec.name) and spec.name != NOTE
    ]


def _in_text(value: Any) -> str | None:
    """A value as plain lines: enough to see what changed, the exact form is in the JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return value[:_LONGEST_VALUE]
    if isinstance(value, dict) and all(isinstance(one, list) for one in value.values()):
        lines = [f"{names.language_name(tag)}: {', '.join(map(str, texts))}" for tag, texts in value.items()]
        return "\n".join(lines)[:_LONGEST_VALUE]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)[:_LONGEST_VALUE]
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode("utf-8")[:_LONGEST_VALUE]
