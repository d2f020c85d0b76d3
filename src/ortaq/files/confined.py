# SPDX-License-Identifier: Apache-2.0
"""Processes that read images of strangers: how one is started, and what it may take. It knows neither Django nor the database.

Whatever is in a file can end only such a process. Before it opens one, it gives up its right to memory, time and file size, and
knows only the loaders of the types that we take.
"""

import os
import resource
import sys
from pathlib import Path
from typing import Any, Final

# What sniffing found, and the only family of loaders in libvips that may then touch the file.
LOADERS: Final = {
    "image/png": ("VipsForeignLoadPng", "pngload"),
    "image/jpeg": ("VipsForeignLoadJpeg", "jpegload"),
    "image/gif": ("VipsForeignLoadNsgif", "gifload"),
    "image/webp": ("VipsForeignLoadWebp", "webpload"),
    "image/tiff": ("VipsForeignLoadTiff", "tiffload"),
    "image/avif": ("VipsForeignLoadHeif", "heifload"),
}


def environment(temporary: Path | None) -> dict[str, str]:
    """Return all that such a process is told of ours; temporary: where it may keep what does not fit into memory."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "VIPS_CONCURRENCY": "1",
        "MALLOC_ARENA_MAX": "2",
        **({"TMPDIR": str(temporary)} if temporary else {}),
    }


def confine(*, memory: int, cpu_seconds: int | None, file_bytes: int, nice: int) -> None:
    """Take no more than an honest image needs, for good. nice: by how much pages go first; cpu_seconds None: `spend` bounds it."""
    limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_FSIZE: file_bytes, resource.RLIMIT_CORE: 0}
    if cpu_seconds is not None:
        limits[resource.RLIMIT_CPU] = cpu_seconds
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    os.nice(nice)


def spend(cpu_seconds: int) -> None:
    """End this process when it has worked for so long from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + cpu_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def libvips(*media_types: str) -> Any:
    """Return pyvips with the loaders of *media_types* and no others, and without a memory of what it did."""
    import pyvips  # late: slow import

    pyvips.block_untrusted_set(True)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for media_type in media_types:
        pyvips.operation_block_set(LOADERS[media_type][0], False)
    pyvips.cache_set_max(0)
    return pyvips
