# SPDX-License-Identifier: Apache-2.0
"""Three nodes that exchange, for all tests of a process: each test writes what is its own, and leaves all three running."""

from collections.abc import Iterator

import pytest

from tests.exchange.members import Federation, federation


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    with federation(tmp_path_factory.mktemp("three")) as found:
        yield found
