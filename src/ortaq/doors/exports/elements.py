# SPDX-License-Identifier: Apache-2.0
"""Elements with text that XML can hold, and the language in which it is written."""

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DC: Final = "http://purl.org/dc/elements/1.1/"
DCTERMS: Final = "http://purl.org/dc/terms/"
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def put(
    parent: etree._Element, namespace: str, name: str, text: str = "", *, lang: str = "", **attributes: str
) -> etree._Element:
    """Add an element to *parent* and return it. lang: BCP 47, `und` for none; attributes: without a namespace."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text:
        element.text = _IMPOSSIBLE.sub("\ufffd", text)
    if lang and lang != "und":
        element.set(f"{{{XML}}}lang", lang)
    for key, value in attributes.items():
        element.set(key, _IMPOSSIBLE.sub("\ufffd", value))
    return element


def root(namespace: str, name: str, spaces: Mapping[str, str] | Mapping[None, str], schema: str = "") -> etree._Element:
    """Return a first element; spaces: prefix → namespace; schema: where that of *namespace* is."""
    known: dict[str | None, str] = dict(spaces.items())
    if schema:
        known["xsi"] = XSI
    element = etree.Element(f"{{{namespace}}}{name}", nsmap=known)
    if schema:
        element.set(f"{{{XSI}}}schemaLocation", f"{namespace} {schema}")
    return element
