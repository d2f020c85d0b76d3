# SPDX-License-Identifier: Apache-2.0
"""/api/records/ID/opinions: what people say about a record. How threads are read and opinions given is handed over by site/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpResponse

from ortaq.core.audience import AudienceTooWide, BadAudience, Viewer
from ortaq.core.errors import BadIdentifier, Invalid, UnknownField
from ortaq.doors.api import parameters as p
from ortaq.doors.api.bodies import check_members
from ortaq.doors.api.caller import WRITE
from ortaq.doors.api.operations import Answer, Call, Onward, Operation, answer, no_content
from ortaq.doors.api.records import HERE, live_record, written
from ortaq.doors.api.representations import summary_json
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.door import Outcome
from ortaq.records.errors import MissingTarget, TooLarge
from ortaq.records.models import Record
from ortaq.records.queries import limit_of_answers_to
from ortaq.records.verification import Finding


class Said(Protocol):
    """One opinion of a thread; record None: it was withdrawn or is not for this viewer, and others have answered it."""

    record: Record | None
    body: dict[str, Any]
    author: str
    depth: int
    findings: tuple[Finding, ...]

    @property
    def hiding(self) -> "Hiding | None": ...


class Hiding(Protocol):
    """uri: of the record by which the node of the record hides an opinion."""

    @property
    def reason(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def lang(self) -> str: ...

    @property
    def uri(self) -> str: ...


class Threads(Protocol):
    """after: where the next page starts, None on the last."""

    @property
    def said(self) -> Sequence[Said]: ...

    @property
    def after(self) -> int | None: ...


class ThreadsAbout(Protocol):
    def __call__(self, uri: str, viewer: Viewer, *, after: int) -> Threads: ...


class Give(Protocol):
    """words: motivation, lang and text."""

    def __call__(
        self, about: str, words: Mapping[str, str], *, viewer: Viewer, audience: str, reply_to: str | None
    ) -> Outcome: ...


class Hide(Protocol):
    """why: reason, lang and note."""

    def __call__(self, uri: str, why: Mapping[str, str], *, viewer: Viewer) -> Outcome: ...


class Show(Protocol):
    def __call__(self, uri: str, *, viewer: Viewer) -> None: ...


@dataclass(slots=True)
class _Installed:
    threads: ThreadsAbout | None = None
    give: Give | None = None
    hide: Hide | None = None
    show: Show | None = None


_here = _Installed()


def install(threads: ThreadsAbout, give: Give, hide: Hide, show: Show) -> None:
    """Take over how threads are read and opinions given, hidden and shown again."""
    _here.threads, _here.give, _here.hide, _here.show = threads, give, hide, show


def list_opinions(call: Call) -> HttpResponse:
    assert _here.threads is not None
    record = live_record(call)
    found = _here.threads(record.uri, call.viewer, after=call.query["after"])
    return answer({"opinions": [_said_json(one) for one in found.said], "after": found.after})


def give_opinion(call: Call) -> HttpResponse:
    assert _here.give is not None
    record = live_record(call)
    given = check_members(call.body, _REQUIRED, _OPTIONAL)
    words = {name: given[name] for name in ("motivation", "lang", "text")}
    audience = given.get("audience", limit_of_answers_to(record))
    outcome = _here.give(record.uri, words, viewer=call.viewer, audience=audience, reply_to=given.get("reply_to"))
    return written(call, outcome.uri or "", 201)


def hide_opinion(call: Call) -> HttpResponse:
    assert _here.hide is not None
    opinion = live_record(call)
    outcome = _here.hide(opinion.uri, check_members(call.body, _WHY, {}), viewer=call.viewer)
    return written(call, outcome.uri or "", 201)


def show_opinion(call: Call) -> HttpResponse:
    assert _here.show is not None
    _here.show(live_record(call).uri, viewer=call.viewer)
    return no_content()


def _said_json(said: Said) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "depth": said.depth,
        "is_absent": said.record is None,
        "opinion": None,
        "author_name": said.author or None,
        "hiding": None,
    }
    if said.record is None:
        return shown
    findings = [{"code": one.code, "what": one.what} for one in said.findings]
    body = said.body if not findings else None
    if hiding := said.hiding:
        shown["hiding"] = {"reason": hiding.reason, "note": hiding.note, "lang": hiding.lang, "uri": hiding.uri}
    return {**shown, "opinion": {**summary_json(said.record), "body": body or None, "findings": findings}}


_REQUIRED: dict[str, type] = {"motivation": str, "lang": str, "text": str}
_OPTIONAL: dict[str, type] = {"audience": str, "reply_to": str}
_WHY: dict[str, type] = {"reason": str, "lang": str, "note": str}

OPERATIONS = (
    Operation(
        "GET", "/records/{id}/opinions", "listOpinions", "opinions", "Read the opinions on a record", list_opinions,
        {200: Answer("Its threads in reading order, oldest first.", "Opinions")},
        "`depth` 0 begins a thread. An opinion that was withdrawn, or is not for you, but was answered, stands as `is_absent`. "
        "`hiding`: the node of the record does not show it on its pages, and says why; there `body` is null, and stands at the address of the opinion.",
        parameters=(p.after(),), refuses=HERE,
    ),
    Operation(
        "POST", "/records/{id}/opinions", "giveOpinion", "opinions", "Give an opinion", give_opinion,
        {201: Answer("The opinion was published and signed.", "Record", ("ETag", "Location"))},
        "`text` is CommonMark without HTML. The audience is that of the record if not said, and never a wider one. An opinion is a record "
        "like others: its author revises and withdraws it at its address.",
        scope=WRITE, needs_person=True, body="OpinionToGive", body_at="",
        refuses=(
            *HERE, Invalid, UnknownField, BadIdentifier, BadAudience, AudienceTooWide, MissingTarget, TooLarge, SignInRequired, Denied,
        ),
        onward={
            "read": Onward("readRecord", {"id": "$response.body#/id"}),
            "withdraw": Onward("withdrawRecord", {"id": "$response.body#/id"}),
        },
    ),
    Operation(
        "POST", "/records/{id}/hiding", "hideOpinion", "opinions", "Hide an opinion", hide_opinion,
        {201: Answer("The signed decision not to show it.", "Record", ("ETag", "Location"))},
        "For who takes care of the record, of this node, that the opinion is about. Pages, search and feeds of this node do without it; its "
        "author and the other nodes keep it.",
        scope=WRITE, needs_person=True, body="WhyToHide", body_at="",
        refuses=(*HERE, Invalid, UnknownField, BadIdentifier, SignInRequired, Denied),
        onward={"show": Onward("showOpinion", {"id": "$request.path.id"})},
    ),
    Operation(
        "DELETE", "/records/{id}/hiding", "showOpinion", "opinions", "Show a hidden opinion again", show_opinion,
        {204: Answer("It is shown; that it was hidden stays in the log.")},
        scope=WRITE, needs_person=True, refuses=(*HERE, SignInRequired, Denied),
    ),
)  # fmt: skip
