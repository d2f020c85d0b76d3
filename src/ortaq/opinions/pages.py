# SPDX-License-Identifier: Apache-2.0
"""Opinions on pages: threads under a record, and the forms to give, answer, revise, withdraw and hide them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ortaq.core.audience import Viewer, as_written, label_of
from ortaq.core.errors import OrtaqError
from ortaq.language.fallback import LANGUAGES, choose
from ortaq.nodes import groups
from ortaq.nodes.identity import own_id
from ortaq.opinions import rules
from ortaq.opinions.actions import (
    Why,
    Words,
    give_opinion,
    hide_opinion,
    hideable,
    revise_opinion,
    show_opinion,
    surer_language,
    withdraw_opinion,
)
from ortaq.opinions.kind import MOTIVATIONS, OPINION, REASONS
from ortaq.opinions.queries import (
    awaited_by,
    hiding_as_read,
    is_in_thread,
    may_hide_answers_to,
    newest_opinions,
    opinion_of,
    opinions_about,
    target_of,
)
from ortaq.people.viewers import viewer_of
from ortaq.records.errors import Absent, Gone, StaleVersion
from ortaq.records.hiding import hiding_from, hidings_of
from ortaq.records.models import Record
from ortaq.records.queries import body_of, limit_of_answers_to, record_of

LONGEST_TEXT, LONGEST_NOTE = 20_000, 500
NEWEST = 4
_DRAFT = "opinion-draft"
_DRAFT_SECONDS = 3600
_REQUIRED = {"required": gettext_lazy("Write something first."), "max_length": gettext_lazy("This is too long.")}
_UNKNOWN = {
    "invalid_choice": gettext_lazy("Choose one of the list."),
    "required": gettext_lazy("Choose one of the list."),
}
View = Callable[..., HttpResponse]


class OpinionForm(forms.Form):
    """offered: the language that the page had chosen; another one was chosen by the person and stays."""

    motivation = forms.ChoiceField(label=gettext_lazy("Purpose"), error_messages=_UNKNOWN)
    lang = forms.ChoiceField(label=gettext_lazy("Language"), error_messages=_UNKNOWN)
    audience = forms.ChoiceField(label=gettext_lazy("Who may read it"), error_messages=_UNKNOWN)
    text = forms.CharField(
        label=gettext_lazy("Your opinion"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_TEXT}),
        error_messages=_REQUIRED,
    )
    offered = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *given: Any, viewer: Viewer, limit: str, is_reply: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        motivations = [pair for pair in MOTIVATIONS.items() if is_reply or pair[0] != "reply"]
        self._offer("motivation", [(value, _(label)) for value, label in motivations])
        self._offer("lang", _languages(self.initial.get("lang"), self.data.get("lang")))
        named = {one.audience: _best(one.names) for one in groups.addressed()}
        offered = rules.audiences_within(viewer, limit, named)
        self._offer("audience", [(one, named.get(one) or _(label_of(one))) for one in offered])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def words(self) -> Words:
        """What was said, in the language that it is plainly written in unless the person chose one."""
        given = self.cleaned_data
        chosen = given["lang"]
        lang = surer_language(given["text"], chosen) if chosen == given["offered"] else chosen
        return Words(given["motivation"], lang, given["text"].replace("\r\n", "\n").strip())


def _best(texts: groups.Names) -> str:
    """The name of a group in the language of the reader."""
    chosen = choose(texts, (get_language() or "en").partition("-")[0])
    return chosen[0] if chosen else ""


class HidingForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), error_messages=_UNKNOWN)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Whoever wrote it reads this, and whoever asks why it is not shown. It is signed."),
        max_length=LONGEST_NOTE,
        error_messages=_REQUIRED,
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, _(label)) for value, label in REASONS.items()]


def _languages(*more: str | None) -> list[tuple[str, str]]:
    known = list(LANGUAGES.items())
    return known + [(tag, tag) for tag in dict.fromkeys(more) if tag and tag not in LANGUAGES and "-" in tag]


def panel(request: HttpRequest, record: Record) -> SafeString | None:
    """The threads about *record* with a form below; for an opinion, what its author may do with it."""
    viewer = viewer_of(request)
    if record.kind == OPINION.name:
        context = {"record": record, "may_revise": rules.may_revise(viewer, record.author, is_live=True)}
        if record.node != own_id():
            context |= {"awaits": awaited_by(record)}
        return render_to_string("opinions/own_panel.html", context, request)
    after = request.GET.get("opinions_after", "")
    threads = opinions_about(record.uri, viewer, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    form = _fresh_form(viewer, limit_of_answers_to(record), reply_to="") if rules.may_give(viewer) else None
    context = {
        "record": record,
        "threads": threads,
        "form": form,
        "viewer": viewer,
        "may_hide": may_hide_answers_to(record, viewer),
        "anchor": f"{_address(record.uri)}#give",
    }
    return render_to_string("opinions/panel.html", context, request)


def newest_panel(request: HttpRequest) -> SafeString | None:
    """The newest opinions for the first page: who, on what, the first words."""
    recent = newest_opinions(viewer_of(request), limit=NEWEST)
    return render_to_string("opinions/newest.html", {"recent": recent}, request) if recent else None


def _fresh_form(viewer: Viewer, limit: str, *, reply_to: str, **initial: str) -> OpinionForm:
    lang = (get_language() or "en").partition("-")[0]
    start = {
        "motivation": "reply" if reply_to else "comment",
        "lang": lang,
        "offered": lang,
        "audience": rules.widest_within(viewer, limit),
    }
    return OpinionForm(initial={**start, **initial}, viewer=viewer, limit=limit, is_reply=bool(reply_to))


def _signed_in(view: View) -> View:
    """Only people of the node write. Whoever was signed out meanwhile signs in and finds the draft again."""

    @wraps(view)
    def checked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if viewer_of(request).actor is not None:
            return view(request, *given, **named)
        back = request.get_full_path()
        if request.method == "POST":
            back = _keep_draft(request, back)
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")

    return checked


def _keep_draft(request: HttpRequest, back: str) -> str:
    names = ("about", "reply_to", "motivation", "lang", "audience", "text")
    draft = {name: request.POST.get(name, "")[:LONGEST_TEXT] for name in names}
    request.session[_DRAFT] = {**draft, "path": request.path}
    request.session.set_expiry(_DRAFT_SECONDS)
    about = {name: request.POST[name] for name in ("about", "reply_to") if request.POST.get(name)}
    return f"{request.path}?{urlencode(about)}" if about else back


def _kept_draft(request: HttpRequest, **wanted: str) -> dict[str, str]:
    """Return what the person had written for this place before signing in anew."""
    draft = request.session.get(_DRAFT)
    wanted["path"] = request.path
    if not isinstance(draft, dict) or any(draft.get(name, "") != value for name, value in wanted.items()):
        return {}
    del request.session[_DRAFT]
    return {name: draft[name] for name in ("motivation", "lang", "audience", "text") if draft.get(name)}


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give an opinion about the record `about`, or reply to the opinion `reply_to`."""
    given, viewer = request.POST if request.method == "POST" else request.GET, viewer_of(request)
    about, reply_to = given.get("about", "")[:100], given.get("reply_to", "")[:100]
    target = _live(about, viewer)
    answered = _answered(reply_to, about, viewer) if reply_to else None
    limit = limit_of_answers_to(answered or target)
    context: dict[str, Any] = {"about": target, "answered": answered, "action": reverse("opinion-give")}
    if request.method != "POST":
        draft = _kept_draft(request, about=about, reply_to=reply_to)
        form = _fresh_form(viewer, limit, reply_to=reply_to, **draft)
        return render(request, "opinions/give.html", {**context, "form": form, "is_recovered": bool(draft)})
    form = OpinionForm(request.POST, viewer=viewer, limit=limit, is_reply=bool(reply_to))
    if not form.is_valid() or "preview" in request.POST:
        return _shown_again(request, "opinions/give.html", {**context, "form": form})
    words = form.words()
    try:
        outcome = give_opinion(
            about, words, viewer=viewer, audience=form.cleaned_data["audience"], reply_to=reply_to or None
        )
    except OrtaqError as error:
        return _refused(request, "opinions/give.html", {**context, "form": form}, error)
    _notice_language(request, form, words)
    messages.success(request, _("Your opinion is published and signed."))
    return HttpResponseRedirect(_thread_address(about, outcome.uri or about, viewer))


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, name: str) -> HttpResponse:
    """Revise one's own opinion. If it changed meanwhile, both texts are shown and nothing is lost."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record, body = opinion_of(uri, viewer)
    if not rules.may_revise(viewer, record.author, is_live=record.state == Record.LIVE):
        return render(request, "opinions/not_yours.html", {"record": record}, status=403)
    about = target_of(body, viewer)
    limit, is_reply = limit_of_answers_to(about), "reply_to" in body
    action = reverse("opinion-revise", args=[name])
    context: dict[str, Any] = {"record": record, "about": about, "version": record.version, "action": action}
    if request.method != "POST":
        draft = _kept_draft(request)
        initial = {**body, "offered": "", "audience": as_written(record.audience), **draft}
        form = OpinionForm(initial=initial, viewer=viewer, limit=limit, is_reply=is_reply)
        return render(request, "opinions/revise.html", {**context, "form": form, "is_recovered": bool(draft)})
    form = OpinionForm(request.POST, viewer=viewer, limit=limit, is_reply=is_reply)
    expected = request.POST.get("version", "")
    context["version"] = int(expected) if expected.isdecimal() and len(expected) < 9 else record.version
    if not form.is_valid() or "preview" in request.POST:
        return _shown_again(request, "opinions/revise.html", {**context, "form": form})
    words = form.words()
    try:
        revise_opinion(
            uri, words, viewer=viewer, expected_version=context["version"], audience=form.cleaned_data["audience"]
        )
    except StaleVersion as error:
        context |= {"form": form, "newer": body, "version": record.version}
        return _refused(request, "opinions/revise.html", context, error)
    except OrtaqError as error:
        return _refused(request, "opinions/revise.html", {**context, "form": form}, error)
    _notice_language(request, form, words)
    messages.success(request, _("Your opinion is revised; the earlier version stays in its history."))
    return HttpResponseRedirect(_thread_address(about.uri, uri, viewer))


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw one's own opinion after asking once more."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    record, body = opinion_of(uri, viewer)
    if not rules.may_withdraw(viewer, record.author, is_live=record.state == Record.LIVE):
        return render(request, "opinions/not_yours.html", {"record": record}, status=403)
    if request.method != "POST":
        return render(request, "opinions/withdraw.html", {"record": record, "body": body})
    withdraw_opinion(uri, viewer=viewer)
    messages.success(request, _("Your opinion is withdrawn; its history stays."))
    return HttpResponseRedirect(f"{_address(body['about'])}#opinions")


@_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, name: str) -> HttpResponse:
    """Say why an opinion on a record of this node is not to be shown; or see what is hidden, and why."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    opinion, about, _by = hideable(uri, viewer)
    hiding = hidings_of([uri], own_id()).get(uri)
    context: dict[str, Any] = {"record": opinion, "body": body_of(opinion), "about": about, "form": HidingForm()}
    if hiding is not None:
        context["hiding"] = hiding_as_read(hiding)
    if request.method != "POST" or hiding is not None:
        return render(request, "opinions/hide.html", context)
    context["form"] = form = HidingForm(request.POST)
    if not form.is_valid():
        return render(request, "opinions/hide.html", context, status=422)
    why = form.cleaned_data
    lang = surer_language(why["note"], (get_language() or "en").partition("-")[0])
    try:
        hide_opinion(uri, Why(why["reason"], lang, why["note"]), viewer=viewer)
    except OrtaqError as error:
        return _refused(request, "opinions/hide.html", context, error)
    messages.success(request, _("This node does not show the opinion any more. Its author is told why."))
    return HttpResponseRedirect(_thread_address(about.uri, uri, viewer))


