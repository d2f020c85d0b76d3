# SPDX-License-Identifier: Apache-2.0
"""Vectors that nobody here wrote: RFC 8785 and eddsa-jcs-2022."""

import csv
import hashlib
import json
import struct
from pathlib import Path

import pytest

from ortaq.core import base58
from ortaq.core.canonical import canonical
from ortaq.core.errors import BadProof
from ortaq.core.proof import SigningKey, verify

VECTORS = Path(__file__).parents[3] / "shared" / "suites" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"{VECTORS} is not beside this checkout")


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_canonical_form(name: str) -> None:
    value = json.loads((VECTORS / "jcs/input" / f"{name}.json").read_text("utf-8"))
    assert canonical(value) == (VECTORS / "jcs/output" / f"{name}.json").read_bytes()
    assert canonical(value).hex() == "".join((VECTORS / "jcs/outhex" / f"{name}.txt").read_text("ascii").split())


def test_canonical_numbers() -> None:
    with (VECTORS / "jcs/numbers.csv").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    for bits, expected in rows:
        (number,) = struct.unpack(">d", bytes.fromhex(bits.rjust(16, "0")))
        assert canonical([number]) == f"[{expected}]".encode()
    assert len(rows) == 7


def _load(name: str) -> dict[str, object]:
    return json.loads((VECTORS / "eddsa-jcs-2022" / name).read_text("utf-8"))  # type: ignore[no-any-return]


def test_eddsa_jcs_2022_signed_document_verifies() -> None:
    signed, keys = _load("signedJCS.json"), _load("keyPair.json")
    proof = signed.pop("proof")
    verify(signed, proof, str(keys["publicKeyMultibase"]))  # type: ignore[arg-type]
    with pytest.raises(BadProof):
        verify({**signed, "name": "Another"}, proof, str(keys["publicKeyMultibase"]))  # type: ignore[arg-type]


def test_eddsa_jcs_2022_signature_is_the_same() -> None:
    keys, document, config = _load("keyPair.json"), _load("unsigned.json"), _load("proofConfigJCS.json")
    folder = VECTORS / "eddsa-jcs-2022"
    secret = base58.decode(str(keys["privateKeyMultibase"])[1:])[2:]
    key = SigningKey(secret)
    assert key.public == keys["publicKeyMultibase"]
    assert canonical(document).decode() == (folder / "canonDocJCS.txt").read_text("utf-8").strip()
    assert canonical(config).decode() == (folder / "proofCanonJCS.txt").read_text("utf-8").strip()
    combined = hashlib.sha256(canonical(config)).hexdigest() + hashlib.sha256(canonical(document)).hexdigest()
    assert combined == (folder / "combinedHashJCS.txt").read_text("ascii").strip()
    assert (
        "z" + base58.encode(key.sign(bytes.fromhex(combined)))
        == (folder / "sigBTC58JCS.txt").read_text("ascii").strip()
    )
