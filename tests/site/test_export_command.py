# SPDX-License-Identifier: Apache-2.0
"""`ortaq export`: to a file as a whole or not at all."""

from pathlib import Path

import orjson
import pytest

from ortaq.doors.exports.errors import NoSuchExport
from ortaq.nodes.identity import Identity
from ortaq.site.commands import export
from ortaq.site.commands.export import export_records
from tests.factories import Write


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
