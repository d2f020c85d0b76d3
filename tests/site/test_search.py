# SPDX-License-Identifier: Apache-2.0
"""`ortaq search --queries`: many questions in, one line of answer for each, in their order."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Ortaq = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def towns(ortaq: Ortaq, tmp_path: Path) -> Ortaq:
    file = tmp_path / "in.jsonl"
    titles = {"sheki": {"az": "Şəki", "ru": "Шеки"}, "genje": {"az": "Gəncə"}}
    lines = [{"kind": "place", "source_id": key, "title": title} for key, title in titles.items()]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert ortaq("import", file).returncode == 0
    return ortaq


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_is_answered_in_its_order(towns: Ortaq, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"q": "Гянджа", "lang": "ru", "kind": "place"}\n\n{"q": "Sheki"}\n', "utf-8")
    done = towns("search", "--queries", file, "--json")
    [genje, sheki] = answers(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert (genje["q"], sheki["q"]) == ("Гянджа", "Sheki")
    [hit] = sheki["hits"]
    assert set(hit) == {"uri", "source_id", "kind", "title", "score"}
    assert (hit["source_id"], hit["kind"], hit["title"]) == ("sheki", "place", "Шеки")
    assert genje["hits"][0]["source_id"] == "genje"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"q": "She', "search.line-malformed"),
        ('["Sheki"]', "search.line-malformed"),
        ('{"q": 1}', "search.line-malformed"),
        ('{"q": "Sheki", "limit": 1}', "search.line-malformed"),
        ('{"q": "Sheki", "kind": "castle"}', "record.unknown-kind"),
        (json.dumps({"q": "x" * 2000}), "search.question-malformed"),
    ],
)
def test_a_bad_line_is_named_and_stops_no_other(towns: Ortaq, tmp_path: Path, line: str, code: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(f'{line}\n{{"q": "Sheki"}}\n', "utf-8")
    done = towns("search", "--queries", file)
    [bad, good] = answers(done)
    assert (done.returncode, bad["hits"], bad["error"]["code"]) == (1, [], code)
    assert done.stderr.startswith(f"ortaq: {file}:1: {code}: ") and done.stderr.count("\n") == 1
    assert good["hits"][0]["source_id"] == "sheki"


def test_unknown_kind_and_missing_file_are_said_in_one_line(towns: Ortaq) -> None:
    for arguments in (["Sheki", "--kind", "castle"], ["--queries", "/nowhere/q.jsonl"]):
        done = towns("search", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert done.stderr.startswith("ortaq: ")


def test_reindex_gives_the_same_answers(towns: Ortaq) -> None:
    before = towns("search", "Sheki", "--json").stdout
    done = towns("reindex")
    assert (done.returncode, done.stdout) == (0, "")
    assert towns("search", "Sheki", "--json").stdout == before
    assert towns("verify").returncode == 0
