# SPDX-License-Identifier: Apache-2.0
"""What the API offers: one declaration an operation, from which both the answer and the OpenAPI document follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError
from ortaq.doors.api.caller import READ, Caller
from ortaq.doors.api.parameters import Parameter

JSON: Final = "application/json"
SCHEMA_JSON: Final = "application/schema+json"


@dataclass(slots=True)
class Call:
    """One request, read: path and query by name, body as parsed JSON."""

    request: HttpRequest
    caller: Caller
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def viewer(self) -> Viewer:
        return self.caller.viewer


@dataclass(frozen=True)
class Answer:
    """about: what it means; schema: name of its schema, None for an answer without content; headers that it always has."""

    about: str
    schema: str | None = None
    headers: tuple[str, ...] = ()
    media_type: str = JSON


@dataclass(frozen=True)
class Onward:
    """An operation that goes on from an answer; parameters of its path: name → runtime expression of OpenAPI."""

    operation: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """name: operationId; path: as in OpenAPI, below /api; body: name of the schema of the request's body;
    needs_version: If-Match must name the version that was read; refuses: what may stand in the way beside what always may.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    run: Callable[[Call], HttpResponse]
    answers: Mapping[int, Answer]
    about: str = ""
    scope: str = READ
    needs_person: bool = False
    parameters: tuple[Parameter, ...] = ()
    body: str | None = None
    body_at: str = "/body"
    needs_version: bool = False
    refuses: tuple[type[OrtaqError], ...] = ()
    onward: Mapping[str, Onward] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def media_type(self) -> str:
        """The form in which it answers."""
        return next(iter(self.answers.values())).media_type


def answer(document: Any, status: int = 200, *, media_type: str = JSON, **headers: str) -> HttpResponse:
    """Return *document* as JSON; headers are named with _ for -."""
    response = HttpResponse(orjson.dumps(document), status=status, content_type=media_type)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def moved(address: str) -> HttpResponse:
    """The old address leads to *address*; not for ever, since a merge can be taken back."""
    response = HttpResponse(status=301, headers={"Location": address, "Cache-Control": "no-store"})
    del response["Content-Type"]
    return response


def no_content() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response
