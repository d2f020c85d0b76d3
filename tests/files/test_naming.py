# SPDX-License-Identifier: Apache-2.0
"""Names of files are made safe, and stay recognisable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.files.naming import MOST_LETTERS, ending_of, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Şəki sarayı, ön fasad.jpg", "Şəki sarayı, ön fasad.jpg"),
        ("Қыз Жібек.pdf", "Қыз Жібек.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\config.sys", "config.sys"),
        ("/etc/passwd", "passwd"),
        ("a\0b.txt", "ab.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u2066\u200fplan\u2069.dwg", "plan.dwg"),
        ("a\r\nSet-Cookie: x=y.txt", "aSet-Cookie_ x=y.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("lpt1.tar.gz", "_lpt1.tar.gz"),
        ("contract.txt", "contract.txt"),
        ("", "file"),
        ("...", "file"),
        (" . ", "file"),
        ("..", "file"),
        ("a/", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".tiff", "x" * (MOST_LETTERS - 5) + ".tiff"),
        ("u\u0308.txt", "ü.txt"),
    ],
)
def test_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_one_that_every_disk_takes(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode("utf-8", "replace")) <= 241
    assert not set(safe) & set('/\\\0\r\n<>:"|?*')
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


def test_ending_is_in_small_letters() -> None:
    assert (ending_of("PLAN.PDF"), ending_of("plan"), ending_of("plan.çək")) == (".pdf", "", "")
