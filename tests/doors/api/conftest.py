# SPDX-License-Identifier: Apache-2.0
"""A node whose API is asked in this process, and what it answers held against its own OpenAPI document."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
import pytest
from django.core.cache import caches
from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.factories import join

HERE: Final = "urn:openapi"


class Asked:
    """Somebody who asks the API. Every answer is checked against the document: status, type, headers, schema."""

    def __init__(self, client: Client, document: dict[str, Any]) -> None:
        self.client = client
        self.document = document

    def __call__(self, method: str, address: str, body: Any = None, **more: Any) -> Any:
        headers = more.pop("headers", {})
        if body is not None:
            more |= {"data": body if isinstance(body, bytes | str) else orjson.dumps(body)}
            more.setdefault("content_type", "application/json")
        response = self.client.generic(method, address, more.pop("data", ""), headers=headers, **more)
        self.check(method, address.partition("?")[0], response)
        return response

    def check(self, method: str, path: str, response: Any) -> None:
        operation = self.operation(method, path)
        if operation is None:
            assert response["Content-Type"] == "application/problem+json"
            return
        known = operation["responses"]
        assert str(response.status_code) in known, (response.status_code, response.content)
        declared = known[str(response.status_code)]
        for name, header in declared["headers"].items():
            assert not header.get("required") or name in response, name
        content = declared.get("content")
        assert bool(content) == bool(response.content)
        if content:
            [(media_type, form)] = content.items()
            assert response["Content-Type"] == media_type
            self.validate(form["schema"], orjson.loads(response.content))

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        for template, methods in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and template.count("{") <= path.count(":") + 2:
                return methods.get(method.casefold())  # type: ignore[no-any-return]
        return None

    def validate(self, schema: dict[str, Any], document: Any) -> None:
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        whole = {"$ref": HERE + schema["$ref"]} if "$ref" in schema else schema
        Draft202012Validator(whole, registry=Registry().with_resource(HERE, resource)).validate(document)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    for name in ("default", "shared"):
        caches[name].clear()


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    from ortaq.doors.api.document import document
    from ortaq.records.registry import KINDS

    return document(KINDS)


@pytest.fixture
def stranger(node: Any, document: dict[str, Any]) -> Asked:
    return Asked(Client(headers={"Accept-Language": "en"}), document)


@pytest.fixture
def asked_as(node: Any, document: dict[str, Any]) -> Callable[..., Asked]:
    """Somebody with a session: `asked_as("aysel", role="editor")`."""

    def sign_in(login: str, **more: Any) -> Asked:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(join(login, **more))
        return Asked(client, document)

    return sign_in


@pytest.fixture
def steward(asked_as: Callable[..., Asked]) -> Asked:
    """Somebody who may make, revise and withdraw the records of the first institution."""
    return asked_as("samir", role="steward")


def to_write(title: str = "Qala", kind: str = "place", audience: str = "public", **body: Any) -> dict[str, Any]:
    return {"kind": kind, "audience": audience, "body": {"title": {"az": title}, **body}}
