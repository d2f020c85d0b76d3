# SPDX-License-Identifier: Apache-2.0
"""One world for all tests of a module in one process: it takes seconds to make, and no test leaves anything changed in it."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

if TYPE_CHECKING:
    from tests.leaks.thing import World


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of this world."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", tmp_path_factory.mktemp("world") / "node")
        yield settings.HOME


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """Tens of thousands of answers say that nothing is there; each would be logged."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(before)


@pytest.fixture(scope="module", autouse=True)
def _unbounded() -> Iterator[None]:
    """Whoever has asked too often is told nothing, and nothing is proved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "API_RATE", 0)
        patch.setattr(settings, "API_STRANGER_RATE", 0)
        yield


@pytest.fixture(scope="module")
def node(home: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The identity of a node that is taken back when the last test of a module has run."""
    from ortaq.nodes.identity import create_node

    with django_db_blocker.unblock(), transaction.atomic():
        yield create_node("Test node")
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared(node: Any) -> "World":
    from tests.leaks.world import build

    cache.clear()
    return build(node)


@pytest.fixture
def world(shared: "World", db: None) -> "World":
    """The world; whatever a test does to its database is taken back."""
    cache.clear()
    return shared
