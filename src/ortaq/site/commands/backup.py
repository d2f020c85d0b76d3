# SPDX-License-Identifier: Apache-2.0
"""`ortaq backup` and `ortaq restore`."""

from pathlib import Path

from ortaq.site import node


def backup(target: Path) -> int:
    from ortaq.site.backup import back_up  # late: app ready

    back_up(target)
    return 0


def restore(source: Path) -> int:
    """Restore and verify; 1 if the restored node is not clean."""
    with node.prepared():
        from ortaq.site import backup as backups  # late: app ready

        backups.check_backup(source)
        backups.restore_keys(source, node.home())
        backups.restore(source)
    from ortaq.site.commands.verify import verify  # late: app ready

    return verify(as_json=False)
