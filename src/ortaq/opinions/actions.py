# SPDX-License-Identifier: Apache-2.0
"""Giving, revising and withdrawing opinions; hiding them, and showing them again. Each is one signed change."""

from collections.abc import Mapping
from dataclasses import dataclass

from ortaq.core.audience import Viewer, as_written
from ortaq.language.detection import detect
from ortaq.nodes.identity import own_id
from ortaq.opinions import rules
from ortaq.opinions.kind import HIDING, OPINION
from ortaq.opinions.queries import is_in_thread, may_hide_answers_to, opinion_of, target_of
from ortaq.people import audit
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.queries import institution_of_actor
from ortaq.records.actions import actor_for, revise_record, subject_of, withdraw_record, write_new_record
from ortaq.records.door import Draft, Outcome, write_change
from ortaq.records.errors import Absent, Gone, MissingTarget, NotAuthor
from ortaq.records.hiding import hiding_from, hidings_of
from ortaq.records.models import Record
from ortaq.records.queries import limit_of_answers_to

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
    if record.state != Record.LIVE or not is_in_thread(body, about) or hiding_from(record, viewer):
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


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not shown: reason is one of kind.REASONS; note says more, in the language lang."""

    reason: str
    lang: str
    note: str


def hide_opinion(uri: str, why: Why, *, viewer: Viewer) -> Outcome:
    """Keep an opinion on a record of this node off its pages. The words stay in the log and at other nodes; their author is told.

    raises Absent, SignInRequired, Denied, Gone, Invalid
    """
    opinion, _about, by = hideable(uri, viewer)
    if hiding := hidings_of([uri], own_id()).get(uri):
        return Outcome("unchanged", hiding.uri)
    body = {"about": uri, "reason": why.reason, "lang": why.lang, "note": why.note}
    draft = Draft(HIDING.name, body, limit_of_answers_to(opinion), is_new=True, expected_version=0, is_by_node=True)
    outcome = write_change(draft, by=by)
    audit.note("opinion.hidden", actor=by, institution=institution_of_actor(by), subject=uri, reason=why.reason)
    return outcome


def show_opinion(uri: str, *, viewer: Viewer) -> None:
    """Show again what was hidden; that it was hidden, and why, stays in the log. Raises Absent, SignInRequired, Denied, Gone."""
    _opinion, _about, by = hideable(uri, viewer)
    is_shown = False
    while hiding := hidings_of([uri], own_id()).get(uri):  # two people may have hidden it at once
        write_change(Draft(HIDING.name, None, as_written(hiding.audience), hiding.uri, is_by_node=True), by=by)
        is_shown = True
    if is_shown:
        audit.note("opinion.shown", actor=by, institution=institution_of_actor(by), subject=uri)


def hideable(uri: str, viewer: Viewer) -> tuple[Record, Record, str]:
    """Return the opinion, what it is about, and the actor under which *viewer* decides whether it is shown.

    raises Absent, SignInRequired, Denied, Gone
    """
    opinion, body = opinion_of(uri, viewer)
    if viewer.actor is None and not viewer.is_keeper:
        raise SignInRequired
    if opinion.state != Record.LIVE:
        raise Gone(uri=uri)
    about = target_of(body, viewer)
    if opinion.author in viewer.actors or not may_hide_answers_to(about, viewer):
        raise Denied(action="opinion.hide")
    return opinion, about, actor_for(viewer, subject_of(about))


def hide_for(uri: str, why: Mapping[str, str], *, viewer: Viewer) -> Outcome:
    """Hide an opinion as other programs do. why: reason, lang, note."""
    return hide_opinion(uri, Why(why["reason"], why["lang"], why["note"]), viewer=viewer)


def surer_language(text: str, chosen: str) -> str:
    """Return the language that *text* is written in if that is plain enough, else *chosen*."""
    if len(text) < _LONG_ENOUGH:
        return chosen
    found = detect(text)
    return found.lang if found.lang and found.certainty >= _SURE else chosen


def _body(words: Words) -> dict[str, str]:
    return {"motivation": words.motivation, "lang": words.lang, "text": words.text}
