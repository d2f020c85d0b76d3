# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI 3.1 document: it follows from the operations and the kinds, so it cannot say what is not so."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpResponse

from ortaq.core.errors import OrtaqError
from ortaq.core.kind import Kinds
from ortaq.doors.api import changes, errors, files, institutions, kinds, merging, opinions, records, search
from ortaq.doors.api.caller import WRITE
from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.doors.api.problems import MEDIA_TYPE
from ortaq.doors.api.schemas import ref, schemas_of
from ortaq.people.errors import TokenExpired, TokenUnknown
from ortaq.records.registry import KINDS


def read_document(call: Call) -> HttpResponse:
    return answer(document(KINDS))


READ_DOCUMENT: Final = Operation(
    "GET", "/openapi.json", "readDocument", "kinds", "Read this document", read_document,
    {200: Answer("The OpenAPI document of the API.", "JsonSchema")},
)  # fmt: skip
OPERATIONS: Final = (
    *search.OPERATIONS,
    *records.OPERATIONS,
    *merging.OPERATIONS,
    *opinions.OPERATIONS,
    *changes.OPERATIONS,
    *kinds.OPERATIONS,
    *files.OPERATIONS,
    *institutions.OPERATIONS,
    READ_DOCUMENT,
)
VERSION: Final = "1"
_ABOUT: Final = """\
Everything that the pages of a node show and do, for programs. Whoever may see something on the pages may see it here, and nobody else.

**Who you are.** `Authorization: Bearer ortaq_…` with a token that you make under your account; its scopes are `read`, `write` and `files`.
Without one you are a stranger and read what is public. The session cookie of the pages serves too; writing with it needs `X-CSRFToken`.

**Errors** are RFC 9457 problem details, each with a stable `code`. What you may not see is answered as if it were not there.

**Paging** goes by the last thing seen: take `after` from an answer, nothing is skipped or repeated when records come in between.

**HEAD** is answered wherever GET is.
"""
_TAGS: Final = {
    "search": "Find records, in any language and script.",
    "records": "Records of every kind: list, make, read, revise, withdraw, merge, and their signed history.",
    "opinions": "What people say about records.",
    "changes": "The log of the node.",
    "kinds": "What a record of each kind may say.",
    "files": "The files of materials.",
    "people": "Institutions, and who you are.",
}
# What may stand in the way of every operation, of those that take parameters, of those that write, of those with a body.
_ALWAYS: Final = (
    errors.RequestMalformed,
    errors.TokenRefused,
    TokenUnknown,
    TokenExpired,
    errors.ScopeMissing,
    errors.FormNotOffered,
    errors.TooManyAsks,
    errors.Unavailable,
)
_WITH_QUERY: Final = (errors.UnknownParameter, errors.BadParameter)
_FOR_PEOPLE: Final = (errors.CredentialsMissing,)
_WRITING: Final = (errors.ForgeryRefused,)
_WITH_BODY: Final = (
    errors.BodyMalformed,
    errors.LengthMissing,
    errors.BodyTooLarge,
    errors.BodyNotJson,
    errors.BodyMisshapen,
)
_ON_VERSION: Final = (errors.VersionNotNamed, errors.VersionStale)
_HEADERS: Final = {
    "RateLimit": ("What is left: `\"actor\";r=599;t=1`, r requests now, all of them in t seconds.", {"type": "string"}),
    "RateLimit-Policy": ("What is allowed: `\"actor\";q=600;w=60`, q requests in w seconds.", {"type": "string"}),
    "Retry-After": ("Seconds to wait.", {"type": "integer", "minimum": 0}),
    "ETag": ("Version and digest of the record, for If-Match and If-None-Match.", {"type": "string", "pattern": '^"[^"]+"$'}),
    "Location": ("Where the new record is.", {"type": "string"}),
    "WWW-Authenticate": ("How to say who you are.", {"type": "string"}),
    "Allow": ("The methods that are answered there.", {"type": "string"}),
}  # fmt: skip
_LIMITS: Final = ("RateLimit", "RateLimit-Policy")
_ALWAYS_SENT: Final = {401: ("WWW-Authenticate",), 412: ("ETag",), 429: ("Retry-After",), 503: ("Retry-After",)}


