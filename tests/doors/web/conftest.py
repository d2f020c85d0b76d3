# SPDX-License-Identifier: Apache-2.0
"""A node whose pages are asked in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests.factories import join

PASSWORD = "qırx üç qala"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    for name in ("default", "shared"):
        caches[name].clear()


@pytest.fixture
def write(node: Any) -> Callable[..., str]:
    """Write a record and return its URI: `write("place", {"title": {"az": "Şəki"}}, audience="node")`."""

    def write_record(kind: str, body: dict[str, Any] | None, *, by: str = "", **more: Any) -> str:
        from ortaq.records.door import Draft, write_change

        uri = write_change(Draft(kind, body, **more), by=by or node.uri).uri
        assert uri is not None
        return uri

    return write_record


@pytest.fixture
def person(node: Any) -> Any:
    return join("leyla", "Leyla Əliyeva", password=PASSWORD)


@pytest.fixture
def client(db: None) -> Client:
    """A stranger who reads English."""
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def signed_in(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def indexed(node: Any) -> Callable[[], None]:
    """Bring the index up to what was written."""

    def catch_up() -> None:
        from ortaq.search.index import Follower

        with Follower() as follower:
            follower.catch_up()

    return catch_up
