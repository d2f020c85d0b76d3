# SPDX-License-Identifier: Apache-2.0
"""The body of a request: bounded before it is read, JSON, of the shape that the operation declares."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from ortaq.core.problems import Problem, joined, missing
from ortaq.doors.api.errors import BodyMalformed, BodyMisshapen, BodyNotJson, BodyTooLarge, LengthMissing
from ortaq.records.door import MAX_BODY_BYTES

MAX_REQUEST_BYTES: Final = MAX_BODY_BYTES + 64 * 1024  # the body of a record and what stands around it
DEEPEST: Final = 40


def check_form(request: HttpRequest) -> None:
    """Raise unless the headers announce JSON of a size that is read. Raises BodyNotJson, LengthMissing, BodyTooLarge."""
    given = request.META.get("CONTENT_TYPE", "")
    name, _, rest = given.partition(";")
    charset = rest.strip().replace('"', "")
    if name.strip().lower() != "application/json" or charset.lower() not in ("", "charset=utf-8"):  # ascii: media type
        raise BodyNotJson(given=given[:100])
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise LengthMissing
    if len(length) > 15 or int(length) > MAX_REQUEST_BYTES:
        raise BodyTooLarge(bytes=length[:30], limit=MAX_REQUEST_BYTES)


def read_body(request: HttpRequest) -> Any:
    """Return the JSON of the request; raises BodyMalformed."""
    try:
        found = orjson.loads(request.read(MAX_REQUEST_BYTES + 1))
    except orjson.JSONDecodeError as error:
        raise BodyMalformed(reason=str(error)) from error
    except UnreadablePostError as error:
        raise BodyMalformed(reason="it ended too early") from error
    if _is_deeper(found, DEEPEST):
        raise BodyMalformed(reason=f"its parts lie deeper in each other than {DEEPEST} steps")
    return found


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _depth in range(most):
        level = [part for one in level for part in _parts(one) if isinstance(part, list | dict)]
        if not level:
            return False
    return True


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def check_members(body: Any, required: Mapping[str, type], optional: Mapping[str, type]) -> dict[str, Any]:
    """Return *body* if it is an object with just these members, each of its type; raises BodyMisshapen naming every fault."""
    if not isinstance(body, dict):
        raise _misshapen([Problem((), "field.shape", {"reason": "a JSON object is wanted"})])
    known = {**required, **optional}
    found = [Problem((name[:100],), "field.unknown") for name in body if name not in known]
    found += [missing(name) for name in required if name not in body]
    found += [
        Problem((name,), "field.shape", {"reason": f"it is {_JSON_TYPES[wanted]}"})
        for name, wanted in known.items()
        if name in body and not isinstance(body[name], wanted)
    ]
    if found:
        raise _misshapen(found)
    return body


_JSON_TYPES: dict[type, str] = {str: "text", dict: "an object"}


def _misshapen(found: list[Problem]) -> BodyMisshapen:
    return BodyMisshapen(problems=joined(found), found=found)
