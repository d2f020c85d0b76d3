# SPDX-License-Identifier: Apache-2.0
"""OCFL and BagIt: what the viewer may see, under safe names, whole or not at all, and never wrong bytes."""

import io
import json
from pathlib import Path
from typing import Any

import bagit
import orjson
import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.doors.exports import bags, ocfl
from ortaq.doors.exports.bags import folder_of, write_bag
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.errors import ExportDiskFull, ExportUnwritable, TargetTaken
from ortaq.doors.exports.ocfl import path_of_object, write_storage_root
from ortaq.doors.imports.run import Options, run_import
from ortaq.files.store import keep, path_of
from ortaq.records.actions import erase_versions, withdraw_as_node
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record
from tests.standards.ocfl_reading import faults_of_object, faults_of_root

INFO = {"Source-Organization": "Test node"}
HOSTILE = (
    "../../etc/passwd",
    "CON.txt",
    "a/b\\c.txt",
    "Gizli\u202etxt.exe",
    "ə" * 250 + ".txt",
    "A.txt",
    "a.txt",
    "",
    "..",
)


def described(text: bytes, name: str) -> dict[str, Any]:
    row = keep(io.BytesIO(text), "x")
    return {"digest": row.digest, "name": name, "media_type": row.media_type, "bytes": row.bytes}


def write(node: Any, source_id: str, files: list[dict[str, Any]], *, audience: str = "public", **more: Any) -> str:
    body = {"source_id": source_id, "title": {"az": "Plan"}, "files": files, **more}
    uri = write_change(Draft("material", body, audience), by=node.uri).uri
    assert uri is not None
    return str(uri)


def node_viewer(node: Any) -> Viewer:
    return Viewer(actor=node.uri)


def as_ocfl(viewer: Viewer, target: Path) -> tuple[int, Any]:
    done = write_storage_root(records(viewer), viewer, target)
    assert faults_of_root(target) == []
    return done


def as_bag(viewer: Viewer, target: Path) -> tuple[int, Any]:
    done = write_bag(records(viewer), viewer, target, info=INFO)
    bagit.Bag(str(target)).validate()
    return done


def content_of(root: Path, uri: str) -> dict[str, dict[str, bytes]]:
    """What each version of an object says: version → logical path → bytes."""
    folder = root / path_of_object(uri)
    inventory = json.loads((folder / "inventory.json").read_bytes())
    assert inventory["id"] == uri
    return {
        name: {
            path: (folder / inventory["manifest"][digest][0]).read_bytes()
            for digest, paths in version["state"].items()
            for path in paths
        }
        for name, version in inventory["versions"].items()
    }


def test_each_version_of_a_record_is_one_of_its_object(node: Any, tmp_path: Path) -> None:
    first, second = described(b"one", "a.txt"), described(b"two", "b.txt")
    uri = write(node, "m:1", [first, second])
    write(node, "m:1", [first, second], description={"az": "Ön fasad"}, change_note="Təsvir əlavə olundu")
    assert as_ocfl(STRANGER, tmp_path / "out")[0] == 1
    versions = content_of(tmp_path / "out", uri)
    assert {name: sorted(found) for name, found in versions.items()} == {
        "v1": ["body.json", "change.json", "files/a.txt", "files/b.txt"],
        "v2": ["body.json", "change.json", "files/a.txt", "files/b.txt"],
    }
    assert versions["v2"]["files/b.txt"] == b"two"
    change = orjson.loads(versions["v2"]["change.json"])
    assert change["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert b"\xc3\x96n fasad" in versions["v2"]["body.json"]
    folder = tmp_path / "out" / path_of_object(uri)
    assert not (folder / "v2" / "content" / "files").exists()  # the same bytes are there once
    inventory = json.loads((folder / "inventory.json").read_bytes())
    assert inventory["versions"]["v2"]["message"] == "Təsvir əlavə olundu"


def test_erased_and_withdrawn_versions_keep_their_signed_header(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [])
    write(node, "m:1", [], description={"az": "səhv"})
    write(node, "m:1", [], description={"az": "düz"})
    erase_versions(uri, [2], by=node.uri)
    as_ocfl(STRANGER, tmp_path / "out")
    versions = content_of(tmp_path / "out", uri)
    assert sorted(versions["v2"]) == ["change.json"]
    assert "səhv" not in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.json")).decode()
    withdraw_as_node(uri, by=node.uri)
    assert as_ocfl(STRANGER, tmp_path / "other")[0] == 0


@pytest.mark.parametrize("export", [as_ocfl, as_bag])
def test_what_the_viewer_may_not_see_stays(node: Any, tmp_path: Path, export: Any) -> None:
    write(node, "m:1", [described(b"open", "a.txt")])
    write(node, "m:2", [described(b"gizli", "gizli.txt")], audience="node", description={"az": "Gizli otaq"})
    assert export(STRANGER, tmp_path / "public")[0] == 1
    assert export(node_viewer(node), tmp_path / "inside")[0] == 2
    for folder, is_there in (("public", False), ("inside", True)):
        everything = b"".join(path.read_bytes() for path in (tmp_path / folder).rglob("*") if path.is_file())
        assert (b"gizli" in everything, b"Gizli otaq" in everything) == (is_there, is_there)


def test_versions_before_a_record_was_opened_are_withheld(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [described(b"draft", "draft.txt")], audience="node", description={"az": "Gizli otaq"})
    write(node, "m:1", [described(b"open", "a.txt")])
    as_ocfl(STRANGER, tmp_path / "out")
    versions = content_of(tmp_path / "out", uri)
    assert {name: sorted(found) for name, found in versions.items()} == {
        "v1": ["left-out.json"],
        "v2": ["body.json", "change.json", "files/a.txt"],
    }
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert b"Gizli" not in everything
    assert b"draft" not in everything


@pytest.mark.parametrize("export", [as_ocfl, as_bag])
def test_hostile_names_become_safe_paths_inside(node: Any, tmp_path: Path, export: Any) -> None:
    files = [described(b"%d" % number, name or "x") for number, name in enumerate(HOSTILE)]
    uri = write(node, "m:1", files)
    export(STRANGER, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "node") == ["out"]
    inside = path_of_object(uri) / "v1/content/files" if export is as_ocfl else Path("data/files", folder_of(uri))
    found = sorted(path.name for path in (tmp_path / "out" / inside).iterdir())
    assert len({name.casefold() for name in found}) == len(HOSTILE)
    assert all(len(name.encode()) <= 250 for name in found)
    assert {(tmp_path / "out" / inside / name).read_bytes() for name in found} == {
        b"%d" % number for number in range(len(HOSTILE))
    }


@pytest.mark.parametrize("export", [as_ocfl, as_bag])
def test_wrong_bytes_do_not_go_out_and_are_said(node: Any, tmp_path: Path, export: Any) -> None:
    good, bad, gone = described(b"good", "a.txt"), described(b"right", "b.txt"), described(b"gone", "c.txt")
    uri = write(node, "m:1", [good, bad, gone])
    path_of(bad["digest"]).write_bytes(b"wrong")
    path_of(gone["digest"]).unlink()
    _count, left = export(STRANGER, tmp_path / "out")
    assert not left.is_whole
    assert [line.partition(":")[0] for line in left.damaged] == ["urn", "urn"]
    assert all(uri in line for line in left.damaged)
    assert b"wrong" not in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())


