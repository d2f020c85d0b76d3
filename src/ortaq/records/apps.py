# SPDX-License-Identifier: Apache-2.0
import functools
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RecordsConfig(AppConfig):
    name = "ortaq.records"
    label = "records"

    def ready(self) -> None:
        connection_created.connect(_read_bytes_that_are_no_text)


def _read_bytes_that_are_no_text(connection: Any, **_more: Any) -> None:
    """Let a damaged byte in SQLite reach verification, which names its change, instead of failing the whole query."""
    if connection.vendor == "sqlite":
        connection.connection.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
