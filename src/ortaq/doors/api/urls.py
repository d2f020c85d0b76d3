# SPDX-License-Identifier: Apache-2.0
"""Addresses of the API: one for each path of the operations, the document, its page, and a problem for everything else."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, path, re_path

from ortaq.doors.api.document import OPERATIONS
from ortaq.doors.api.gate import nothing_here, view_of
from ortaq.doors.api.operations import Operation
from ortaq.doors.api.reading import READ_DOCS


def addresses(operations: Iterable[Operation]) -> list[URLPattern]:
    by_path: dict[str, dict[str, Operation]] = {}
    for one in operations:
        by_path.setdefault(one.path, {})[one.method] = one
    return [
        path(where.lstrip("/").replace("{", "<str:").replace("}", ">"), view_of(found), name=_name(found))
        for where, found in by_path.items()
    ]


def _name(operations: dict[str, Operation]) -> str:
    return next(iter(operations.values())).name


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    *addresses((READ_DOCS, *OPERATIONS)),
    re_path("", nothing_here, name="nothing"),
]
