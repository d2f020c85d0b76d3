# SPDX-License-Identifier: Apache-2.0
"""A reader of OCFL objects that takes nothing for granted, written from the specification and not from our writer.

Faults are told by the codes of https://ocfl.io/1.1/spec/validation-codes.html; warnings are not.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_VERSION = re.compile(r"v(0*)([1-9][0-9]*)\Z", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z", re.ASCII)
_SIDECAR = re.compile(r"([0-9a-fA-F]+)[ \t]+inventory\.json\n\Z", re.ASCII)
_HASHES: dict[str, Callable[[bytes], Any]] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "blake2b-512": hashlib.blake2b,
}


def faults_of_root(root: Path) -> list[str]:
    """What is wrong with a storage root: its declaration, its layout, and each object in it."""
    return list(_of_root(root))


def faults_of_object(folder: Path) -> list[str]:
    """What is wrong with one object."""
    return list(_Object(folder).faults())


def _of_root(root: Path) -> Iterator[str]:
    if (root / "0=ocfl_1.1").read_bytes() != b"ocfl_1.1\n":
        yield "E080 the declaration of the storage root"
    layout = json.loads((root / "ocfl_layout.json").read_bytes())
    config = json.loads((root / "extensions" / layout["extension"] / "config.json").read_bytes())
    if config["extensionName"] != layout["extension"]:
        yield "E071 the layout"
    seen = set()
    for declaration in sorted(root.glob("???/**/0=ocfl_object_1.1")):
        folder = declaration.parent
        seen.add(folder)
        id_ = json.loads((folder / "inventory.json").read_bytes())["id"]
        hashed = hashlib.new(config["digestAlgorithm"], id_.encode()).hexdigest()
        if folder.relative_to(root) != Path(hashed[:3], hashed[3:6], hashed[6:9], _encoded(id_)):
            yield f"E072 {id_} lies in {folder}"
        yield from faults_of_object(folder)
    for path in sorted(root.glob("???/**/*")):
        if path.is_file() and not any(path.is_relative_to(folder) for folder in seen):
            yield f"E084 {path} is in no object"
        if path.is_dir() and not any(path.iterdir()):
            yield f"E073 {path} is empty"


def _encoded(id_: str) -> str:
    """As the layout 0003 has it."""
    return "".join(one if one.isascii() and (one.isalnum() or one in "-_") else f"%{ord(one):02x}" for one in id_)


class _Object:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def faults(self) -> Iterator[str]:
        yield from self._declaration()
        found = yield from self._inventory(self.folder)
        if found is None:
            return
        shape = list(_shape(found))
        yield from shape
        if shape:
            return
        yield from self._root_entries(found)
        yield from self._versions_on_disk(found)
        yield from self._content(found)
        yield from self._older_inventories(found)

    def _declaration(self) -> Iterator[str]:
        declared = list(self.folder.glob("0=*"))
        if not declared:
            yield "E003 no declaration"
        for path in declared:
            if path.read_text("utf-8") != path.name.removeprefix("0=") + "\n":
                yield "E007 the declaration"

    def _inventory(self, folder: Path) -> Any:
        """Yield what is wrong with the file itself; return it, or None if it cannot be read."""
        path = folder / "inventory.json"
        if not path.is_file():
            yield "E063 no inventory"
            return None
        data = path.read_bytes()
        try:
            found = json.loads(data)
        except ValueError:
            yield "E033 the inventory is no JSON"
            return None
        if not isinstance(found, dict):
            yield "E033 the inventory is no object"
            return None
        algorithm = found.get("digestAlgorithm")
        if algorithm not in ("sha512", "sha256"):
            yield "E025 the algorithm"
            return None
        sidecar = folder / f"inventory.json.{algorithm}"
        if not sidecar.is_file():
            yield "E058 no sidecar"
        elif not (match := _SIDECAR.match(sidecar.read_text("utf-8"))):
            yield "E061 the sidecar"
        elif match[1].lower() != _HASHES[algorithm](data).hexdigest():
            yield f"E060 the digest of the inventory in {folder.name}"
        return found

    def _root_entries(self, found: Mapping[str, Any]) -> Iterator[str]:
        known = {"inventory.json", f"inventory.json.{found['digestAlgorithm']}", *found["versions"]}
        for path in self.folder.iterdir():
            if path.name == "extensions" and path.is_dir():
                yield from (f"E067 {one.name} in extensions" for one in path.iterdir() if one.is_file())
            elif path.name == "logs" and path.is_dir():
                continue
            elif path.name not in known and not path.name.startswith("0=ocfl_object_"):
                yield f"E001 {path.name} in the root of the object"

    def _versions_on_disk(self, found: Mapping[str, Any]) -> Iterator[str]:
        for name in found["versions"]:
            if not (self.folder / name).is_dir():
                yield f"E010 {name} is not there"
                continue
            for path in (self.folder / name).iterdir():
                if path.is_file() and path.name != "inventory.json" and not path.name.startswith("inventory.json."):
                    yield f"E015 {path.name} in {name}"

    def _content(self, found: Mapping[str, Any]) -> Iterator[str]:
        manifest = {path: digest for digest, paths in found["manifest"].items() for path in paths}
        yield from self._digests(found["digestAlgorithm"], found["manifest"], "E092")
        for algorithm, block in found.get("fixity", {}).items():
            if algorithm in _HASHES:
                yield from self._digests(algorithm, block, "E093")
        content = found.get("contentDirectory", "content")
        lying = {
            path.relative_to(self.folder).as_posix()
            for name in found["versions"]
            for path in (self.folder / name / content).rglob("*")
            if path.is_file()
        }
        yield from (f"E023 {path} is not in the manifest" for path in sorted(lying - manifest.keys()))
        used = {digest.lower() for version in found["versions"].values() for digest in version["state"]}
        yield from (
            f"E107 {digest[:9]}… is used by no version" for digest in found["manifest"] if digest.lower() not in used
        )

    def _digests(self, algorithm: str, block: Mapping[str, list[str]], code: str) -> Iterator[str]:
        for digest, paths in block.items():
            for path in paths:
                file = self.folder / path
                if not file.is_file():
                    yield f"{code} E093 {path} is not there"
                elif _HASHES[algorithm](file.read_bytes()).hexdigest() != digest.lower():
                    yield f"{code} {path} has another {algorithm}"

    def _older_inventories(self, root: Mapping[str, Any]) -> Iterator[str]:
        for name in root["versions"]:
            if not (self.folder / name / "inventory.json").is_file():
                continue
            found = yield from self._inventory(self.folder / name)
            if found is None:
                continue
            shape = list(_shape(found))
            yield from shape
            if shape:
                continue
            if (
                name == root["head"]
                and (self.folder / name / "inventory.json").read_bytes()
                != (self.folder / "inventory.json").read_bytes()
            ):
                yield f"E064 the inventory of {name} is not that of the object"
            if found["head"] != name:
                yield f"E040 the head of the inventory in {name}"
            if found["id"] != root["id"]:
                yield f"E037 the id in {name}"
            if found.get("contentDirectory", "content") != root.get("contentDirectory", "content"):
                yield f"E019 the folder of content in {name}"
            yield from self._digests(found["digestAlgorithm"], found["manifest"], "E092")
            for older in found["versions"]:
                if not _says_the_same(found, root, older):
                    yield f"E066 {older} in the inventory of {name}"


def _says_the_same(found: Mapping[str, Any], root: Mapping[str, Any], version: str) -> bool:
    """Whether an older inventory has the same logical paths in *version*, each with bytes that the newer one knows for it."""
    if version not in root["versions"]:
        return False
    here, there = _contents(found, version), _contents(root, version)
    return here.keys() == there.keys() and all(here[path] <= there[path] for path in here)


def _contents(inventory: Mapping[str, Any], version: str) -> dict[str, set[str]]:
    """Logical path → where its bytes lie."""
    manifest = {digest.lower(): set(paths) for digest, paths in inventory["manifest"].items()}
    state = inventory["versions"][version]["state"]
    return {path: manifest.get(digest.lower(), set()) for digest, paths in state.items() for path in paths}


def _shape(found: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong within an inventory, whatever lies on the disk."""
    if not isinstance(found.get("id"), str) or not found["id"]:
        yield "E036 no id"
    if not re.match(r"https://ocfl\.io/1\.[01]/spec/#inventory\Z", str(found.get("type"))):
        yield "E038 the type"
    content = found.get("contentDirectory", "content")
    if not isinstance(content, str) or "/" in content or content in ("", ".", ".."):
        yield "E017 E018 the folder of content"
    if not isinstance(found.get("manifest"), dict):
        yield "E041 no manifest"
        return
    if not isinstance(found.get("versions"), dict) or not found["versions"]:
        yield "E043 E008 no versions"
        return
    numbers = yield from _numbers(found)
    if numbers is None:
        return
    yield from _digests_once(found["manifest"], "E096")
    yield from _paths(path for paths in found["manifest"].values() for path in _listed(paths))
    fixity = found.get("fixity", {})
    if not isinstance(fixity, dict):
        yield "E111 the fixity"
        return
    for block in fixity.values():
        yield from _digests_once(block, "E097")
        yield from _paths(path for paths in block.values() for path in _listed(paths))
    known = {digest.lower() for digest in found["manifest"]}
    for name, version in found["versions"].items():
        yield from _version_block(name, version, known)


