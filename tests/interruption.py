# SPDX-License-Identifier: Apache-2.0
"""Processes killed without warning, and what a node is like afterwards."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import write_corpus

Ortaq = Callable[..., subprocess.CompletedProcess[str]]
ORTAQ = str(Path(sys.executable).with_name("ortaq"))
SHARED = Path(__file__).parents[2] / "shared" / "suites" / "records"


@dataclass(frozen=True)
class State:
    """What must be the same, however often the way to it was interrupted."""

    changes: int
    records: int
    exported: tuple[str, ...]


def killed(command: Sequence[str | Path], environment: Mapping[str, str], after: float, *, family: bool) -> bool:
    """Start *command*, `kill -9` it *after* so many seconds; True if it was still running.

    family  kill its children with it; otherwise they have to notice by themselves
    """
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        if family:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return True
    return False


def verified(ortaq: Ortaq) -> tuple[int, int]:
    """Return how many changes and records `ortaq verify` found in order; fail with its list if anything is off."""
    done = ortaq("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) changes and (\d+) records", done.stderr)
    assert found, done.stderr
    return int(found[1]), int(found[2])


def has_node(environment: Mapping[str, str]) -> bool:
    """False where a kill came before the node had a key: there is nothing to verify then."""
    return any(Path(environment["ORTAQ_HOME"]).glob("keys/*.key"))


def state_of(ortaq: Ortaq) -> State:
    """Verify the node, then return its state in a form that can be compared with another node's."""
    changes, records = verified(ortaq)
    exported = ortaq("export")
    assert exported.returncode == 0, exported.stderr
    lines = re.sub(r"urn:ortaq:[a-z0-9]{26}", "urn:ortaq:NODE", exported.stdout).splitlines()
    return State(changes, records, tuple(sorted(lines)))


def inputs(folder: Path, count: int) -> list[Path]:
    """Return a generated file of *count* records, and the LIDO records and lists of ../shared if they are there."""
    generated = folder / "generated.jsonl"
    write_corpus(generated, count)
    shared = [SHARED / "unesco" / "whc_kz_kg_tr.xml", SHARED / "gazetteer" / "geonames_kz_kg_tr.json"]
    shared += sorted((SHARED / "lido").glob("*.xml"))
    return [generated, *(file for file in shared if file.is_file())]


def forget_node(environment: Mapping[str, str]) -> None:
    """Take the node away: its folder, and on PostgreSQL its tables."""
    shutil.rmtree(environment["ORTAQ_HOME"], ignore_errors=True)
    if environment["ORTAQ_DATABASE_URL"]:
        import psycopg

        with psycopg.connect(environment["ORTAQ_DATABASE_URL"], autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
