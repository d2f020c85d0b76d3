# SPDX-License-Identifier: Apache-2.0
"""OCFL 1.1: a storage root in which each record is an object, and each of its versions one of the object's.

A version has `change.json` (the signed header), `body.json` (byte for byte what the header's digest is of) and `files/`. What of it
could not come along stands in `left-out.json`. https://ocfl.io/1.1/spec/
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ortaq.core.audience import Viewer
from ortaq.doors.exports.folders import copy_kept, remove_if_empty, whole_folder
from ortaq.doors.exports.packing import ALTERED, Attached, Left, Packed, as_json, packed
from ortaq.files.errors import FileAbsent, FileDamaged
from ortaq.records.models import Record

LAYOUT: Final = "0003-hash-and-id-n-tuple-storage-layout"
_LAYOUT_CONFIG = {
    "extensionName": LAYOUT,
    "digestAlgorithm": "sha256",
    "tupleSize": 3,
    "numberOfTuples": 3,
}
_DESCRIPTION = "Each object is a record of Ortaq, its id is the URI of the record."
_INVENTORY = "https://ocfl.io/1.1/spec/#inventory"


def write_storage_root(records: Iterable[Record], viewer: Viewer, target: Path) -> tuple[int, Left]:
    """Write *records*, as *viewer* may see them, into a new storage root at *target*; return how many there are, and what was left out.

    raises TargetTaken, ExportUnwritable, ExportDiskFull; *target* is then not there
    """
    count, left = 0, Left()
    with whole_folder(target) as root:
        _declare(root, "ocfl_1.1")
        (root / "ocfl_layout.json").write_bytes(as_json({"extension": LAYOUT, "description": _DESCRIPTION}))
        config = root / "extensions" / LAYOUT / "config.json"
        config.parent.mkdir(parents=True)
        config.write_bytes(as_json(_LAYOUT_CONFIG))
        for record in records:
            Object(record.uri, root / path_of_object(record.uri), left).write(packed(record, viewer))
            count += 1
    return count, left


def path_of_object(uri: str) -> Path:
    """Return where an object lies in a storage root, by the layout extension 0003. The URI of a record is never too long for a folder."""
    hashed = hashlib.sha256(uri.encode("utf-8")).hexdigest()
    return Path(hashed[:3], hashed[3:6], hashed[6:9], uri.replace(":", "%3a"))


def _declare(folder: Path, what: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"0={what}").write_text(f"{what}\n", "ascii")


class Object:
    """One object while it is written. Bytes that are the same are there once, in whichever version brought them first."""

    def __init__(self, uri: str, folder: Path, left: Left) -> None:
        self.uri, self.folder, self.left = uri, folder, left
        self._manifest: dict[str, list[str]] = {}
        self._versions: dict[str, dict[str, Any]] = {}
        self._copied: dict[str, str] = {}  # digest of the file → SHA-512

    def write(self, versions: Iterable[Packed]) -> None:
        """Write all versions, the inventory after each of them, and at last that of the object."""
        _declare(self.folder, "ocfl_object_1.1")
        for version in versions:
            name = f"v{version.number}"
            (self.folder / name).mkdir()
            self._versions[name] = {
                "created": version.at,
                "message": version.message or version.state,
                "user": {"name": version.by or self.uri, "address": version.by or self.uri},
                "state": self._state(version, name),
            }
            self._write_inventory(self.folder / name, name)
            last = name
        self._write_inventory(self.folder, last)

    def _state(self, version: Packed, name: str) -> dict[str, list[str]]:
        """Bring the content of a version; return its logical paths by digest."""
        state: dict[str, list[str]] = {}
        left_out: list[dict[str, str]] = []

        def has(path: str, sha512: str) -> None:
            state.setdefault(sha512, []).append(path)

        if version.state:
            left_out.append({"what": "version", "why": version.state})
            if version.state == ALTERED:
                self.left.altered.append(f"{self.uri} {name}")
        for attached in version.files:
            fault = self._bring_file(attached, name)
            if fault:
                left_out.append({"what": "file", "name": attached.name, "digest": attached.digest, "why": fault})
            else:
                has(f"files/{attached.path}", self._copied[attached.digest])
        remove_if_empty(self.folder / name / "content" / "files")
        if version.change is not None:
            has("change.json", self._bring(as_json(version.change), f"{name}/content/change.json"))
        if version.body is not None:
            has("body.json", self._bring(version.body, f"{name}/content/body.json"))
        if left_out:
            has("left-out.json", self._bring(as_json(left_out), f"{name}/content/left-out.json"))
        remove_if_empty(self.folder / name / "content")
        return state

    def _bring_file(self, attached: Attached, name: str) -> str:
        """Copy a file unless the object has it; return why it could not be."""
        if attached.digest in self._copied:
            return ""
        path = f"{name}/content/files/{attached.path}"
        try:
            sha512 = copy_kept(attached.digest, self.folder / path)
        except FileDamaged as error:
            self.left.damaged.append(f"{self.uri}: {error}")
            return error.code
        except FileAbsent as error:
            self.left.away += 1
            return error.code
        self._copied[attached.digest] = sha512
        if not self._note(sha512, path):  # somebody has attached what is also a body
            (self.folder / path).unlink()
        return ""

    def _bring(self, content: bytes, path: str) -> str:
        sha512 = hashlib.sha512(content).hexdigest()
        if self._note(sha512, path):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)
        return sha512

    def _note(self, sha512: str, path: str) -> bool:
        """Put content into the manifest; False if it is there under another path."""
        if sha512 in self._manifest:
            return False
        self._manifest[sha512] = [path]
        return True

    def _write_inventory(self, folder: Path, head: str) -> None:
        inventory = as_json(
            {
                "id": self.uri,
                "type": _INVENTORY,
                "digestAlgorithm": "sha512",
                "contentDirectory": "content",
                "head": head,
                "manifest": self._manifest,
                "versions": self._versions,
            }
        )
        (folder / "inventory.json").write_bytes(inventory)
        sidecar = f"{hashlib.sha512(inventory).hexdigest()} inventory.json\n"
        (folder / "inventory.json.sha512").write_text(sidecar, "ascii")
