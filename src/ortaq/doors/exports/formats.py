# SPDX-License-Identifier: Apache-2.0
"""The formats of others: which kinds each can describe, how one record looks in it, and how many do in one file."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from lxml import etree

from ortaq.core.audience import Viewer
from ortaq.core.kind import Kind
from ortaq.core.lost import Lost
from ortaq.core.nature import Nature
from ortaq.doors.exports import crm, edm, lido, linked_art, oai_dc, skos
from ortaq.doors.exports.described import Described, described
from ortaq.doors.exports.elements import RDF
from ortaq.doors.exports.report import Report
from ortaq.records.models import Record
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Format:
    """prefix: its name in OAI-PMH; name: on the command line; element: of one record; natures: what it can describe, None for everything;
    whole: (namespace, name) of the element around many; is_graph: what stands in the element of each record goes there, not the element; lost: what it does not say, for a report."""

    prefix: str
    name: str
    namespace: str
    schema: str
    element: Callable[[Described], etree._Element]
    whole: tuple[str, str]
    natures: Collection[Nature] | None = None
    is_graph: bool = False
    lost: Callable[[Described], list[Lost]] | None = None

    def takes(self, kind: Kind) -> bool:
        return self.natures is None or (kind.nature in self.natures and not kind.is_by_node)

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """The names of the kinds that it can describe; None for all."""
        return None if self.natures is None else tuple(kind.name for kind in KINDS if self.takes(kind))


FORMATS: Final = (
    Format("oai_dc", "oai-dc", oai_dc.NAMESPACE, oai_dc.SCHEMA, oai_dc.element, ("", "records")),
    Format("lido", "lido", lido.NAMESPACE, lido.SCHEMA, lido.element, (lido.NAMESPACE, "lidoWrap"), lido.NATURES),
    Format("edm", "edm", edm.NAMESPACE, edm.SCHEMA, edm.element, (RDF, "RDF"), edm.NATURES, is_graph=True),
    Format("la", "crm", crm.NAMESPACE, crm.SCHEMA, crm.element, (RDF, "RDF"), is_graph=True),
)
BY_PREFIX: Final = {one.prefix: one for one in FORMATS}
# What harvesters are not offered: they take records of all kinds.
_FILES: Final = (
    Format("skos", "skos", skos.NAMESPACE, skos.SCHEMA, skos.element, (RDF, "RDF"), skos.NATURES, is_graph=True, lost=skos.lost),
)  # fmt: skip
BY_NAME: Final = {one.name: one for one in (*FORMATS, *_FILES)}


@dataclass(frozen=True, slots=True)
class JsonFormat:
    """name: on the command line; document: of one record, with what it does not say; one a line."""

    name: str
    document: Callable[[Described], tuple[dict[str, Any], list[Lost]]]


JSON_FORMATS: Final = {"linked-art": JsonFormat("linked-art", linked_art.document)}


def json_lines(
    form: JsonFormat, records: Iterable[Record], viewer: Viewer, base: str = "", report: Report | None = None
) -> Iterator[bytes]:
    """Yield one line for each record; what the node writes of itself is left out. base: address of this node."""

    def wanted() -> Iterator[Record]:
        for record in records:
            if record.kind in KINDS and not KINDS[record.kind].is_by_node:
                yield record
            elif report:
                report.leave_out(record.uri, record.kind)

    for one in described(wanted(), viewer, base):
        found, lost = form.document(one)
        if report:
            report.add(one.uri, one.kind.name, lost)
        yield orjson.dumps(found) + b"\n"


def document(
    form: Format, records: Iterable[Record], viewer: Viewer, base: str = "", report: Report | None = None
) -> Iterator[bytes]:
    """Yield one XML document of those of *records* that *form* can describe, piece by piece. base: address of this node."""
    namespace, name = form.whole
    start = f'<x:{name} xmlns:x="{namespace}">' if namespace else f"<{name}>"
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{start}\n'.encode()

    def wanted() -> Iterator[Record]:
        for record in records:
            if record.kind in KINDS and form.takes(KINDS[record.kind]):
                yield record
            elif report:
                report.leave_out(record.uri, record.kind)

    for one in described(wanted(), viewer, base):
        element = form.element(one)
        if report and form.lost:
            report.add(one.uri, one.kind.name, form.lost(one))
        for part in element if form.is_graph else (element,):
            yield etree.tostring(part, encoding="UTF-8", xml_declaration=False) + b"\n"
    yield f"</{'x:' if namespace else ''}{name}>\n".encode()