def document(kinds_known: Kinds, *, title: str = "Ortaq") -> dict[str, Any]:
    """Return the OpenAPI document of a node that knows *kinds_known*."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(f"/api{one.path}", {})[one.method.lower()] = _operation(one)  # ascii: HTTP method
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": title,
            "version": VERSION,
            "description": re.sub(r"(?<!\n)\n(?!\n)", " ", _ABOUT).strip(),
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": about} for name, about in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas_of(kinds_known),
            "headers": {name: {"description": about, "schema": schema} for name, (about, schema) in _HEADERS.items()},
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


_SECURITY_SCHEMES: Final = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "ortaq_…", "description": "A personal token."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of the pages. To write, send the value of the cookie `csrftoken` as `X-CSRFToken` too.",
    },
}


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {"operationId": one.name, "tags": [one.tag], "summary": one.summary}
    if one.about:
        found["description"] = one.about
    if parameters := _parameters(one):
        found["parameters"] = parameters
    if one.body:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(one.body)}}}
    found["responses"] = _responses(one)
    known: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
    found["security"] = known if one.needs_person else [*known, {}]
    if one.scope == WRITE:
        found["x-scope"] = one.scope
    return found


def _parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        *(_PATH[name] for name in re.findall(r"\{(\w+)\}", one.path)),
        *(parameter.in_document() for parameter in one.parameters),
        *([_IF_MATCH] if one.needs_version else []),
        *([_IF_NONE_MATCH] if 304 in one.answers else []),
    ]


def _in_path(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}


_PATH: Final = {
    "id": _in_path("id", "NODE:RECORD, the URI without `urn:ortaq:`.", {"type": "string", "pattern": "^[a-z2-7]{26}:[a-z2-7]{16}$"}),
    "kind": _in_path("kind", "Name of the kind.", ref("KindName")),
    "digest": _in_path("digest", "Digest of the file.", {"type": "string", "pattern": "^uEi[A-Za-z0-9_-]{44}$"}),
}  # fmt: skip
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the version that you have read.",
    "schema": {"type": "string", "minLength": 1},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "ETag of the version that you have.",
    "schema": {"type": "string"},
}


def _responses(one: Operation) -> dict[str, Any]:
    found = {str(status): _response(one, given) for status, given in one.answers.items()}
    by_status: dict[int, list[type[OrtaqError]]] = {}
    for error in dict.fromkeys(_refusals(one)):
        by_status.setdefault(error.status, []).append(error)
    for status, refused in sorted(by_status.items()):
        found[str(status)] = _problem_response(status, refused)
    return found


def _refusals(one: Operation) -> Iterable[type[OrtaqError]]:
    yield from _ALWAYS
    yield from _WITH_QUERY
    yield from _FOR_PEOPLE if one.needs_person else ()
    yield from _WRITING if one.writes else ()
    yield from _WITH_BODY if one.body else ()
    yield from _ON_VERSION if one.needs_version else ()
    yield from one.refuses


def _response(one: Operation, given: Answer) -> dict[str, Any]:
    headers: dict[str, Any] = {name: _header(name) for name in _LIMITS}
    headers |= {name: {**_header(name), "required": True} for name in given.headers}
    response: dict[str, Any] = {"description": given.about, "headers": headers}
    if given.schema:
        response["content"] = {given.media_type: {"schema": ref(given.schema)}}
    if one.onward and given is next(iter(one.answers.values())):
        response["links"] = {
            name: {"operationId": onward.operation, "parameters": dict(onward.parameters)}
            for name, onward in one.onward.items()
        }
    return response


def _header(name: str) -> dict[str, Any]:
    about, schema = _HEADERS[name]
    return {"description": about, "schema": schema}


def _problem_response(status: int, refused: list[type[OrtaqError]]) -> dict[str, Any]:
    codes = ", ".join(f"`{error.code}`" for error in refused)
    headers = {name: _header(name) for name in _LIMITS}
    headers |= {name: {**_header(name), "required": True} for name in _ALWAYS_SENT.get(status, ())}
    return {"description": codes, "headers": headers, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
