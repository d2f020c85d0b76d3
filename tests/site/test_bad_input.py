# SPDX-License-Identifier: Apache-2.0
"""Bad input and bad surroundings: what the user of the command sees, and that the node is whole afterwards."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.corpus import write_corpus
from tests.conftest import ENGINE
from tests.interruption import Ortaq, verified
from tests.serving import Serve

GOOD = '{"kind":"place","source_id":"a:%d","title":{"az":"Şəki"}}\n'
LIDO = """<lido:lidoWrap xmlns:lido="http://www.lido-schema.org"><lido:lido>
<lido:lidoRecID lido:type="local">%s</lido:lidoRecID><lido:descriptiveMetadata xml:lang="en"><lido:objectIdentificationWrap>
<lido:titleWrap><lido:titleSet><lido:appellationValue>%s</lido:appellationValue></lido:titleSet></lido:titleWrap>
</lido:objectIdentificationWrap></lido:descriptiveMetadata></lido:lido></lido:lidoWrap>"""


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What stands on stderr, a line each; a traceback is nothing that a user should see."""
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()


def test_cut_line_and_unknown_fields_are_named_and_stop_nothing(ortaq: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    unknown = '{"kind":"place","source_id":"a:2","title":{"az":"Gəncə"},"hight":3,"colour":"red"}\n'
    file.write_text(
        GOOD % 1 + '{"kind":"place","title":{"az":"Ba\n' + unknown + GOOD % 3 + '{"kind":"place","sour', "utf-8"
    )

    done = ortaq("import", file)

    assert done.returncode == 1
    lines = told(done)
    assert [re.sub(r"^.*in\.jsonl:(\d+: \S+): .*", r"\1", line) for line in lines] == [
        "2: import.not-json",
        "3: record.unknown-field",
        "5: import.not-json",
    ]
    assert "'hight', 'colour'" in lines[1]
    assert "5 in = 2 made + 0 revised + 0 unchanged + 3 refused" in done.stdout
    assert verified(ortaq) == (2, 2)


def test_csv_in_windows_1251_is_read_as_it_was_meant(ortaq: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "win.csv"
    file.write_bytes("id;название;страна\n1;Шеки;AZ\n2;Самарканд;UZ\n".encode("cp1251"))

    asked = ortaq("import", file)
    done = ortaq("import", "--accept-guess", file, "--report", tmp_path / "report.json")

    assert asked.returncode == 2
    assert f"{file}: read as Windows-1251, cells separated by ';'" in told(asked)
    [reported] = json.loads((tmp_path / "report.json").read_text())["files"]
    assert reported["layout"] == {"encoding": "Windows-1251", "delimiter": ";"}
    assert told(asked)[-1].startswith("import.needs-mapping: ")
    assert done.returncode == 0
    assert "Самарканд" in ortaq("export").stdout
    assert verified(ortaq) == (2, 2)


def test_line_too_long_is_named_and_the_next_one_comes_in(ortaq: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    with file.open("wb") as stream:
        stream.write(b'{"kind":"place","title":{"az":"' + b"a" * 40_000_000 + b'"}}\n')
        stream.write((GOOD % 1).encode())

    done = ortaq("import", file)

    assert done.returncode == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in told(done)] == ["import.line-too-long"]
    assert verified(ortaq) == (1, 1)


def test_xml_that_is_not_well_formed_comes_in_up_to_the_fault(ortaq: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "cut.xml"
    whole = LIDO % ("X1", "Bowl")
    record = whole[whole.index("<lido:lido>") : whole.index("</lido:lidoWrap>")]
    file.write_text(whole.replace("</lido:lidoWrap>", record[:200]), "utf-8")

    done = ortaq("import", file)

    assert done.returncode == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in told(done)] == ["import.not-well-formed"]
    assert "1 in = 1 made" in done.stdout
    verified(ortaq)


def test_xml_with_external_entities_is_refused_unread(ortaq: Ortaq, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET", "utf-8")
    file = tmp_path / "entity.xml"
    doctype = f'<!DOCTYPE lido:lidoWrap [<!ENTITY x SYSTEM "file://{secret}">]>'
    file.write_text(f'<?xml version="1.0"?>{doctype}{LIDO % ("X1", "&x; bowl")}', "utf-8")

    done = ortaq("import", file)

    assert done.returncode == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in told(done)] == ["import.xml-forbidden"]
    assert "TOPSECRET" not in done.stdout + done.stderr + ortaq("export").stdout
    assert verified(ortaq) == (0, 0)


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """The data folder on a disk of 16 MB of its own, which only root can make."""
    home.mkdir(parents=True)
    mounted = os.geteuid() == 0 and mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", home)
    if not mounted:
        pytest.skip("only root can mount a small disk here")
    yield home
    subprocess.run(["umount", "-l", home], check=True)


def mount(*words: str | Path) -> bool:
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


@pytest.mark.skipif(ENGINE != "sqlite", reason="the records of this run are not in the data folder")
def test_full_disk_leaves_what_was_committed_and_the_import_goes_on_later(
    small_disk: Path, ortaq: Ortaq, tmp_path: Path
) -> None:
    file = tmp_path / "in.jsonl"
    write_corpus(file, 6_000)

    full = ortaq("import", file)
    assert full.returncode == 1
    assert [line.split(": ")[1] for line in told(full) if line.startswith("ortaq: ")] == ["home.disk-full"]

    assert mount("-o", "remount,size=300m", small_disk)
    changes, records = verified(ortaq)
    assert 0 < changes == records < 6_000
    assert ortaq("import", file).returncode == 0
    assert verified(ortaq) == (6_000, 6_000)


def test_read_only_folder_is_named(small_disk: Path, ortaq: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(GOOD % 1, "utf-8")
    assert ortaq("import", file).returncode == 0
    assert mount("-o", "remount,ro", small_disk)

    for command in (("import", file), ("serve", "--port", "8799"), ("reindex",)):
        done = ortaq(*command)
        assert done.returncode == 1
        (line,) = told(done)
        assert line.startswith(f"ortaq: home.read-only: The data folder {small_disk} cannot be written.")

    assert mount("-o", "remount,rw", small_disk)
    assert verified(ortaq) == (1, 1)


def test_second_serve_of_a_folder_names_the_first(serve: Serve, ortaq: Ortaq) -> None:
    first = serve()

    done = ortaq("serve", "--port", "8798")

    assert done.returncode == 1
    (line,) = told(done)
    assert line.startswith("ortaq: home.already-served: ")
    assert f"process {first.process.pid}." in line
    assert first.process.poll() is None
    verified(ortaq)