@pytest.mark.parametrize("export", [as_ocfl, as_bag])
def test_target_that_is_taken_is_left_alone(node: Any, tmp_path: Path, export: Any) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious").touch()
    with pytest.raises(TargetTaken):
        export(STRANGER, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious"]
    with pytest.raises(ExportUnwritable):
        export(STRANGER, tmp_path / "no" / "folder")


@pytest.mark.parametrize("export", [as_ocfl, as_bag])
@pytest.mark.parametrize("module", [ocfl, bags])
def test_full_disk_is_said_and_leaves_nothing(
    node: Any, tmp_path: Path, export: Any, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(digest: str, target: Path) -> str:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    write(node, "m:1", [described(b"one", "a.txt")])
    for each in (ocfl, bags):
        monkeypatch.setattr(each, "copy_kept", full)
    with pytest.raises(ExportDiskFull):
        export(STRANGER, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["node"]


def test_what_a_killed_export_left_is_removed_by_the_next(node: Any, tmp_path: Path) -> None:
    (tmp_path / "out.partial" / "half").mkdir(parents=True)
    write(node, "m:1", [])
    as_ocfl(STRANGER, tmp_path / "out")
    assert not (tmp_path / "out.partial").exists()


def test_bag_is_taken_in_again_with_its_files(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [described(b"one", "a.txt"), described(b"two", "../a.txt")])
    assert as_bag(STRANGER, tmp_path / "bag")[0] == 1
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert (bag.version_info, bag.algorithms, bag.info["Source-Organization"]) == ((0, 97), ["sha512"], "Test node")
    (line,) = (tmp_path / "bag/data/changes.jsonl").read_bytes().splitlines()
    assert orjson.loads(line)["change"]["record"] == uri
    line = orjson.loads((tmp_path / "bag/data/records.jsonl").read_bytes())
    (tmp_path / "bag/data/records.jsonl").write_bytes(orjson.dumps({**line, "source_id": "m:again"}) + b"\n")
    (summary,) = run_import([tmp_path / "bag/data/records.jsonl"], Options()).files
    assert (summary.counts.made, summary.counts.refused) == (1, 0)
    again = orjson.loads(Record.objects.get(source_id="m:again").change.body)
    assert [(one["name"], one["digest"]) for one in again["files"]] == [
        (one["name"], one["digest"]) for one in line["files"]
    ]


def test_same_bytes_as_a_body_are_there_once(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [])
    body = Record.objects.get(uri=uri).change.body.encode()
    write(node, "m:1", [described(body, "body.txt")])
    as_ocfl(STRANGER, tmp_path / "out")
    assert content_of(tmp_path / "out", uri)["v2"]["files/body.txt"] == body


def test_altered_body_is_said_and_stays(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [], description={"az": "düz"})
    change = Record.objects.get(uri=uri).change
    change.body = change.body.replace("düz", "əyri")
    change.save()
    _count, left = as_ocfl(STRANGER, tmp_path / "out")
    assert left.altered == [f"{uri} v1"]
    assert "əyri" not in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.json")).decode()


def test_reader_of_these_tests_sees_a_flipped_byte(node: Any, tmp_path: Path) -> None:
    uri = write(node, "m:1", [described(b"one", "a.txt")])
    as_ocfl(STRANGER, tmp_path / "out")
    (tmp_path / "out" / path_of_object(uri) / "v1/content/files/a.txt").write_bytes(b"ooe")
    assert {fault.partition(" ")[0] for fault in faults_of_object(tmp_path / "out" / path_of_object(uri))} == {"E092"}
