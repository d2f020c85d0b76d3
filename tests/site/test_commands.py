# SPDX-License-Identifier: Apache-2.0
"""The command as its user meets it: exit codes, one line on stderr, what is printed."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interruption import forget_node

Ortaq = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def filled(ortaq: Ortaq, tmp_path: Path) -> Ortaq:
    """The command on a node with two places and an opinion."""
    lines = [
        {"kind": "place", "source_id": "geo:1", "title": {"az": "Şəki", "ru": "Шеки"}},
        {"kind": "place", "source_id": "geo:2", "title": {"az": "Bakı"}, "audience": "node"},
        {
            "kind": "opinion",
            "source_id": "o:1",
            "about": "geo:1",
            "motivation": "comment",
            "lang": "az",
            "text": "Gözəl",
        },
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert ortaq("import", file).returncode == 0
    return ortaq


def test_search_right_after_import_finds_everything(filled: Ortaq) -> None:
    found = json.loads(filled("search", "Шәки", "--json").stdout)
    assert found["hits"][0]["source_id"] == "geo:1"


def test_verify_is_clean(filled: Ortaq) -> None:
    done = filled("verify")
    assert (done.returncode, done.stdout) == (0, "")
    assert "clean" in done.stderr


def test_commands_that_need_a_node_say_so(ortaq: Ortaq) -> None:
    for command in ("verify", "reindex", "search"):
        done = ortaq(command)
        assert done.returncode == 1
        assert done.stderr.startswith("ortaq: home.absent: There is no node in ")
        assert done.stderr.count("\n") == 1


def test_wrong_usage_is_2(ortaq: Ortaq) -> None:
    assert ortaq("search", "--limit", "zero").returncode == 2
    assert ortaq("no-such-command").returncode == 2


def test_backup_and_restore_give_the_same_node(
    filled: Ortaq, tmp_path: Path, command_environment: dict[str, str]
) -> None:
    before = filled("export").stdout
    target = tmp_path / "backup"
    assert filled("backup", target).returncode == 0
    _empty(command_environment)
    done = filled("restore", target)
    assert done.returncode == 0, done.stderr
    assert filled("export").stdout == before
    assert json.loads(filled("search", "Sheki", "--json").stdout)["hits"][0]["source_id"] == "geo:1"


def test_restored_node_goes_on_numbering_where_the_other_was(
    filled: Ortaq, tmp_path: Path, home: Path, command_environment: dict[str, str]
) -> None:
    assert filled("user", "invite").returncode == 0
    assert filled("backup", tmp_path / "backup").returncode == 0
    forget_node(command_environment)
    assert filled("restore", tmp_path / "backup").returncode == 0
    done = filled("user", "invite")
    assert done.returncode == 0, done.stderr
    assert filled("verify").returncode == 0


def test_backup_is_not_written_over_another(filled: Ortaq, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "precious").touch()
    done = filled("backup", tmp_path / "backup")
    assert done.returncode == 1
    assert "backup.target-not-empty" in done.stderr


def test_altered_backup_is_refused(filled: Ortaq, tmp_path: Path, command_environment: dict[str, str]) -> None:
    target = tmp_path / "backup"
    filled("backup", target)
    with gzip.open(target / "changes.jsonl.gz", "ab") as stream:
        stream.write(b"{}\n")
    _empty(command_environment)
    done = filled("restore", target)
    assert done.returncode == 1
    assert "backup.unreadable" in done.stderr
    assert "changes.jsonl.gz" in done.stderr


def test_backup_is_not_restored_over_a_node(filled: Ortaq, tmp_path: Path) -> None:
    filled("backup", tmp_path / "backup")
    done = filled("restore", tmp_path / "backup")
    assert done.returncode == 1
    assert "backup.node-not-empty" in done.stderr


def test_erase_by_command(filled: Ortaq) -> None:
    uri = json.loads(filled("search", "Şəki", "--json").stdout)["hits"][0]["uri"]
    assert filled("record", "erase", uri, "--version", "1").returncode == 0
    assert "geo:1" not in filled("export").stdout
    assert filled("verify").returncode == 0
    missing = filled("record", "erase", uri, "--version", "9")
    assert missing.returncode == 1
    assert "record.no-such-version" in missing.stderr


def _empty(environment: dict[str, str]) -> None:
    """Take the node away: its folder, and on PostgreSQL its tables."""
    shutil.rmtree(environment["ORTAQ_HOME"])
    if environment["ORTAQ_DATABASE_URL"]:
        import psycopg

        with psycopg.connect(environment["ORTAQ_DATABASE_URL"], autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
