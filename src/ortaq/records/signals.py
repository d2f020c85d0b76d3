# SPDX-License-Identifier: Apache-2.0
"""What the rest of the node may listen to."""

from django.dispatch import Signal

# sent after the commit, never before
changes_committed = Signal()

# Sent within the transaction in which a working copy moves on, so that a listener writes with it, or fails it.
# copy: WorkingCopy; move: "proposed", "returned" or "published"; by: actor URI; record: URI of what was published, or ""
copy_moved = Signal()
