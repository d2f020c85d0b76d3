# SPDX-License-Identifier: Apache-2.0
"""Every part that a signature covers is changed, left out or doubled; nothing but the request as it was signed passes, once."""

from collections.abc import Callable

import http_sf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519, HMAC_SHA256
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.errors import OrtaqError
from ortaq.core.proof import SigningKey, public_key
from ortaq.nodes import signed
from ortaq.nodes.signed import _Message, sign, verify

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
URL, BODY, AT = "https://heritage.example/feed?after=5", b'{"want": 100}', 1_800_000_000


class Remembered:
    def __init__(self) -> None:
        self.here: set[tuple[str, str]] = set()

    def is_first(self, key: str, nonce: str, until: int) -> bool:
        is_first = (key, nonce) not in self.here
        self.here.add((key, nonce))
        return is_first


def headers(**changes: str) -> dict[str, str]:
    return sign("POST", URL, BODY, KEY, created=AT) | {name.replace("_", "-"): value for name, value in changes.items()}


def check(
    sent: dict[str, str],
    *,
    method: str = "POST",
    url: str = URL,
    body: bytes = BODY,
    now: float = AT + 1,
    may_sign: Callable[[str], bool] = {KEY.public}.__contains__,
    seen: signed.Seen | None = None,
) -> str:
    return verify(method, url, sent, body, may_sign=may_sign, seen=seen or Remembered(), now=now)


def test_request_as_it_was_signed_passes() -> None:
    assert check(headers()) == KEY.public
    assert check(headers(), now=AT + 60) == check(headers(), now=AT - 60) == KEY.public
    assert check({name.upper(): value for name, value in headers().items()}) == KEY.public
    assert check({**headers(), "Content-Type": "application/json", "X-Forwarded-For": "::1"}) == KEY.public


def test_signature_names_what_others_need_to_check_it() -> None:
    covered, parameters = http_sf.parse(headers()["Signature-Input"].encode(), tltype="dictionary")["ortaq"]
    assert [name for name, _ in covered] == ["@method", "@authority", "@path", "@query", "content-digest"]
    assert parameters["keyid"] == f"did:key:{KEY.public}#{KEY.public}" and parameters["alg"] == "ed25519"
    assert parameters["tag"] == "ortaq" and parameters["expires"] == parameters["created"] + 60
    assert len({http_sf.parse(headers()["Signature-Input"].encode(), tltype="dictionary")["ortaq"][1]["nonce"] for _ in range(9)}) == 9  # fmt: skip


def test_empty_body_is_signed_too() -> None:
    sent = sign("GET", URL, b"", KEY, created=AT)
    assert "Content-Digest" in sent
    assert check(sent, method="GET", body=b"") == KEY.public
    with pytest.raises(signed.BodyChanged):
        check(sent, method="GET", body=b"x")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"method": "PUT"}, signed.SignatureMismatch),
        ({"method": "post"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example/feed?after=6"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example/feed?after=5&all=yes"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example/feed"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example/Feed?after=5"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example/feed/?after=5"}, signed.SignatureMismatch),
        ({"url": "https://other.example/feed?after=5"}, signed.SignatureMismatch),
        ({"url": "https://heritage.example:8443/feed?after=5"}, signed.SignatureMismatch),
        ({"body": BODY + b" "}, signed.BodyChanged),
        ({"body": b""}, signed.BodyChanged),
        ({"now": AT + 61}, signed.ClockDiffers),
        ({"now": AT - 61}, signed.ClockDiffers),
        ({"now": AT + 7200}, signed.ClockDiffers),
        ({"may_sign": {OTHER.public}.__contains__}, signed.KeyUnknown),
    ],
)
def test_request_that_was_changed_is_refused(changes: dict[str, object], error: type[OrtaqError]) -> None:
    with pytest.raises(error) as caught:
        check(headers(), **changes)  # type: ignore[arg-type]
    assert caught.value.status == 401


def test_authority_is_that_of_the_address_not_of_its_spelling() -> None:
    assert check(headers(), url="https://HERITAGE.example:443/feed?after=5") == KEY.public


def made(
    *,
    covered: tuple[str, ...] = signed.COVERED,
    key: SigningKey = KEY,
    keyid: str = KEY.method,
    tag: str | None = "ortaq",
    nonce: str | None = "n0nce",
    lasts: int | None = 60,
    label: str = "ortaq",
    include_alg: bool = True,
    algorithm: type = ED25519,
) -> dict[str, str]:
    """Headers as somebody else might make them, with a signature that holds for what it covers."""
    message = _Message("POST", URL, {"Content-Digest": sign("POST", URL, BODY, KEY)["Content-Digest"]})
    signer = HTTPMessageSigner(signature_algorithm=algorithm)
    prepared = signer.prepare(
        message,
        key_id=keyid,
        created=signed._instant(AT),
        expires=None if lasts is None else signed._instant(AT + lasts),
        nonce=nonce,
        label=label,
        tag=tag,
        include_alg=include_alg,
        covered_component_ids=covered,
        use_existing_digest=True,
    )
    signer.apply(message, prepared, key.sign(prepared.signature_base))
    return message.headers


def test_signature_of_others_that_says_all_passes() -> None:
    assert check(made(label="sig1", include_alg=False)) == KEY.public
    assert check(made(covered=tuple(reversed(signed.COVERED)))) == KEY.public
    assert check(made(covered=(*signed.COVERED, "@target-uri"))) == KEY.public