@_signed_in
@require_http_methods(["POST"])
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Show again what was hidden."""
    uri, viewer = f"urn:ortaq:{name}", viewer_of(request)
    show_opinion(uri, viewer=viewer)
    _record, body = opinion_of(uri, viewer)
    messages.success(request, _("The opinion is shown again; that it was hidden stays in the log."))
    return HttpResponseRedirect(_thread_address(target_of(body, viewer).uri, uri, viewer))


def _live(uri: str, viewer: Viewer) -> Record:
    """Return the record that can be answered; raises Absent, Gone."""
    record = record_of(uri, viewer)
    if record.state != Record.LIVE:
        raise Gone(uri=uri)
    return record


def _answered(uri: str, about: str, viewer: Viewer) -> Record:
    """Return the opinion that is replied to; raises Absent unless it is shown and about the same record, Gone if it was withdrawn."""
    record, body = opinion_of(uri, viewer)
    if record.state != Record.LIVE:
        raise Gone(uri=uri)
    if not is_in_thread(body, about) or hiding_from(record, viewer):
        raise Absent(uri=uri)
    return record


def _shown_again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The form as it was sent, with a preview if it is in order, with its faults if not."""
    form = context["form"]
    is_right = form.is_valid()
    if is_right:
        context["preview"] = form.words()
    return render(request, template, context, status=200 if is_right else 422)


