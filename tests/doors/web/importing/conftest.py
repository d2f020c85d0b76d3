# SPDX-License-Identifier: Apache-2.0
"""Two institutions, and a steward of each."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import institution, join


def reader(person: Any) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def houses(node: Any) -> tuple[Any, Any]:
    return institution("Muzey A"), institution("Arxiv B")


@pytest.fixture
def steward(houses: tuple[Any, Any]) -> Client:
    return reader(join("steward", of=houses[0], role="steward"))


@pytest.fixture
def other(houses: tuple[Any, Any]) -> Client:
    return reader(join("other", of=houses[1], role="steward"))