@pytest.mark.parametrize("left_out", signed.COVERED)
def test_signature_that_leaves_something_out_is_refused(left_out: str) -> None:
    with pytest.raises(signed.SignatureIncomplete, match=left_out):
        check(made(covered=tuple(name for name in signed.COVERED if name != left_out)))


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (made(nonce=None), signed.SignatureIncomplete),
        (made(lasts=None), signed.SignatureIncomplete),
        (made(tag=None), signed.SignatureIncomplete),
        (made(nonce=""), signed.SignatureMalformed),
        (made(nonce="n" * 129), signed.SignatureMalformed),
        (made(tag="other"), signed.SignatureForeign),
        (made(algorithm=HMAC_SHA256), signed.SignatureForeign),
        (made(keyid=OTHER.method), signed.SignatureMismatch),
        (made(key=OTHER), signed.SignatureMismatch),
        (made(key=OTHER, keyid=OTHER.method), signed.KeyUnknown),
        (made(keyid=KEY.public), signed.SignatureMalformed),
        (made(keyid=f"did:key:{KEY.public}#{OTHER.public}"), signed.SignatureMalformed),
        (made(keyid="did:key:z6Mk#z6Mk"), signed.SignatureMismatch),
        (made(lasts=-1), signed.SignatureExpired),
        (made(covered=(*signed.COVERED[:-1], '"content-digest";key="sha-256"')), signed.SignatureIncomplete),
        ({}, signed.SignatureMissing),
        ({"Signature": "a=:AAAA:"}, signed.SignatureMissing),
        ({"Signature-Input": "a=()", "Signature": ""}, signed.SignatureMissing),
        ({"Signature-Input": "a=1", "Signature": "a=:AAAA:"}, signed.SignatureMalformed),
        ({"Signature-Input": "a=()", "Signature": "b=:AAAA:"}, signed.SignatureMalformed),
        ({"Signature-Input": "((((", "Signature": "a=:AAAA:"}, signed.SignatureMalformed),
        (headers(Signature="ortaq=1"), signed.SignatureMismatch),
        (headers(Signature="ortaq=:AAAA:"), signed.SignatureMismatch),
        (headers(Content_Digest="sha-256=:AAAA:"), signed.SignatureMismatch),
        ({k: v for k, v in headers().items() if k != "Content-Digest"}, signed.SignatureMismatch),
        (headers() | {"content-digest": headers()["Content-Digest"]}, signed.SignatureMismatch),
        (headers() | {"signature": headers()["Signature"]}, signed.SignatureMalformed),
    ],
)
def test_signature_that_is_not_ours_to_believe_is_refused(sent: dict[str, str], error: type[OrtaqError]) -> None:
    with pytest.raises(error):
        check(sent)


def test_second_signature_beside_the_first_is_refused() -> None:
    """Two readers might choose different ones."""
    one, two = headers(), made(label="second", key=OTHER, keyid=OTHER.method)
    both = one | {name: f"{one[name]}, {two[name]}" for name in ("Signature-Input", "Signature")}
    with pytest.raises(signed.SignatureAmbiguous):
        check(both)


def test_digest_that_is_signed_but_not_of_the_body_is_refused() -> None:
    """The library takes such a request when it is not told to look at the body."""
    with pytest.raises(signed.BodyChanged):
        check(made(), body=b'{"want": 1000000}')


def test_clock_that_differs_is_told_with_both_times() -> None:
    with pytest.raises(signed.ClockDiffers) as caught:
        check(headers(), now=AT + 7200)
    assert caught.value.facts == {"created": "2027-01-15T08:00:00Z", "now": "2027-01-15T10:00:00Z"}
    assert caught.value.code == "signature.clock"


def test_refused_request_does_not_use_up_its_nonce() -> None:
    seen, sent = Remembered(), headers()
    for changes in ({"body": b"x"}, {"now": AT + 7200}, {"method": "PUT"}, {"may_sign": set().__contains__}):
        with pytest.raises(OrtaqError):
            check(sent, seen=seen, **changes)  # type: ignore[arg-type]
    assert check(sent, seen=seen) == KEY.public
    with pytest.raises(signed.SignatureReplayed):
        check(sent, seen=seen)


@given(st.data())
def test_any_letter_of_the_signature_counts(data: st.DataObject) -> None:
    sent = headers()
    name = data.draw(st.sampled_from(sorted(sent)))
    at = data.draw(st.integers(0, len(sent[name]) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = sent | {name: sent[name][:at] + letter + sent[name][at + 1 :]}
    if _parsed(changed) == _parsed(sent):
        return
    with pytest.raises(OrtaqError) as caught:
        check(changed)
    assert caught.value.code.startswith("signature.")


def _parsed(sent: dict[str, str]) -> list[object]:
    """The signature as values: the name of its label and the last bits of its base64 say nothing."""
    try:
        (given_input,) = http_sf.parse(sent["Signature-Input"].encode(), tltype="dictionary").values()
        (given_value,) = http_sf.parse(sent["Signature"].encode(), tltype="dictionary").values()
    except ValueError:
        return [sent]
    return [given_input, given_value[0], sent["Content-Digest"]]


@given(st.dictionaries(st.sampled_from(["Signature", "Signature-Input", "Content-Digest", "X"]), st.text(max_size=60)))
def test_any_headers_are_refused_with_a_code(sent: dict[str, str]) -> None:
    with pytest.raises(OrtaqError) as caught:
        check(sent)
    assert caught.value.status == 401


def test_key_in_the_id_is_the_key_that_signs() -> None:
    assert isinstance(public_key(KEY.public), Ed25519PublicKey)
