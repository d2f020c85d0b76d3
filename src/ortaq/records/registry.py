# SPDX-License-Identifier: Apache-2.0
"""The kinds that are known here; site/ hands the list over when the node starts."""

from ortaq.core.kind import Kinds

KINDS = Kinds()


def install(kinds: Kinds) -> None:
    """Make *kinds* the known ones, in place, so that whoever holds KINDS sees them."""
    for kind in kinds:
        if kind.name not in KINDS:
            KINDS.add(kind)
