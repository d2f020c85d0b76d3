# SPDX-License-Identifier: Apache-2.0
"""The words of the partner pages: how it stands, what was refused and why, what was done and whether the other side knows."""

import functools
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed import objecting, status
from ortaq.doors.feed.deciding import Decided
from ortaq.doors.web.accounts.forms import sentence
from ortaq.doors.web.origins import name_of_node
from ortaq.nodes.models import Objection, Partner

STATES: Final = {
    status.EXCHANGES: gettext_lazy("Exchanges"),
    status.ASKS: gettext_lazy("Asks to exchange with us"),
    status.ASKED: gettext_lazy("Waits for their answer"),
    status.PAUSED: gettext_lazy("Paused by us"),
    status.PAUSED_BY_THEM: gettext_lazy("Paused by them"),
    status.UNREACHABLE: gettext_lazy("Not reachable"),
    status.STOPPED: gettext_lazy("Stands still"),
    status.FORK: gettext_lazy("Has signed two histories"),
    status.ENDED: gettext_lazy("Ended"),
}
TRUST: Final = {
    Partner.PUBLIC: gettext_lazy("What everyone may see"),
    Partner.PARTNER: gettext_lazy("Also what is for partners, or names them"),
}
FILES: Final = {
    Partner.ALL: gettext_lazy("All of them"),
    Partner.UP_TO: gettext_lazy("Those up to a size"),
    Partner.THUMBNAILS: gettext_lazy(
        "Of pictures a small one, to look at; the files themselves when somebody asks for them"
    ),
    Partner.ON_DEMAND: gettext_lazy("None by itself, each when somebody asks for it"),
}


def files_said(partner: Partner) -> str:
    if partner.files == Partner.UP_TO:
        return _("Those up to %(size)s MB") % {"size": partner.files_bytes // 1_000_000}
    return str(FILES[partner.files])


def said_of(error: Mapping[str, Any]) -> str:
    """Return what a kept error says, in the reader's language; in the words that came with it where its code is not ours."""
    return _said_by_us(error) or str(error.get("message", ""))


def objection_said(row: Objection) -> tuple[str, str]:
    """Return what a partner objects, and the tag of the language it is in; empty: the reader's."""
    error = objecting.error_of(row)
    ours = _said_by_us(error)
    return (ours, "") if ours else (str(error["message"]), "en")


def _said_by_us(error: Mapping[str, Any]) -> str:
    """Return the sentence of our own for the error's code, filled with its values; empty where one of them is missing."""
    known = _by_code().get(str(error.get("code", "")))
    try:
        return sentence_with(known, _with_names(error["facts"])) if known else ""
    except (KeyError, TypeError, ValueError):
        return ""


def _with_names(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return *facts* with the name of a node that is known here in the place of its id."""
    found = name_of_node(str(facts.get("node", "")))
    return {**facts, "node": found.text} if found else dict(facts)


def sentence_with(known: type[OrtaqError], facts: Mapping[str, Any]) -> str:
    return str(_(known.say) % facts)


@functools.cache
def _by_code() -> dict[str, type[OrtaqError]]:
    waiting, found = [OrtaqError], {}
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        found[one.code] = one
    return found


def tell(request: HttpRequest, decided: Decided, done: str) -> None:
    """Say on the next page what was done, and if the other side could not be told, that and why."""
    if decided.unsaid is None:
        messages.success(request, done)
        return
    messages.warning(
        request,
        _("%(done)s But the other node could not be told: %(reason)s")
        % {"done": done, "reason": sentence(decided.unsaid)},
    )
