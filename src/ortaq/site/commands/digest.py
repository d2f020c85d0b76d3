# SPDX-License-Identifier: Apache-2.0
"""`ortaq digest`: the mails that tell people what is new, now instead of at the hour of the day."""

import sys

from ortaq.doors.mail.digest import send_digests
from ortaq.notices.following import catch_up


def digest() -> int:
    """Send; return 1 if an address was refused."""
    catch_up()
    done = send_digests()
    print(f"{done.sent} digests sent, {done.refused} refused", file=sys.stderr)
    return 1 if done.refused else 0
