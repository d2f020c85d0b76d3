# SPDX-License-Identifier: Apache-2.0
"""The tables are what the models say, on the engine of this run."""

import os

from django.core.management import call_command
from django.db import connection


def test_every_model_change_has_its_migration(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_this_run_uses_the_engine_it_was_told_to_use(db: None) -> None:
    assert connection.vendor == os.environ.get("ORTAQ_TEST_DATABASE", "sqlite")
