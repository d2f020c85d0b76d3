# SPDX-License-Identifier: Apache-2.0
"""An import that is killed and called again ends where an undisturbed one ends. tests/soak does it fifty times."""

import random
from pathlib import Path

from tests.interruption import ORTAQ, Ortaq, has_node, inputs, killed, state_of, verified

RECORDS, KILLS = 1_500, 3


def test_killed_import_goes_on_where_it_stopped(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    file = inputs(tmp_path, RECORDS)[0]
    command = [ORTAQ, "import", file]

    for number in range(KILLS):
        killed(command, command_environment, chance.uniform(0.3, 1.6), family=number % 2 == 0)
        if has_node(command_environment):
            verified(ortaq)
    assert ortaq("import", file).returncode == 0

    after = state_of(ortaq)
    assert (after.changes, after.records, len(after.exported)) == (RECORDS, RECORDS, RECORDS)
    assert ortaq("import", file).stdout.count(f"{RECORDS} unchanged") == 1
    assert verified(ortaq)[0] == RECORDS
