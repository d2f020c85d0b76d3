# SPDX-License-Identifier: Apache-2.0
import re
from typing import Any

from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from ortaq.doors.api.document import OPERATIONS, document
from ortaq.records.registry import KINDS
from tests.doors.api.conftest import Asked
from tests.test_kinds import sample


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_document_is_served_as_it_is_checked_in(stranger: Asked, document: dict[str, Any]) -> None:
    assert stranger("GET", "/api/openapi.json").json() == document


def test_every_address_of_the_api_is_in_the_document(document: dict[str, Any]) -> None:
    patterns = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/").url_patterns
    routed = {"/api/" + re.sub(r"<str:(\w+)>", r"{\1}", str(one.pattern)) for one in patterns}
    assert routed - {"/api/"} == set(document["paths"])


def test_operations_have_their_own_names() -> None:
    names = [one.name for one in OPERATIONS]
    assert sorted(names) == sorted(set(names))
    for one in OPERATIONS:
        assert {onward.operation for onward in one.onward.values()} <= set(names)


def test_new_kind_is_in_the_document_at_once(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]["KindName"]["enum"]
    assert names == [kind.name for kind in KINDS]
    assert len(document["components"]["schemas"]["RecordToWrite"]["oneOf"]) == len(names)


def test_schema_of_what_is_written_accepts_a_record_of_each_kind(stranger: Asked) -> None:
    for kind in KINDS:
        body = {name: value for name, value in sample(kind).items() if name != "kind"}
        stranger.validate(
            {"$ref": "#/components/schemas/RecordToWrite"}, {"kind": kind.name, "audience": "public", "body": body}
        )


def test_page_for_people_needs_no_other_host_and_no_script_of_its_own(client: Client, node: Any) -> None:
    page = client.get("/api/")
    text = page.content.decode()
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    for one in OPERATIONS:
        assert f'id="{one.name}"' in text and one.summary in text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "unsafe" not in page["Content-Security-Policy"]


def test_programs_get_the_document_where_people_get_the_page(client: Client, node: Any) -> None:
    answer = client.get("/api/", headers={"Accept": "application/json"})
    assert answer.json() == document(KINDS)
