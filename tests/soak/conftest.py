# SPDX-License-Identifier: Apache-2.0
"""Long tests with real processes. Each prints its seed; ORTAQ_SOAK_SEED=… repeats a run, ORTAQ_SOAK_ROUNDS=… shortens it."""

import os
import random

import pytest

from tests.serving import serve

__all__ = ["serve"]


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("ORTAQ_SOAK_SEED") or random.randrange(10**6))
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def rounds() -> int:
    return int(os.environ.get("ORTAQ_SOAK_ROUNDS", "50"))
