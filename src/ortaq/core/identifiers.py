# SPDX-License-Identifier: Apache-2.0
"""Global names of nodes, records and actors: `urn:ortaq:NODE` and `urn:ortaq:NODE:RECORD`.

A node's name is bound to its first public key, so nobody else can make records that seem to be its own; it outlives key rotation.
"""

import base64
import functools
import hashlib
import re

from ortaq.core.errors import BadIdentifier

_PREFIX = "urn:ortaq:"
_NODE = r"[a-z2-7]{26}"
_RECORD = r"[a-z2-7]{16}"
_URI = re.compile(rf"urn:ortaq:({_NODE})(?::({_RECORD}))?\Z")


def node_id(public_key: str) -> str:
    """Return the id of the node whose first public key (multibase) is given: 130 bits of its SHA-256, base32."""
    return _base32(hashlib.sha256(public_key.encode("ascii")).digest())[:26]


def node_uri(node: str) -> str:
    return f"{_PREFIX}{node}"


def record_uri(node: str, local: str) -> str:
    return f"{_PREFIX}{node}:{local}"


def local_id(seed: bytes) -> str:
    """Return a local id from ten random bytes."""
    return _base32(seed)[:16]


@functools.lru_cache(maxsize=20_000)  # many records link the same few terms and places
def local_id_of_source(source_id: str, of: str = "") -> str:
    """Return the local id of the record that a source knows as *source_id*.

    It depends on nothing else: a second import meets the same record, and a link may point at a record that is not there yet.

    of  whose source ids these are, if not the node's: two institutions number their things from 1 on
    """
    named = f"{of}\0{source_id}" if of else source_id  # no source id has a NUL in it
    return _base32(hashlib.sha256(named.encode("utf-8")).digest()[:10])


def source_id_of_uri(uri: str) -> str:
    """Return the source id under which a record that no source names goes to other nodes: NODE:RECORD."""
    return uri.removeprefix(_PREFIX)


def own_uri(source_id: str, node: str) -> str | None:
    """Return the URI of the record of *node* itself that went out as *source_id*; None if it is another's name for it."""
    uri = f"{_PREFIX}{source_id}"
    return uri if source_id.startswith(f"{node}:") and is_record_uri(uri) else None


def split_uri(uri: str) -> tuple[str, str | None]:
    """Return (node, record or None); raises BadIdentifier."""
    match = _URI.match(uri)
    if not match:
        raise BadIdentifier(value=uri)
    return match[1], match[2]


def is_record_uri(text: str) -> bool:
    match = _URI.match(text)
    return bool(match and match[2])


def is_web_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def resolve(reference: str, node: str) -> str:
    """Return the URI that *reference* means at *node*: an Ortaq or web URI as it is, anything else as a source id."""
    if own := own_uri(reference, node):
        return own
    if reference.startswith(_PREFIX):
        split_uri(reference)
        return reference
    return reference if is_web_address(reference) else record_uri(node, local_id_of_source(reference))


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").translate(_LOWER)


_LOWER = {ord(a): ord(b) for a, b in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", strict=True)}
