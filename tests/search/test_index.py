# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from ortaq.core.audience import STRANGER
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_changes
from ortaq.search import index
from ortaq.search.check import verify_index
from ortaq.search.errors import IndexAbsent, IndexHeld
from ortaq.search.index import Follower, index_folder, position
from ortaq.search.query import search
from ortaq.search.question import Question
from ortaq.search.schema import open_index
from tests.factories import Write
from tests.search.asking import found, place


@pytest.fixture
def write(node: Identity) -> Write:
    def places(*drafts: Draft) -> list[str]:
        return [one.uri or "" for one in write_changes(drafts, by=node.uri)]

    return places


def test_follows_what_is_made_revised_and_withdrawn(write: Write) -> None:
    with Follower() as follower:
        assert (follower.catch_up(), position()) == (0, 0)
        uris = write(place("a", az="Gəncə"), place("b", az="Quba"))
        assert (follower.catch_up(), follower.position(), position()) == (2, 2, 2)
        write(place("a", az="Naxçıvan"), Draft("place", None, uri=uris[1]))
        assert found("Gəncə") == ["a"]  # not yet
        follower.catch_up()
        assert (found("Gəncə"), found("Quba"), found("Naxçıvan")) == ([], [], ["a"])
        assert list(verify_index()) == []


def test_small_windows_and_commits_give_the_same(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_WINDOW", 2)
    monkeypatch.setattr(index, "_COMMIT_EVERY", 3)
    write(*(place(f"p{number % 5}", az=f"Şəki {number}") for number in range(11)))
    with Follower() as follower:
        follower.catch_up()
    assert search(Question("Şəki"), STRANGER).total == 5
    assert list(verify_index()) == []


def test_what_was_not_committed_is_done_again(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_WINDOW", 2)
    monkeypatch.setattr(index, "_COMMIT_EVERY", 4)
    write(*(place(f"p{number}", az="Şəki") for number in range(7)))
    calls: list[int] = []
    real = index.document

    def breaks(*record: object) -> object:
        calls.append(1)
        if len(calls) == 6:
            raise RuntimeError("killed")
        return real(*record)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "document", breaks)
    with pytest.raises(RuntimeError), Follower() as follower:
        follower.catch_up()
    assert position() == 4
    monkeypatch.setattr(index, "document", real)
    with Follower() as follower:
        assert follower.catch_up() == 3
    assert list(verify_index()) == []


def test_rebuild_gives_the_same_and_readers_see_the_old_one_meanwhile(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(*(place(f"p{number}", az="Şəki") for number in range(5)))
    monkeypatch.setattr(index, "_WINDOW", 2)
    totals: list[int] = []
    with Follower() as follower:
        follower.catch_up()
        assert follower.rebuild(lambda _: totals.append(search(Question("Şəki"), STRANGER).total)) == 5
    assert totals == [5, 5, 5]
    assert list(verify_index()) == []


def test_there_is_one_writer(write: Write) -> None:
    with Follower(), pytest.raises(IndexHeld), Follower():
        pass


@pytest.mark.parametrize("damage", ["meta", "segment", "gone"])
def test_damaged_index_is_built_anew(write: Write, damage: str) -> None:
    write(place("a", az="Gəncə"))
    with Follower() as follower:
        follower.catch_up()
    if damage == "meta":
        (index_folder() / "meta.json").write_text("{broken", "utf-8")
    for segment in index_folder().glob("*.term"):
        if damage == "segment":
            segment.write_bytes(b"")
        elif damage == "gone":
            segment.unlink()
    with Follower() as follower:
        follower.catch_up()
    assert found("Ganja") == ["a"]


def test_index_on_a_full_disk_is_not_taken_for_a_damaged_one(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place("a", az="Şəki"))
    with Follower() as follower:
        follower.catch_up()

    def full(folder: Path) -> None:
        raise ValueError("Io error: No space left on device (os error 28)")

    with monkeypatch.context() as patched:
        patched.setattr(index, "open_index", full)
        with pytest.raises(ValueError, match="No space left"), Follower():
            pass
    assert position() == 1


def test_index_of_another_release_or_another_log_is_built_anew(
    write: Write, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place("a", az="Gəncə"))
    with Follower() as follower:
        follower.catch_up()
    monkeypatch.setattr(index, "fingerprint", lambda: "other")
    with Follower() as follower:
        assert follower.catch_up() == 1
    assert [folder.name for folder in (home / "index").iterdir() if folder.is_dir()] == ["other"]
    with Follower() as follower:
        follower._commit(99)
    with Follower() as follower:
        assert follower.position() == 0
        assert follower.catch_up() == 1


def test_check_names_what_is_off(write: Write) -> None:
    uris = write(place("a", az="Gəncə"), place("b", az="Quba"), place("c", az="Bakı"))
    with Follower() as follower:
        follower.catch_up()
    write(place("a", az="Naxçıvan"), Draft("place", None, uri=uris[1]), place("d", az="Tovuz"))
    assert [finding.code for finding in verify_index()] == [
        "search.position-wrong",
        "search.document-old",
        "search.document-surplus",
        "search.document-missing",
    ]


def test_check_names_a_document_that_stands_twice(write: Write) -> None:
    write(place("a", az="Gəncə"))
    with Follower() as follower:
        follower.catch_up()
    writer = open_index(index_folder()).writer(15_000_000, 1)
    writer.add_document(index.document(1, "place", 1, "public", '{"title": {"az": ["Gəncə"]}}'))
    writer.commit()
    assert [finding.code for finding in verify_index()] == ["search.document-twice"]


def test_an_empty_log_without_index_is_in_order(node: Identity) -> None:
    assert list(verify_index()) == []


def test_records_without_index_are_not(write: Write) -> None:
    write(place("a", az="Gəncə"))
    assert [finding.code for finding in verify_index()] == ["search.index-absent"]


def test_index_that_is_still_being_made_is_not_taken_for_an_empty_one(write: Write) -> None:
    write(place("geo:1", az="Şəki"))
    open_index(index_folder())
    with pytest.raises(IndexAbsent):
        search(Question("Şəki"), STRANGER)


def test_record_written_during_a_rebuild_is_indexed_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place("geo:1", az="Şəki"))
    before = index.newest_position()
    write(place("geo:2", az="Gəncə"))
    with Follower() as follower:
        with monkeypatch.context() as patch:  # the rebuild began before geo:2 was written, and read it all the same
            patch.setattr(index, "newest_position", lambda: before)
            follower.rebuild()
        follower.catch_up()
    assert search(Question("Gəncə"), STRANGER).total == 1
    assert list(verify_index()) == []
