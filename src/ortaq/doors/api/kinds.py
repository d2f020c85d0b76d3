# SPDX-License-Identifier: Apache-2.0
"""/api/kinds: what a record of each kind may say."""

from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.kind import Kind
from ortaq.doors.api.operations import SCHEMA_JSON, Answer, Call, Onward, Operation, answer
from ortaq.records.registry import KINDS

_HERE: Final = "/api/kinds/"


class KindAbsent(OrtaqError):
    code, status = "api.kind-absent", 404
    say = N_("There is no kind '%(kind)s'; known are: %(known)s. Correct the address.")


def list_kinds(call: Call) -> HttpResponse:
    return answer({"kinds": [_kind_json(kind) for kind in KINDS]})


def read_kind(call: Call) -> HttpResponse:
    return answer(_kind_json(_named(call)))


def read_schema(call: Call) -> HttpResponse:
    return answer(_named(call).json_schema(), media_type=SCHEMA_JSON)


def _named(call: Call) -> Kind:
    name = call.path["kind"]
    if name not in KINDS:
        raise KindAbsent(kind=name[:60], known=", ".join(kind.name for kind in KINDS))
    return KINDS[name]


def _kind_json(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": gettext(kind.label),
        "plural": gettext(kind.plural),
        "is_personal": kind.is_personal,
        "bounded_by": list(kind.bounded_by),
        "fields": [
            {
                "name": spec.name,
                "label": gettext(spec.label),
                "role": spec.role.value,
                "is_many": spec.is_many,
                "is_required": spec.is_required or (kind.needs_title and spec.name == "title"),
            }
            for spec in kind.fields
        ],
        "addresses": {"self": f"{_HERE}{kind.name}", "schema": f"{_HERE}{kind.name}/schema"},
    }


OPERATIONS = (
    Operation(
        "GET", "/kinds", "listKinds", "kinds", "List the kinds", list_kinds,
        {200: Answer("Every kind with its fields, called as the language of the request calls them.", "Kinds")},
        onward={"read": Onward("readKind", {"kind": "$response.body#/kinds/0/name"})},
    ),
    Operation(
        "GET", "/kinds/{kind}", "readKind", "kinds", "Read a kind", read_kind,
        {200: Answer("The kind with its fields.", "Kind")}, refuses=(KindAbsent,),
        onward={"schema": Onward("readKindSchema", {"kind": "$response.body#/name"})},
    ),
    Operation(
        "GET", "/kinds/{kind}/schema", "readKindSchema", "kinds", "Read the JSON Schema of a kind", read_schema,
        {200: Answer("The schema of its bodies, JSON Schema 2020-12.", "JsonSchema", media_type=SCHEMA_JSON)},
        refuses=(KindAbsent,),
    ),
)  # fmt: skip
