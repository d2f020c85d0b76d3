# SPDX-License-Identifier: Apache-2.0
"""Photographs that records of every audience have."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests.doors.web.conftest import client, person, signed_in, write
from tests.files.conftest import picture

__all__ = ["client", "person", "picture", "signed_in", "write"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    for name in ("default", "shared"):
        caches[name].clear()


@pytest.fixture
def photo(write: Callable[..., str], picture: Callable[..., bytes]) -> Callable[..., str]:
    """Write a record with a photograph and return the digest: `photo(640, 480, audience="node")`."""

    def make(width: int = 640, height: int = 480, **more: Any) -> str:
        from ortaq.files.store import keep

        kept = keep(io.BytesIO(picture(".png", width, height)), "a.png")
        file = {"digest": kept.digest, "name": "ön fasad.png", "media_type": kept.media_type, "bytes": kept.bytes}
        write("material", {"title": {"az": "Foto"}, "files": [file]}, **more)
        return kept.digest

    return make


@pytest.fixture
def stranger(client: Client) -> Client:
    return client
