# SPDX-License-Identifier: Apache-2.0
"""When an agreement is in force, and who may sign for a node. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ortaq.core.audience import Viewer
from ortaq.people import rules as people


def may_sign(viewer: Viewer) -> bool:
    """A node speaks through its keeper, who has to act in one of its institutions: the signature names a person."""
    return viewer.is_keeper and viewer.standing is not None and people.may_write(viewer.standing)


@dataclass(frozen=True, slots=True)
class Text:
    """One version of an agreement; parties: ids of nodes."""

    version: int
    digest: str
    parties: frozenset[str]


def version_in_force(texts: Sequence[Text], assents: Mapping[str, Iterable[str]]) -> int | None:
    """Return the newest version to which every party has said yes; None if there is none.

    texts    oldest first
    assents  node → digests to which it says yes now
    """
    signed = {node: set(digests) for node, digests in assents.items()}
    for text in reversed(texts):
        if text.parties and all(text.digest in signed.get(node, ()) for node in text.parties):
            return text.version
    return None
