# SPDX-License-Identifier: Apache-2.0
"""What the rest of the node may listen to; sent after the commit, never before."""

from django.dispatch import Signal

changes_committed = Signal()
