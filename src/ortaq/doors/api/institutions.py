# SPDX-License-Identifier: Apache-2.0
"""/api/institutions and /api/me: who writes at this node, and who is asking."""

from typing import Any

import orjson
from django.http import HttpResponse

from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.people.models import Institution
from ortaq.people.queries import institutions, names_of


def list_institutions(call: Call) -> HttpResponse:
    return answer({"institutions": [_institution_json(one) for one in institutions()]})


def read_me(call: Call) -> HttpResponse:
    viewer = call.viewer
    known = {one.id: one for one in institutions()}
    names = names_of(viewer.actors)
    document = {
        "actor": viewer.actor,
        "name": names.get(viewer.actor or "") or next(iter(names.values()), None),
        "is_keeper": viewer.is_keeper,
        "standings": [
            {
                "actor": one.actor,
                "role": one.role,
                "is_acting": one.actor == viewer.actor,
                "institution": _institution_json(known[one.institution]),
            }
            for one in viewer.standings
            if one.institution in known
        ],
        "scopes": sorted(call.caller.scopes),
        "has_token": call.caller.has_token,
    }
    return answer(document)


def _institution_json(one: Institution) -> dict[str, Any]:
    name = one.name if isinstance(one.name, dict) else orjson.loads(one.name)
    return {
        "id": one.id,
        "name": name,
        "country": one.country or None,
        "homepage": one.homepage or None,
        "agent": one.agent or None,
    }


OPERATIONS = (
    Operation(
        "GET", "/institutions", "listInstitutions", "people", "List the institutions of this node", list_institutions,
        {200: Answer("The institutions whose people write here.", "Institutions")},
    ),
    Operation(
        "GET", "/me", "readMe", "people", "Ask who you are", read_me,
        {200: Answer("The person, where they stand, and what the token allows.", "Me")}, needs_person=True,
    ),
)  # fmt: skip
