# SPDX-License-Identifier: Apache-2.0
"""The formats of others in XML: which kinds each can describe, and how one record looks in it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from lxml import etree

from ortaq.core.kind import Kind
from ortaq.core.nature import Nature
from ortaq.doors.exports import oai_dc
from ortaq.doors.exports.described import Described
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Format:
    """prefix: its name in OAI-PMH; name: on the command line; natures: what it can describe, None for everything;
    element: of one record; whole: the element around many of them in a file, as (namespace, name)."""

    prefix: str
    name: str
    namespace: str
    schema: str
    element: Callable[[Described], etree._Element]
    whole: tuple[str, str]
    natures: Collection[Nature] | None = None

    def takes(self, kind: Kind) -> bool:
        return self.natures is None or kind.nature in self.natures

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """The names of the kinds that it can describe; None for all."""
        return None if self.natures is None else tuple(kind.name for kind in KINDS if self.takes(kind))


FORMATS: Final = (
    Format("oai_dc", "oai-dc", oai_dc.NAMESPACE, oai_dc.SCHEMA, oai_dc.element, ("", "records")),
)  # fmt: skip
BY_PREFIX: Final = {one.prefix: one for one in FORMATS}
BY_NAME: Final = {one.name: one for one in FORMATS}
