# SPDX-License-Identifier: Apache-2.0
"""A node on a small disk that is full: by what comes from partners, and by whatever else lies on it."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.exchange.members import COME_SECONDS, Federation, Member

MEGA = 2**20
NO_ROOM = "exchange.no-room"


class NoMount(Exception):
    """This machine lets us mount nothing."""


@dataclass(frozen=True)
class Disk:
    """A file system of its own, as large as one says."""

    folder: Path

    def resize(self, megabytes: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.folder], check=True)

    def free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    @property
    def ballast(self) -> Path:
        return self.folder / "of-somebody-else"

    def fill(self, leave: int = 0) -> None:
        """Let something else take all that is free but for *leave* bytes, and go on taking what becomes free."""
        with contextlib.suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while (missing := self.free() - leave) > 0:
                file.write(bytes(min(missing, MEGA)))


@contextlib.contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk of so many megabytes at *folder*; raises NoMount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "ortaq-test", folder]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except FileNotFoundError as error:
        raise NoMount("there is no mount here") from error
    if done.returncode:
        raise NoMount(done.stderr.strip())
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def crowded(three: Federation, disk: Disk, count: int, label: str) -> str:
    """What comes fills the disk down to its floor: it stops there, and the node's own people go on writing."""
    baku, astana, bishkek = three.members
    for number in range(20):
        baku.write(count, f"{label}-{number}")
        if _stands(bishkek, baku):
            break
    _until(lambda: _stands(bishkek, baku), "nothing stopped it")
    baku.write(2 * count, f"{label}-more")  # segments of the index are merged now and then, and a little becomes free
    left = disk.free()
    bishkek.write(20, f"{label}-own")  # the room that is kept is for this
    own = bishkek.heads()[bishkek.id]
    _until(lambda: astana.heads().get(bishkek.id) == own, "what was written beside a full disk did not travel")
    had = bishkek.heads()[baku.id]
    assert 0 < had < baku.heads()[baku.id]
    seconds = _with_room(three, disk)
    return (
        f"stopped by {NO_ROOM} at {had} of {baku.heads()[baku.id]} changes with {left // 1000} kB left, "
        f"wrote its own; all had all {seconds:.1f} s after there was room"
    )


def full(three: Federation, disk: Disk, count: int, label: str) -> str:
    """Something else fills the disk to the last byte while changes come: every write fails, nothing is lost or half there."""
    baku, _astana, bishkek = three.members
    baku.write(count // 4, f"{label}-before")
    three.wait_until_same()
    disk.fill(leave=MEGA // 4)  # so that a batch is begun, and fails in the middle
    baku.write(count, label)
    _until(lambda: NO_ROOM in bishkek.said(), "it did not say that its disk is full")
    disk.fill()
    baku.write(count, f"{label}-more")
    refused = _import_of(bishkek, label)
    assert refused.returncode == 1 and "home.disk-full" in refused.stderr, refused
    for _second in range(8):
        disk.fill()
        assert bishkek.answers() and bishkek.ask("GET", "/api/records?limit=1").status == 200  # reading needs no room
        time.sleep(1)
    had = bishkek.heads()[baku.id]
    assert had < baku.heads()[baku.id] and _stands(bishkek, baku)
    disk.ballast.unlink()
    seconds = _with_room(three, disk)
    return f"full to the last byte at {had} of {baku.heads()[baku.id]} changes; all had all {seconds:.1f} s after there was room"


def _with_room(three: Federation, disk: Disk) -> float:
    """Make room under the running node; return after how many seconds it had caught up by itself."""
    process = three.bishkek.process
    assert process is not None and process.poll() is None
    disk.resize(2_000)
    seconds = three.wait_until_same()
    _until(lambda: not _stands(three.bishkek, three.baku), "it still says that it stands")
    assert process.poll() is None
    assert "Traceback" not in three.bishkek.said(), three.bishkek.said()
    return seconds


def _stands(one: Member, partner: Member) -> bool:
    """Whether the node says of a partner that nothing comes from it for want of room, as a command and on its page."""
    listed = one.ortaq("partner", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    found = {row["node"]: row["failure"] for row in map(json.loads, listed.stdout.splitlines())}
    return found[partner.id].get("code") == NO_ROOM


def _import_of(one: Member, label: str) -> "subprocess.CompletedProcess[str]":
    """Let the node's own people write what is too much."""
    file = one.folder / f"{one.name}-{label}-too-much.jsonl"
    lines = (
        json.dumps({"kind": "place", "source_id": f"{label}-no:{number}", "title": {"ky": ["Айыл " * 50]}})
        for number in range(2_000)
    )
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return one.ortaq("import", file)


def _until(is_so: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + COME_SECONDS
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.5)
