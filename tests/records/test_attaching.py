# SPDX-License-Identifier: Apache-2.0
"""A record names only files that are here, as what they are, and that its writer has uploaded or may read."""

import io
from typing import Any

import pytest

from ortaq.core.audience import STRANGER
from ortaq.files.actions import begin_upload, receive
from ortaq.files.models import StoredFile
from ortaq.files.store import keep
from ortaq.records.actions import publish_record, revise_record
from ortaq.records.attaching import may_attach, named_by_copies
from ortaq.records.copies import propose_copy, publish_copy, start_copy
from ortaq.records.door import Draft, write_change
from ortaq.records.errors import FileMisdescribed, FileUnknown
from ortaq.records.queries import may_read_file
from tests.factories import institution, join, viewer


def uploaded(who: Any, data: bytes = b"plan") -> dict[str, Any]:
    upload = begin_upload(who, name="plan.txt", size=len(data))
    return described(receive(who, upload.key, 0, io.BytesIO(data)).digest)


def described(digest: str) -> dict[str, Any]:
    row = StoredFile.objects.get(digest=digest)
    return {"digest": digest, "name": "plan.txt", "media_type": row.media_type, "bytes": row.bytes}


def material(*files: dict[str, Any]) -> dict[str, Any]:
    return {"title": {"az": "Plan"}, "files": list(files)}


@pytest.fixture
def author(node: Any) -> Any:
    return viewer(join("leyla"))


def test_own_upload_may_be_named_and_stays_then(author: Any) -> None:
    file = uploaded(author)
    assert may_attach(file["digest"], author)
    publish_record(author, "material", material(file), "public")
    assert StoredFile.objects.get().loose_until is None
    assert may_read_file(file["digest"], STRANGER)


def test_unknown_file_is_refused(author: Any) -> None:
    unknown = {"digest": "uEi" + "A" * 44, "name": "x.txt", "media_type": "text/plain", "bytes": 4}
    with pytest.raises(FileUnknown, match=r"The file x\.txt"):
        publish_record(author, "material", material(unknown), "public")
    with pytest.raises(FileUnknown):
        write_change(Draft("material", material(unknown)), by=author.actor)


def test_file_of_others_is_as_unknown_as_none(author: Any) -> None:
    file = uploaded(author)
    other = viewer(join("rəşad", of=institution("Arxiv")))
    assert not may_attach(file["digest"], other)
    with pytest.raises(FileUnknown):
        publish_record(other, "material", material(file), "public")
    publish_record(author, "material", material(file), "private")
    with pytest.raises(FileUnknown):
        publish_record(other, "material", material(file), "public")


def test_file_that_one_may_read_may_be_named(author: Any) -> None:
    file = uploaded(author)
    publish_record(author, "material", material(file), "node")
    other = viewer(join("rəşad", of=institution("Arxiv")))
    made = publish_record(other, "material", material(file), "public")
    revise_record(other, made.uri or "", material({**file, "name": "b.txt"}), "public", expected_version=1)


@pytest.mark.parametrize("lie", [{"media_type": "image/png"}, {"bytes": 5}])
def test_file_is_described_as_what_it_is(author: Any, lie: dict[str, Any]) -> None:
    file = uploaded(author)
    with pytest.raises(FileMisdescribed, match="is text/plain of 4 bytes"):
        publish_record(author, "material", material({**file, **lie}), "public")


def test_editor_publishes_with_the_authors_files(node: Any) -> None:
    museum = institution("Muzey", needs_proposal=True)
    author, editor = viewer(join("leyla", of=museum)), viewer(join("redaktor", of=museum, role="editor"))
    elsewhere = viewer(join("o", of=institution("Arxiv"), role="editor"))
    file = uploaded(author)
    copy = start_copy(author, "material", body=material(file))
    assert named_by_copies([file["digest"]]) == {file["digest"]}
    assert not may_read_file(file["digest"], editor)
    propose_copy(author, copy.key)
    assert may_read_file(file["digest"], editor)
    assert not may_read_file(file["digest"], elsewhere)
    assert publish_copy(editor, copy.key).status == "made"


def test_import_brings_its_own_files(node: Any) -> None:
    kept = keep(io.BytesIO(b"plan"), "plan.txt")
    assert write_change(Draft("material", material(described(kept.digest))), by=node.uri).status == "made"
