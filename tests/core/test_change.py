# SPDX-License-Identifier: Apache-2.0
import dataclasses

import pytest

from ortaq.core.change import Header, digest_of_header, from_wire, wire
from ortaq.core.digest import digest_of, raw

HEADER = Header(
    "a" * 26,
    7,
    "uEi1",
    f"urn:ortaq:{'a' * 26}:{'b' * 16}",
    "place",
    2,
    "2026-11-21T10:00:00Z",
    "urn:x",
    "public",
    "uEi2",
)


def test_wire_round_trip() -> None:
    for header in (HEADER, dataclasses.replace(HEADER, erases=(1, 2), digest=None, prior=None, seq=1)):
        assert from_wire(wire(header, "did:key:z#z", b"proof")) == (header, "did:key:z#z", b"proof")


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Header)])
def test_every_field_is_under_the_digest(field: str) -> None:
    value = getattr(HEADER, field)
    other = (3,) if field == "erases" else value + 1 if isinstance(value, int) else f"{value}x"
    assert digest_of_header(dataclasses.replace(HEADER, **{field: other})) != digest_of_header(HEADER)


def test_digest_round_trip() -> None:
    assert digest_of(b"") == "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"
    assert raw(digest_of(b"")).hex().startswith("e3b0c442")
    with pytest.raises(ValueError, match="multihash"):
        raw("uAAAA")
