# SPDX-License-Identifier: Apache-2.0
"""Previews that other nodes send: kept apart from files and from each other, small, and drawn anew whatever came."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ortaq.core.digest import digest_of
from ortaq.files import previews
from ortaq.files.errors import FileAbsent
from ortaq.files.models import FetchedFile, StoredFile
from ortaq.files.previews import PreviewRefused, is_due, keep_preview, kept_previews, note_failed, preview_of

DIGEST = digest_of(b"the file itself")
NODE, OTHER = "a" * 26, "b" * 26


def kept() -> list[Path]:
    return [path for path in (Path(settings.HOME) / "previews").rglob("*") if path.is_file()]


def test_preview_is_kept_for_its_node_alone_and_as_no_file(node: Any, picture: Callable[..., bytes]) -> None:
    keep_preview(DIGEST, NODE, picture(".webp", 900, 600), "x.jpg")
    found = preview_of(DIGEST, NODE)
    assert found is not None
    assert (found.width, found.height) == (900, 600)
    assert preview_of(DIGEST, OTHER) is None
    assert not is_due(DIGEST, NODE)
    assert is_due(DIGEST, OTHER)
    assert (StoredFile.objects.count(), FetchedFile.objects.count()) == (0, 0)
    assert list(kept_previews()) == [(NODE, [DIGEST])]


def test_what_came_is_drawn_anew(node: Any, picture: Callable[..., bytes]) -> None:
    """Whatever hangs on the picture stays behind: a page, a program, a place."""
    sent = picture(".webp", 300, 200) + b"<script>alert(1)</script>"
    keep_preview(DIGEST, NODE, sent, "x.jpg")
    found = preview_of(DIGEST, NODE)
    assert found is not None
    assert b"script" not in found.path.read_bytes()
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (lambda picture: b"", "it is no image/webp"),
        (lambda picture: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is no image/webp"),
        (lambda picture: picture(".jpg", 300, 200), "it is no image/webp"),
        (lambda picture: picture(".webp", 961, 20), "it has 961 × 20 pixels"),
        (lambda picture: picture(".webp", 300, 200)[:60], "it cannot be decoded"),
        (lambda picture: picture(".webp", 300, 200) + bytes(previews.MOST_BYTES), "it has more than 2097152 bytes"),
    ],
)
def test_anything_else_is_thrown_away(
    node: Any, picture: Callable[..., bytes], sent: Callable[..., bytes], reason: str
) -> None:
    with pytest.raises(PreviewRefused, match=reason):
        keep_preview(DIGEST, NODE, sent(picture), "x.jpg")
    assert kept() == []


def test_one_that_failed_is_asked_for_again_in_a_day(node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_due(DIGEST, NODE)
    note_failed(DIGEST, NODE)
    assert not is_due(DIGEST, NODE)
    monkeypatch.setattr(previews, "_AGAIN_SECONDS", -1)
    assert is_due(DIGEST, NODE)
    previews.forget(DIGEST, NODE)
    assert kept() == []


@pytest.mark.parametrize(
    ("digest", "node_id"), [("x", NODE), (DIGEST, ".."), (DIGEST, "../" + "a" * 23), (DIGEST, "A" * 26)]
)
def test_names_lead_nowhere_else(node: Any, digest: str, node_id: str) -> None:
    with pytest.raises(FileAbsent):
        preview_of(digest, node_id)
