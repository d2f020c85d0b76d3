# SPDX-License-Identifier: Apache-2.0
"""Records written and indexed at once."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def keep(node: Any) -> Callable[..., list[str]]:
    """Write drafts, bring the index up to them, return their URIs."""
    from ortaq.records.door import write_changes
    from ortaq.search.index import Follower

    def write(*drafts: Any) -> list[str]:
        outcomes = write_changes(drafts, by=node.uri)
        assert [one.error for one in outcomes] == [None] * len(outcomes)
        with Follower() as follower:
            follower.catch_up()
        return [one.uri or "" for one in outcomes]

    return write
