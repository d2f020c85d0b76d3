# SPDX-License-Identifier: Apache-2.0
"""A node with people who follow, answer and mention; short ways to say what each of them is told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import actor_of


@pytest.fixture
def write(node: Any) -> Callable[..., str]:
    """Write a record and return its URI; by: a person, or the node."""

    def write_record(kind: str, body: dict[str, Any] | None, *, by: Any = None, **more: Any) -> str:
        from ortaq.records.door import Draft, write_change

        uri = write_change(Draft(kind, body, **more), by=actor_of(by) if by else node.uri).uri
        assert uri is not None
        return uri

    return write_record


@pytest.fixture
def told(node: Any) -> Callable[[Any], list[tuple[str, str]]]:
    """Bring the notices up to the log and return what a person is told now, oldest first: (code, sort)."""

    def ask(person: Any) -> list[tuple[str, str]]:
        from ortaq.notices.following import catch_up
        from ortaq.notices.queries import notices_for
        from ortaq.people.queries import viewer_of_person

        catch_up()
        found = notices_for(person, viewer_of_person(person)).order_by("id")
        return [(one.code, one.sort) for one in found]

    return ask
