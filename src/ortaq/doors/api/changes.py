# SPDX-License-Identifier: Apache-2.0
"""GET /api/changes: the log of this node, as far as one may see it."""

from django.http import HttpResponse

from ortaq.doors.api import parameters as p
from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.doors.api.representations import changes_json
from ortaq.records.feed import changes_for


def list_changes(call: Call) -> HttpResponse:
    return answer(changes_json(changes_for(call.viewer, after=call.query["after"], limit=call.query["limit"])))


OPERATIONS = (
    Operation(
        "GET", "/changes", "listChanges", "changes", "Follow the log", list_changes,
        {200: Answer("A page of changes, in the order of the log.", "Changes")},
        "The changes that you may see, each with its signed header. Keep `after` and ask again with it: at the end of the log (`is_end`) "
        "later, before it at once. A page may be short or empty before the end, where much is not for you.",
        parameters=(p.after("Only changes after this position."), p.limit(100, 100)),
    ),
)  # fmt: skip
