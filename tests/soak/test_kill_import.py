# SPDX-License-Identifier: Apache-2.0
"""`ortaq import` killed at random moments: run again, it ends where an undisturbed import ends, without one superfluous change."""

import random
import time
from pathlib import Path

from tests.interruption import ORTAQ, Ortaq, State, forget_node, has_node, inputs, killed, state_of, verified

RECORDS = 5_000


def test_killed_import_ends_like_an_undisturbed_one(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path, chance: random.Random, rounds: int
) -> None:
    files = inputs(tmp_path, RECORDS)
    print(f"{len(files)} files")
    undisturbed, seconds = _undisturbed(ortaq, files)
    while_running = 0

    for number in range(rounds):
        forget_node(command_environment)
        moment = chance.uniform(0.2, seconds)
        is_family = chance.random() < 0.5
        was_running = killed([ORTAQ, "import", *files], command_environment, moment, family=is_family)
        while_running += was_running
        before = verified(ortaq) if has_node(command_environment) else None
        print(
            f"round {number}: killed after {moment:.2f} s, {'all' if is_family else 'one'}, with {before} changes and records"
        )
        ortaq("import", *files)
        assert state_of(ortaq) == undisturbed, f"round {number}, killed after {moment:.2f} s"

    assert while_running > rounds * 0.6


def test_import_killed_again_and_again_gets_there(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path, chance: random.Random
) -> None:
    files = inputs(tmp_path, RECORDS)
    command = [ORTAQ, "import", *files]
    undisturbed, seconds = _undisturbed(ortaq, files)
    forget_node(command_environment)

    kills = 0
    while killed(command, command_environment, (0.4 + 0.03 * kills) * seconds, family=chance.random() < 0.5):
        kills += 1
        assert kills < 40, "the import does not get on"

    print(f"{kills} kills on the way")
    assert state_of(ortaq) == undisturbed


def _undisturbed(ortaq: Ortaq, files: list[Path]) -> tuple[State, float]:
    """Return the state that an import leaves which nobody kills, and how long it takes."""
    started = time.monotonic()
    done = ortaq("import", *files)
    seconds = time.monotonic() - started
    assert "Traceback" not in done.stderr
    return state_of(ortaq), seconds
