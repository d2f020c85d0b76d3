# SPDX-License-Identifier: Apache-2.0
"""`ortaq backup` and `ortaq restore`."""

import sys
from pathlib import Path

from ortaq.site import node


def backup(target: Path) -> int:
    from ortaq.site.backup import back_up  # late: app ready

    counts = back_up(target)
    damaged = counts.pop("damaged")
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{target}: {told}. It holds the node's secret keys.")
    if damaged:
        print(
            f"{damaged} damaged files are not in it: say 'ortaq files check', then 'ortaq files heal'.", file=sys.stderr
        )
    return 1 if damaged else 0


def restore(source: Path) -> int:
    """Restore and verify; 1 if the restored node is not clean."""
    with node.prepared():
        from ortaq.site import backup as backups  # late: app ready

        backups.check_backup(source)
        backups.restore_keys(source, node.home())
        count = backups.restore(source)
    print(f"{count} changes restored into {node.home()}; building the index and verifying …", file=sys.stderr)
    from ortaq.site.commands.verify import verify  # late: app ready

    return verify(as_json=False)
