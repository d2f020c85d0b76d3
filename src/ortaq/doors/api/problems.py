# SPDX-License-Identifier: Apache-2.0
"""What went wrong, as RFC 9457 problem details: every error of the API has this one shape."""

from collections.abc import Iterable
from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext

from ortaq.core.errors import OrtaqError, Refused
from ortaq.doors.api.errors import BodyMisshapen

MEDIA_TYPE: Final = "application/problem+json"
MOST_PROBLEMS: Final = 50


def problem(error: OrtaqError, *, body_at: str = "") -> HttpResponse:
    """Return the answer for *error*: its stable code, a sentence in the reader's language, the facts, the fields at fault.

    body_at: JSON pointer to the record's body within the request
    """
    document = {
        "type": f"urn:ortaq:problem:{error.code}",
        "title": error.code,
        "status": error.status,
        "detail": gettext(error.say) % error.facts,
        "code": error.code,
        "facts": {name: str(value) for name, value in error.facts.items()},
    }
    if problems := list(_problems(error, body_at)):
        document["problems"] = problems
    # A lone surrogate cannot travel as UTF-8; what was sent is shown as far as it can be.
    text = orjson.dumps(_printable(document))
    return HttpResponse(text, status=error.status, content_type=MEDIA_TYPE)


def _problems(error: OrtaqError, body_at: str) -> Iterable[dict[str, str]]:
    """One entry for each place in the request's body that is at fault."""
    at = "" if isinstance(error, BodyMisshapen) else body_at
    for one in error.found[:MOST_PROBLEMS] if isinstance(error, Refused) else ():
        yield {"pointer": at + pointer(one.path), "code": one.code, "message": gettext(one.say) % one.facts}
    if error.code.startswith("audience."):
        yield {"pointer": "/audience", "code": error.code, "message": gettext(error.say) % error.facts}
    if error.code == "record.missing-target":
        where = f"{body_at}/{error.facts['field']}"
        yield {"pointer": where, "code": error.code, "message": gettext(error.say) % error.facts}


def pointer(path: Iterable[str | int]) -> str:
    """Return the RFC 6901 pointer to *path*."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list) else value
