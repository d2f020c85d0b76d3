# SPDX-License-Identifier: Apache-2.0
"""Base58btc, the alphabet of multibase keys and proofs."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}
# Ten letters at a time keep the divisions of a 512-bit number few.
_CHUNK = 58**10
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


def encode(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    chunks = []
    while number:
        number, rest = divmod(number, _CHUNK)
        chunks.append(_ten_letters(rest))
    text = "".join(reversed(chunks)).lstrip("1")
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _ten_letters(number: int) -> str:
    number, e = divmod(number, 3364)
    number, d = divmod(number, 3364)
    number, c = divmod(number, 3364)
    a, b = divmod(number, 3364)
    return _PAIRS[a] + _PAIRS[b] + _PAIRS[c] + _PAIRS[d] + _PAIRS[e]


def decode(text: str) -> bytes:
    """Return the bytes behind *text*; ValueError for a letter outside the alphabet."""
    number = 0
    try:
        for start in range(0, len(text), 10):
            chunk = text[start : start + 10]
            value = 0
            for letter in chunk:
                value = value * 58 + _VALUE[letter]
            number = number * 58 ** len(chunk) + value
    except KeyError as error:
        raise ValueError(f"not a base58 letter: {error.args[0]!r}") from error
    leading = len(text) - len(text.lstrip("1"))
    return b"\0" * leading + number.to_bytes((number.bit_length() + 7) // 8, "big")
