# SPDX-License-Identifier: Apache-2.0
"""What went wrong, as RFC 9457 problem details: every error of the API has this one shape."""

from collections.abc import Callable
from functools import wraps

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from ortaq.core.errors import OrtaqError

View = Callable[[HttpRequest], HttpResponse]


def problem(error: OrtaqError) -> HttpResponse:
    """Return the answer for *error*: its stable code, a sentence in the reader's language, the facts."""
    detail = gettext(error.say) % error.facts
    facts = {name: str(value) for name, value in error.facts.items()}
    body = {"type": f"urn:ortaq:problem:{error.code}", "title": error.code, "status": error.status, "detail": detail}
    content = orjson.dumps({**body, "code": error.code, "facts": facts})
    return HttpResponse(content, status=error.status, content_type="application/problem+json")


def answers_problems(view: View) -> View:
    """Return *view* so that what it refuses becomes problem details."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except OrtaqError as error:
            return problem(error)

    return answered
