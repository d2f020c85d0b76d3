# SPDX-License-Identifier: Apache-2.0
"""On what it was measured, and how busy that was."""

import os
import re
from pathlib import Path


def machine() -> str:
    """Return processor, cores and memory in a few words."""
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{found[1] if found else 'processor unknown'}, {os.cpu_count()} cores, {memory:.0f} GiB"


def load() -> float:
    """Return how many processes wanted a core in the last minute: beyond the number of cores, figures are a lower bound."""
    return round(os.getloadavg()[0], 2)