def _numbers(found: Mapping[str, Any]) -> Any:
    matches = {name: _VERSION.match(name) for name in found["versions"]}
    if any(match is None for match in matches.values()):
        yield "E046 E001 the name of a version"
        return None
    numbers = sorted(int(match[2]) for match in matches.values() if match)
    if numbers != list(range(1, len(numbers) + 1)):
        yield "E010 E009 versions are missing"
    padded = {(len(name) if match[1] else 0) for name, match in matches.items() if match}
    if len(padded) > 1:
        yield "E011 E012 E013 some names of versions are padded"
    head = found.get("head")
    match = _VERSION.match(head) if isinstance(head, str) else None
    if head is None:
        yield "E036 no head"
    elif match is None or head not in found["versions"] or int(match[2]) != numbers[-1]:
        yield "E040 E011 E013 the head"
    return numbers


def _version_block(name: str, version: Any, known: set[str]) -> Iterator[str]:
    if not isinstance(version, dict):
        yield f"E047 {name}"
        return
    if not isinstance(version.get("created"), str) or not _RFC3339.match(version["created"]):
        yield f"E049 E048 when {name} was made"
    if not isinstance(version.get("message", ""), str):
        yield f"E094 the message of {name}"
    user = version.get("user", {"name": "x"})
    if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
        yield f"E054 the user of {name}"
    state = version.get("state")
    if not isinstance(state, dict):
        yield f"E050 E048 the state of {name}"
        return
    yield from _digests_once(state, "E050")
    yield from (f"E050 a digest of {name} is not in the manifest" for digest in state if digest.lower() not in known)
    for paths in state.values():
        if not isinstance(paths, list):
            yield f"E050 E051 a state of {name}"
            return
    yield from _paths((path for paths in state.values() for path in paths), "E053 E052", "E095")


def _listed(paths: Any) -> list[Any]:
    return paths if isinstance(paths, list) else [None]


def _digests_once(block: Mapping[str, Any], code: str) -> Iterator[str]:
    counts = Counter(digest.lower() for digest in block)
    yield from (f"{code} a digest twice" for count in counts.values() if count > 1)


def _paths(paths: Iterable[Any], form: str = "E100 E099", once: str = "E101") -> Iterator[str]:
    found = list(paths)
    for path in found:
        if not isinstance(path, str) or any(part in ("", ".", "..") for part in path.split("/")):
            yield f"{form} the path {path}"
            return
    folders = {path.rpartition("/")[0] for path in found}
    folders |= {"/".join(folder.split("/")[:depth]) for folder in folders for depth in range(1, folder.count("/") + 1)}
    if len(set(found)) < len(found) or folders & set(found):
        yield f"{once} a path twice, or also as a folder"
