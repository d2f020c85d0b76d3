# SPDX-License-Identifier: Apache-2.0
"""`ortaq read` as its user meets it."""

import json
from pathlib import Path

import pytest

TEXT = (
    "Weavers meet in Sheki\n24 April 2024 10:00\n\nWeavers from Azerbaijan met in Sheki. They came from Astana too.\n"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_json_has_reports_and_links_and_needs_no_node(ortaq, report, home):
    result = ortaq("read", report, "--json")

    document = json.loads(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert (document["reports"][0]["file"], document["reports"][0]["published_on"]) == (str(report), "2024-04-24")
    assert document["links"] == []
    assert not home.exists()


def test_files_that_are_no_reports_are_refused_and_the_others_read(ortaq, report, tmp_path):
    picture, empty = tmp_path / "picture.png", tmp_path / "empty.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20)
    empty.write_bytes(b"")

    result = ortaq("read", picture, empty, tmp_path, tmp_path / "absent.txt", report, "--json")

    assert result.returncode == 1
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        "report.not-text", "report.empty", "report.missing", "report.missing",
    ]  # fmt: skip
    assert [one["title"] for one in json.loads(result.stdout)["reports"]] == ["Weavers meet in Sheki"]


def test_summary_says_what_was_read(ortaq, report):
    shown = ortaq("read", report).stdout

    assert "Weavers meet in Sheki" in shown and "2024-04-24 (stated)" in shown and "Sheki (AZ)" in shown


def test_kept_report_is_found_and_kept_once(ortaq, report):
    first, second = ortaq("read", report, "--keep"), ortaq("read", report, "--keep")

    assert (first.returncode, first.stderr.count(" made ")) == (0, 2)
    assert second.stderr.count("is here already") == 2
    found = json.loads(ortaq("search", "weavers", "--kind", "report", "--json").stdout)
    assert [hit["title"] for hit in found["hits"]] == ["Weavers meet in Sheki"]
