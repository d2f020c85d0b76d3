# SPDX-License-Identifier: Apache-2.0
"""RFC 9421, Appendix B: the library by which nodes sign makes and checks the signatures that the standard prints."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    PreparedSignature,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519, HMAC_SHA256, RSA_PSS_SHA512

FILE = Path(__file__).parents[3] / "shared/suites/vectors/rfc9421/rfc9421.json"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"{FILE} is not beside this checkout")
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {"cases": [], "keys": {}}
ALGORITHMS = {found.algorithm_id: found for found in (ECDSA_P256_SHA256, ED25519, HMAC_SHA256, RSA_PSS_SHA512)}


class Fields:
    """Header lines in the order in which they came; two of one name stay two."""

    def __init__(self, lines: list[list[str]]) -> None:
        self.lines = [(name, value) for name, value in lines]

    def items(self) -> list[tuple[str, str]]:
        return self.lines

    def __iter__(self) -> Any:
        return iter([name for name, _ in self.lines])

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _ in self.lines)

    def __setitem__(self, name: str, value: str) -> None:
        self.lines.append((name, value))

    def __delitem__(self, name: str) -> None:
        self.lines = [line for line in self.lines if line[0] != name]


@dataclass
class Request:
    headers: Fields
    method: str
    url: str


@dataclass
class Response:
    headers: Fields
    status_code: int
    request: None = None


def message_of(case: dict[str, Any], *, signed: bool = True) -> Request | Response:
    raw = VECTORS["messages"][case["message"]]
    fields = [list(line) for line in raw["fields"]]
    if signed:
        fields += [["Signature-Input", case["signature_input"]], ["Signature", case["signature"]]]
    if "status" in raw:
        return Response(Fields(fields), raw["status"])
    host = next(value for name, value in fields if name == "Host")
    return Request(Fields(fields), raw["method"], f"https://{host}{raw['target']}")


def keys() -> MappingKeyResolver:
    public, private = {}, {}
    for name, key in VECTORS["keys"].items():
        if "secret_base64" in key:
            public[name] = private[name] = base64.b64decode(key["secret_base64"])
        else:
            public[name], private[name] = key["public_pem"].encode(), key["private_pem"].encode()
    return MappingKeyResolver(public_keys=public, private_keys=private)


class Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """The vectors are of 2021."""


def verify(case: dict[str, Any]) -> dict[str, str]:
    verifier = Verifier(signature_algorithm=ALGORITHMS[case["algorithm"]], key_resolver=keys())
    (result,) = verifier.verify(message_of(case), max_age=None)
    return dict(result.covered_components)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_signature_of_the_standard(case: dict[str, Any]) -> None:
    if not case["valid"]:
        with pytest.raises(InvalidSignature):
            verify(case)
        return
    assert "\n".join(f"{name}: {value}" for name, value in verify(case).items()) == case["signature_base"]


@pytest.mark.parametrize(
    "case", [case for case in VECTORS["cases"] if case["valid"] and case["deterministic"]], ids=lambda case: case["id"]
)
def test_signing_again_gives_the_same_bytes(case: dict[str, Any]) -> None:
    """Ed25519 and HMAC have one signature for one message and key."""
    algorithm = ALGORITHMS[case["algorithm"]]
    signer = algorithm(private_key=keys().resolve_private_key(case["keyid"]))
    signature = base64.b64encode(signer.sign(case["signature_base"].encode())).decode()
    assert f"{case['label']}=:{signature}:" == case["signature"]
    message = message_of(case, signed=False)
    HTTPMessageSigner(signature_algorithm=algorithm).apply(message, _prepared(case), base64.b64decode(signature))
    written = {name: value for name, value in message.headers.items() if name.startswith("Signature")}
    assert written == {"Signature-Input": case["signature_input"], "Signature": case["signature"]}


def _prepared(case: dict[str, Any]) -> PreparedSignature:
    return PreparedSignature(
        case["signature_base"].encode(), case["signature_params"], case["label"], case["algorithm"]
    )


def test_all_of_the_vectors_are_here() -> None:
    assert len(VECTORS["cases"]) == 13 and sum(case["valid"] for case in VECTORS["cases"]) == 11
