# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import base58
from ortaq.core.errors import BadKey, BadProof
from ortaq.core.proof import SigningKey, verify

KEY = SigningKey(bytes(range(32)))
AT = "2026-11-21T10:00:00Z"


@given(st.binary(max_size=80))
def test_base58_round_trip(data: bytes) -> None:
    assert base58.decode(base58.encode(data)) == data


def test_base58_known_value() -> None:
    assert base58.encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"


def test_base58_refuses_other_letters() -> None:
    with pytest.raises(ValueError, match="0"):
        base58.decode("10")


def test_proof_verifies() -> None:
    document = {"title": {"az": ["Şəki"]}, "n": 1}
    verify(document, KEY.prove(document, AT), KEY.public)


@pytest.mark.parametrize("part", ["created", "verificationMethod", "proofValue", "cryptosuite", "type", "proofPurpose"])
def test_proof_with_an_altered_part_is_refused(part: str) -> None:
    proof = KEY.prove({"a": 1}, AT)
    with pytest.raises(BadProof):
        verify({"a": 1}, {**proof, part: proof[part][:-1] + "x"}, KEY.public)


def test_proof_of_another_document_is_refused() -> None:
    with pytest.raises(BadProof, match="signature"):
        verify({"a": 2}, KEY.prove({"a": 1}, AT), KEY.public)


def test_proof_by_another_key_is_refused() -> None:
    other = SigningKey(bytes(32))
    with pytest.raises(BadProof, match="names the key"):
        verify({"a": 1}, other.prove({"a": 1}, AT), KEY.public)


def test_proof_with_a_key_that_is_none_is_refused() -> None:
    proof = {**KEY.prove({"a": 1}, AT), "verificationMethod": "did:key:zABC#zABC"}
    with pytest.raises(BadKey, match="zABC"):
        verify({"a": 1}, proof, "zABC")
