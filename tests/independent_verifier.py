# SPDX-License-Identifier: Apache-2.0
"""Checks exported logs by the published rules alone; shares no code with Ortaq, so it does not share its mistakes.

    python independent_verifier.py [FILE…]      without a file: standard input; plain or gzip; any number of nodes interleaved

Rules: docs/decisions/0009, RFC 8785, W3C eddsa-jcs-2022. Prints a line for each finding and a summary; exit 1 if anything is off.
"""

import base64
import gzip
import hashlib
import json
import sys
from collections import Counter
from decimal import Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def number(value):
    """As ECMAScript prints it (RFC 8785, 3.2.2.3); n: how many digits stand before the point."""
    if isinstance(value, int) and abs(value) <= 2**53:
        return str(value)
    sign, digits, exponent = Decimal(repr(float(value))).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    n, text = len(text) + exponent, text.rstrip("0")
    if not text:
        return "0"
    if len(text) <= n <= 21:
        shown = text + "0" * (n - len(text))
    elif 0 < n <= 21:
        shown = f"{text[:n]}.{text[n:]}"
    elif -6 < n <= 0:
        shown = "0." + "0" * -n + text
    else:
        shown = f"{text[0]}{'.' * (len(text) > 1)}{text[1:]}e{n - 1:+d}"
    return "-" * sign + shown


def canonical(value):
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(one)}" for name, one in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def sha256(value):
    return hashlib.sha256(canonical(value).encode("utf-8")).digest()


def multihash(value):
    return "u" + base64.urlsafe_b64encode(b"\x12\x20" + sha256(value)).decode().rstrip("=")


def base58(text):
    """The bytes behind multibase z…"""
    whole = 0
    for letter in text[1:]:
        whole = whole * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + whole.to_bytes((whole.bit_length() + 7) // 8, "big")


def base32(data):
    return base64.b32encode(data).decode().lower()  # ascii: base32


def node_of(key):
    return base32(hashlib.sha256(key.encode()).digest())[:26]


def keys_listed(body):
    """The keys of a node as the record in which it describes itself says: {key: (use, first seq, last seq or None)}."""
    return {key["public"]: (key["use"], key["first_seq"], key.get("last_seq")) for key in body["keys"]}


def without_doubles(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("an object names a member twice")
    return dict(pairs)


def is_proven(header, proof, key):
    """Whether *key* made the proof of *header*: W3C Data Integrity EdDSA, section 3.3."""
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    fixed = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}
    if not key.startswith("z") or base58(key)[:2] != b"\xed\x01" or not fixed.items() <= config.items():
        return False
    try:
        Ed25519PublicKey.from_public_bytes(base58(key)[2:]).verify(
            base58(proof["proofValue"]), sha256(config) + sha256(header)
        )
    except InvalidSignature:
        return False
    return True


SELF = base32(hashlib.sha256(b"ortaq:node").digest()[:10])  # the record in which a node describes itself


class Log:
    """What is known of one node's log after the changes so far."""

    def __init__(self, node):
        self.node, self.seq, self.prior, self.keys, self.versions = node, 0, None, {}, Counter()

    def may_sign(self, key, header):
        """The first key is bound to the node by its id; the node's own record names those that follow."""
        if not self.keys:
            return node_of(key) == self.node
        use, first, last = self.keys.get(key, ("", 0, 0))
        is_for = use == "sign" or (use == "recover" and header["kind"] == "node")
        return is_for and first <= header["seq"] <= (last or header["seq"])

    def findings(self, header, proof, body):
        """Yield what is off with the next change, then stand behind it."""
        key, seq = proof["verificationMethod"].partition("#")[2], header["seq"]
        if seq != self.seq + 1:
            yield f"stands after {self.seq}"
        if header["prior"] != self.prior:
            yield "does not name the change before it"
        if proof["verificationMethod"] != f"did:key:{key}#{key}" or not is_proven(header, proof, key):
            yield "is not proven by the key that it names"
        if not self.may_sign(key, header):
            yield f"is signed by {key}, which is no key of this node at this place"
        elif header["kind"] == "node" and header["record"] == f"urn:ortaq:{self.node}:{SELF}" and body is not None:
            self.keys = keys_listed(body)
        if body is not None and multihash(body) != header["digest"]:
            yield "has a body of another digest"
        if not header["record"].startswith(f"urn:ortaq:{self.node}:"):
            yield "is of a record of another node"
        if header["version"] != self.versions[header["record"]] + 1:
            yield f"makes version {header['version']} of version {self.versions[header['record']]}"
        self.versions[header["record"]] = header["version"]
        self.seq, self.prior = seq, multihash(header)


def check(stream, logs, counts):
    """Yield what is off in the lines of *stream*."""
    for place, line in enumerate(stream, 1):
        try:
            entry = json.loads(line, object_pairs_hook=without_doubles)
            header, body = entry["change"], entry["body"]
            proof = header.pop("proof")
            log = logs.setdefault(header["node"], Log(header["node"]))
            counts["changes"] += 1
            counts["bodies"] += body is not None
            for finding in log.findings(header, proof, body):
                yield f"line {place}: change {header['seq']} of {header['node']} {finding}"
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            yield f"line {place}: cannot be read: {type(error).__name__} {error}"


def main(names):
    logs, counts = {}, Counter()
    for name in names or ["-"]:
        with sys.stdin.buffer if name == "-" else open(name, "rb") as raw:  # noqa: PTH123 - "-" is a file too
            is_packed = raw.peek(2)[:2] == b"\x1f\x8b"
            for finding in check(gzip.GzipFile(fileobj=raw) if is_packed else raw, logs, counts):
                counts["findings"] += 1
                print(f"{name}: {finding}")
    print(*(f"{counts[what]} {what}" for what in ("changes", "bodies", "findings")), f"{len(logs)} nodes", sep=", ")
    for log in logs.values():
        print(f"{log.node}: {log.seq} {log.prior}")
    return 1 if counts["findings"] or not counts["changes"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
