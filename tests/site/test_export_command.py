# SPDX-License-Identifier: Apache-2.0
"""`ortaq export`: to a file as a whole or not at all."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import bagit
import orjson
import pytest

from ortaq.doors.exports.errors import NoSuchExport, TargetMissing
from ortaq.nodes.identity import Identity
from ortaq.site.commands import export
from ortaq.site.commands.export import export_records
from tests.exchange.disk import NoMount, mounted
from tests.factories import Write
from tests.interruption import ORTAQ, killed
from tests.standards.ocfl_reading import faults_of_root


def test_file_has_what_the_audience_may_see(node: Identity, place: Write, tmp_path: Path) -> None:
    place("geo:1")
    place("geo:2", audience="node")
    for audience, expected in (("public", ["geo:1"]), ("node", ["geo:1", "geo:2"])):
        assert export_records(format="jsonl", query="", kind=None, audience=audience, output=tmp_path / "out") == 0
        assert [orjson.loads(line)["source_id"] for line in (tmp_path / "out").read_bytes().splitlines()] == expected


def test_standard_output_takes_the_lines(
    node: Identity, place: Write, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    place("geo:1", az="Şəki")

    assert export_records(format="jsonl", query="", kind="place", audience="public", output=None) == 0
    assert orjson.loads(capfdbinary.readouterr().out)["title"] == {"az": ["Şəki"]}


def test_broken_export_leaves_the_old_file(
    node: Identity, place: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> object:
        yield b"half\n"
        raise OSError(28, "No space left on device")

    place("geo:1")
    (tmp_path / "out").write_bytes(b"old")
    monkeypatch.setattr(export, "lines", breaks)

    with pytest.raises(OSError, match="No space"):
        export_records(format="jsonl", query="", kind=None, audience="node", output=tmp_path / "out")
    assert [path.name for path in tmp_path.glob("out*")] == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


def test_wrong_wishes_are_refused(node: Identity) -> None:
    with pytest.raises(NoSuchExport):
        export_records(format="xml", query="", kind=None, audience="node", output=None)


Ortaq = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def with_files(ortaq: Ortaq, tmp_path: Path) -> Ortaq:
    """The command on a node with 100 materials, each with a file of its own."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(100):
        (folder / f"{number}.bin").write_bytes(b"%d" % number * 10_000)
    lines = (
        {"kind": "material", "source_id": f"m:{number}", "title": {"az": "Plan"}, "files": [{"path": f"{number}.bin"}]}
        for number in range(100)
    )
    (folder / "in.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    assert ortaq("import", folder / "in.jsonl").returncode == 0
    return ortaq


def is_whole(format_name: str, folder: Path) -> bool:
    if format_name == "ocfl":
        return faults_of_root(folder) == []
    return bool(bagit.Bag(str(folder)).validate())


@pytest.mark.parametrize("format_name", ["ocfl", "bagit"])
def test_killed_export_of_a_folder_leaves_it_whole_or_not_there(
    with_files: Ortaq, command_environment: dict[str, str], tmp_path: Path, format_name: str
) -> None:
    target = tmp_path / "out"
    command = [ORTAQ, "export", "--format", format_name, str(target)]
    for after in (1.0, 1.6, 2.2):
        killed(command, command_environment, after, family=True)
        if target.exists():
            break
    assert not target.exists() or is_whole(format_name, target)
    done = with_files("export", "--format", format_name, tmp_path / "again")
    assert (done.returncode, done.stdout, done.stderr.endswith("100 records\n")) == (0, "", True), done.stderr
    assert is_whole(format_name, tmp_path / "again")


@pytest.mark.parametrize("format_name", ["ocfl", "bagit"])
def test_full_disk_is_said_and_nothing_is_left_on_it(with_files: Ortaq, tmp_path: Path, format_name: str) -> None:
    try:
        with mounted(tmp_path / "small", 1) as disk:
            done = with_files("export", "--format", format_name, disk.folder / "out")
            assert (done.returncode, "export.disk-full" in done.stderr) == (1, True), done.stderr
            assert list(disk.folder.iterdir()) == []
    except NoMount as error:
        pytest.skip(f"nothing can be mounted here: {error}")


def test_format_that_is_a_folder_needs_one(node: Identity) -> None:
    for name in ("ocfl", "bagit"):
        with pytest.raises(TargetMissing):
            export_records(format=name, query="", kind=None, audience="node", output=None)
