# SPDX-License-Identifier: Apache-2.0
"""OCFL and BagIt against the fixtures of their makers: our reader of the one agrees with all, and `bagit` with those of the other."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

from tests.standards.ocfl_reading import faults_of_object, faults_of_root

SUITES = Path(__file__).parents[3] / "shared" / "suites"
OCFL = SUITES / "ocfl"
BAGS = SUITES / "bagit"
KNOWN_WRONG = {"bagit-with-invalid-whitespace"}  # `bagit` 1.9.0 takes it


def objects(*sorts: str) -> list[Path]:
    return sorted(path for sort in sorts for path in OCFL.glob(f"*/{sort}-objects/*"))


def named(path: Path) -> str:
    return "/".join(path.parts[-3:])


@pytest.mark.skipif(not OCFL.is_dir(), reason="the suites are not beside the checkout")
def test_reader_agrees_with_the_fixtures_of_ocfl() -> None:
    good = {named(path): faults_of_object(path) for path in objects("good", "warn")}
    bad = {named(path): faults_of_object(path) for path in objects("bad")}
    print(f"OCFL: {len(good)} good or with a warning, {len(bad)} bad")
    assert {name: faults for name, faults in good.items() if faults} == {}
    assert [name for name, faults in bad.items() if not faults] == []
    other = {
        name: faults
        for name, faults in bad.items()
        if not set(re.findall(r"E\d{3}", name)) & set(re.findall(r"E\d{3}", " ".join(faults)))
    }
    assert other == {}


def bags(*sorts: str) -> list[Path]:
    return sorted(path for version in ("v0.97", "v1.0") for sort in sorts for path in BAGS.glob(f"{version}/{sort}/*"))


def is_valid(path: Path) -> bool:
    try:
        bagit.Bag(str(path)).validate()
    except (bagit.BagError, bagit.BagValidationError, UnicodeDecodeError):
        return False
    return True


@pytest.mark.skipif(not BAGS.is_dir(), reason="the suites are not beside the checkout")
def test_library_that_writes_our_bags_judges_as_the_suite_of_bagit() -> None:
    wrong = {path.name for path in bags("valid") if not is_valid(path)}
    wrong |= {path.name for path in bags("invalid") if is_valid(path)}
    print(f"BagIt: {len(bags('valid'))} valid, {len(bags('invalid'))} invalid; judged otherwise: {sorted(wrong)}")
    assert wrong <= KNOWN_WRONG


ORACLE = """
import sys, ocfl
root = ocfl.StorageRoot(root=sys.argv[1])
is_valid = root.validate(log_warnings=True)
print(root.num_objects, root.good_objects, root.errors, root.log)
sys.exit(0 if is_valid else 1)
"""


@pytest.mark.skipif("ORTAQ_OCFL_PYTHON" not in os.environ, reason="ORTAQ_OCFL_PYTHON names no Python with ocfl-py")
def test_export_is_valid_by_ocfl_py(ortaq: Callable[..., Any], tmp_path: Path) -> None:
    """ocfl-py stands in an environment of its own: by way of its S3 client it demands an older dateutil than ours."""
    (tmp_path / "plan.txt").write_text("Ön fasad: 12 m", "utf-8")
    for text in ("Plan", "Kəsik"):  # two versions of each
        line = {"kind": "material", "title": {"az": text}, "files": [{"path": "plan.txt"}]}
        lines = [json.dumps({**line, "source_id": f"m:{number}"}) for number in range(20)]
        (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        assert ortaq("import", tmp_path / "in.jsonl").returncode == 0
    done = ortaq("export", "--format", "ocfl", tmp_path / "root")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    command = [os.environ["ORTAQ_OCFL_PYTHON"], "-c", ORACLE, tmp_path / "root"]
    judged = subprocess.run(command, capture_output=True, text=True, timeout=300)
    print(f"ocfl-py: {judged.stdout.strip()}")
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert faults_of_root(tmp_path / "root") == []
    assert ortaq("export", "--format", "bagit", tmp_path / "bag").returncode == 0
    bagit.Bag(str(tmp_path / "bag")).validate()
