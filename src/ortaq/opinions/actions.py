# SPDX-License-Identifier: Apache-2.0
"""Giving, revising and withdrawing opinions. Each is one signed change."""

from collections.abc import Mapping
from dataclasses import dataclass

from ortaq.core.audience import Viewer
from ortaq.language.detection import detect
from ortaq.opinions import rules
from ortaq.opinions.kind import OPINION
from ortaq.opinions.queries import is_in_thread, opinion_of
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.actions import revise_record, withdraw_record, write_new_record
from ortaq.records.door import Outcome
from ortaq.records.errors import Absent, MissingTarget, NotAuthor
from ortaq.records.models import Record

_SURE, _LONG_ENOUGH = 0.8, 20


@dataclass(frozen=True, slots=True)
class Words:
    """What someone says: text is CommonMark, lang its BCP 47 tag, motivation one of kind.MOTIVATIONS."""

    motivation: str
    lang: str
    text: str


def give_opinion(about: str, words: Words, *, viewer: Viewer, audience: str, reply_to: str | None = None) -> Outcome:
    """Publish *words* about a record, or in reply to an opinion about it.

    raises SignInRequired, Denied, and what records.door refuses (a missing target, an audience wider than the target's)
    """
    if viewer.actor is None:
        raise SignInRequired
    if not rules.may_give(viewer):
        raise Denied(action="opinion.give")
    body = {"about": about, **_body(words), **({"reply_to": reply_to} if reply_to else {})}
    return write_new_record(viewer, OPINION.name, body, audience, by=viewer.actor)


def say(about: str, words: Mapping[str, str], *, viewer: Viewer, audience: str, reply_to: str | None) -> Outcome:
    """Give an opinion as other programs do. words: motivation, lang, text. Raises MissingTarget for a reply to what is elsewhere."""
    if reply_to is not None:
        _check_answers(reply_to, about, viewer)
    said = Words(words["motivation"], words["lang"], words["text"])
    return give_opinion(about, said, viewer=viewer, audience=audience, reply_to=reply_to)


def _check_answers(reply_to: str, about: str, viewer: Viewer) -> None:
    try:
        record, body = opinion_of(reply_to, viewer)
    except Absent as error:
        raise MissingTarget(field="reply_to", target=reply_to) from error
    if record.state != Record.LIVE or not is_in_thread(body, about):
        raise MissingTarget(field="reply_to", target=reply_to)


def revise_opinion(uri: str, words: Words, *, viewer: Viewer, expected_version: int, audience: str) -> Outcome:
    """Replace the words of one's own opinion; raises NotAuthor, StaleVersion if somebody was faster."""
    record, body = opinion_of(uri, viewer)
    if not rules.may_revise(viewer, record.author, is_live=record.state == Record.LIVE):
        raise NotAuthor(uri=uri)
    kept = {name: value for name, value in body.items() if name not in ("motivation", "lang", "text")}
    return revise_record(viewer, uri, {**kept, **_body(words)}, audience, expected_version=expected_version)


def withdraw_opinion(uri: str, *, viewer: Viewer, expected_version: int | None = None) -> Outcome:
    """Withdraw one's own opinion; its history stays. Raises NotAuthor."""
    opinion_of(uri, viewer)
    return withdraw_record(viewer, uri, expected_version=expected_version)


def surer_language(text: str, chosen: str) -> str:
    """Return the language that *text* is written in if that is plain enough, else *chosen*."""
    if len(text) < _LONG_ENOUGH:
        return chosen
    found = detect(text)
    return found.lang if found.lang and found.certainty >= _SURE else chosen


def _body(words: Words) -> dict[str, str]:
    return {"motivation": words.motivation, "lang": words.lang, "text": words.text}
