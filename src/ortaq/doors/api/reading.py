# SPDX-License-Identifier: Apache-2.0
"""The page for people at /api/: the OpenAPI document as one reads it, drawn here and without another host."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ortaq.doors.api.bodies import MAX_REQUEST_BYTES
from ortaq.doors.api.document import document, read_document
from ortaq.doors.api.operations import Answer, Call, Operation
from ortaq.records.registry import KINDS

_SCHEMAS: Final = "#/components/schemas/"
Node = dict[str, Any]


def read_docs(call: Call) -> HttpResponse:
    """The page for who accepts HTML, the document itself for programs."""
    if not call.request.accepts("text/html"):
        return read_document(call)
    return _page(call.request)


def _page(request: HttpRequest) -> HttpResponse:
    found = document(KINDS)
    context = {
        "sections": list(_sections(found)),
        "about": found["info"]["description"],
        "kinds": list(KINDS),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "most_bytes": MAX_REQUEST_BYTES,
    }
    return render(request, "api/docs.html", context)


def _sections(found: Node) -> Iterator[Node]:
    for tag in found["tags"]:
        operations = [
            _operation(path, method, one)
            for path, methods in found["paths"].items()
            for method, one in methods.items()
            if tag["name"] in one["tags"]
        ]
        yield {"name": tag["name"], "about": tag["description"], "operations": operations}


def _operation(path: str, method: str, one: Node) -> Node:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": one["operationId"],
        "method": method.upper(),  # ascii: HTTP method
        "style": f"api-{method}",
        "path": path,
        "summary": one["summary"],
        "about": one.get("description", ""),
        "needs_person": {} not in one["security"],
        "parameters": [_parameter(parameter) for parameter in one.get("parameters", ())],
        "body": _type(body) if body else "",
        "answers": [_answer(status, given) for status, given in one["responses"].items()],
    }


def _parameter(one: Node) -> Node:
    return {
        "name": one["name"],
        "where": one["in"],
        "about": one["description"],
        "type": _type(one["schema"]),
        "is_required": one.get("required", False),
        "default": one["schema"].get("default", ""),
    }


def _answer(status: str, given: Node) -> Node:
    schemas = [_type(content["schema"]) for content in given.get("content", {}).values()]
    return {"status": status, "about": given["description"], "schema": schemas[0] if schemas else ""}


def _type(schema: Node) -> str:
    """A schema in a few words: its name, or what sort of value it is."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_SCHEMAS)
    if "anyOf" in schema:
        return _type(schema["anyOf"][0])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])} …"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    bounds = f" {schema['minimum']}–{schema['maximum']}" if "maximum" in schema else ""
    return f"{schema.get('type', 'string')}{bounds}"


READ_DOCS: Final = Operation(
    "GET", "/", "readDocs", "kinds", "Read how the API is used", read_docs,
    {200: Answer("The page for people.", media_type="text/html")},
)  # fmt: skip