def _refused(request: HttpRequest, template: str, context: dict[str, Any], error: OrtaqError) -> HttpResponse:
    context["refusal"] = _(error.say) % error.facts
    return render(request, template, context, status=error.status)


def _notice_language(request: HttpRequest, form: OpinionForm, words: Words) -> None:
    if words.lang != form.cleaned_data["lang"]:
        name = LANGUAGES.get(words.lang.partition("-")[0], words.lang)
        sentence = _("The text is written in %(language)s, so that is the language it was published under.")
        messages.info(request, sentence % {"language": name})


def _address(uri: str) -> str:
    return reverse("record", args=[uri.removeprefix("urn:ortaq:")])


def _thread_address(about: str, opinion: str, viewer: Viewer) -> str:
    """Return where *opinion* stands under the record; behind many others that is not its first page."""
    anchor = f"#o-{opinion.rpartition(':')[2]}"
    threads = opinions_about(about, viewer)
    is_there = any(said.record is not None and said.record.uri == opinion for said in threads.said)
    return f"{_address(about)}{anchor}" if is_there else _address(opinion)


urlpatterns = [
    path("opinions/give", give, name="opinion-give"),
    path("opinions/<str:name>/revise", revise, name="opinion-revise"),
    path("opinions/<str:name>/withdraw", withdraw, name="opinion-withdraw"),
    path("opinions/<str:name>/hide", hide, name="opinion-hide"),
    path("opinions/<str:name>/show", show, name="opinion-show"),
]
