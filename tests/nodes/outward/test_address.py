# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.nodes.outward.address import address_of
from ortaq.nodes.outward.errors import AddressMalformed


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://Heritage.Example", "https://heritage.example/"),
        ("HTTPS://heritage.example:443/a?b=c", "https://heritage.example/a?b=c"),
        ("http://heritage.example:80/", "http://heritage.example/"),
        ("https://heritage.example:8443/feed?after=1", "https://heritage.example:8443/feed?after=1"),
        ("https://мәдениет.қаз/жазба?q=Шәкі", "https://xn--d1acalri1b02h.xn--80ao21a/%D0%B6%D0%B0%D0%B7%D0%B1%D0%B0?q=%D0%A8%D3%99%D0%BA%D1%96"),
        ("https://[2A00:1450:0::1]:8443/x", "https://[2a00:1450::1]:8443/x"),
        ("https://heritage.example/a%20b?c=%D0%90", "https://heritage.example/a%20b?c=%D0%90"),
        ("https://10.0.0.1/", "https://10.0.0.1/"),
    ],
)  # fmt: skip
def test_address_has_one_spelling(url: str, sent: str) -> None:
    assert address_of(url).url == sent
    assert address_of(sent).url == sent


HOSTILE = [
    *"""ftp://heritage.example/ file:///etc/passwd gopher://heritage.example/ heritage.example //heritage.example/ https:// https:///x
    https://user:secret@heritage.example/ https://user@heritage.example/ https://@heritage.example/ https://heritage.example:22/
    https://heritage.example:0/ https://heritage.example:99999/ https://heritage.example:25/ https://heritage.example/#x
    https://heritage.example\\@127.0.0.1/ https://heri%74age.example/ https://[::1%25eth0]/ https://[fe80::/ https://-..example/
    https://heritage.example/% https://heritage.example/?a=%zz https://heritage..example/ javascript:alert(1)""".split(),
    "https://heritage.example/a b",
    "https://heritage.example/\r\nX: y",
    "https://heritage.example/\t",
    f"https://{'a' * 64}.example/",
    f"https://heritage.example/{'a' * 8000}",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_address_that_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(AddressMalformed) as caught:
        address_of(url)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused_with_a_code(text: str) -> None:
    for url in (text, f"https://{text}", f"https://heritage.example/{text}", f"https://heritage.example/?{text}"):
        try:
            address = address_of(url)
        except AddressMalformed:
            continue
        assert address.url.isascii() and address_of(address.url) == address
        assert address.shown in address.url


def test_query_is_not_shown() -> None:
    assert address_of("https://heritage.example/feed?token=secret").shown == "https://heritage.example/feed"
