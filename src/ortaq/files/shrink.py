# SPDX-License-Identifier: Apache-2.0
"""One image made smaller, in a process of its own: `python -m ortaq.files.shrink SOURCE MEDIA-TYPE SIZE TARGET`.

The image comes from strangers. So this process gives up its right to memory, time, file size and other processes first, knows
only the loaders of the types that we take, and says nothing. It knows neither Django nor the database.
"""

import os
import resource
import sys

MEMORY_BYTES = 1536 * 1024**2
CPU_SECONDS = 40
_TARGET_BYTES = 32 * 1024**2
_QUALITY = 80
# What sniffing found, and the only family of loaders in libvips that may then touch the file.
LOADERS = {
    "image/png": "VipsForeignLoadPng",
    "image/jpeg": "VipsForeignLoadJpeg",
    "image/gif": "VipsForeignLoadNsgif",
    "image/webp": "VipsForeignLoadWebp",
    "image/tiff": "VipsForeignLoadTiff",
    "image/avif": "VipsForeignLoadHeif",
}


def limit() -> None:
    """Take no more than an honest image needs."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _TARGET_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)  # pages go first


def shrink(source: str, media_type: str, size: int, target: str) -> None:
    """Write *source* as WebP, turned upright, in sRGB, without its metadata, its longer side at most *size*."""
    import pyvips  # late: slow import

    pyvips.block_untrusted_set(True)
    pyvips.operation_block_set("VipsForeignLoad", True)
    pyvips.operation_block_set(LOADERS[media_type], False)
    pyvips.cache_set_max(0)
    image = pyvips.Image.thumbnail(source, size, height=size, size="down", output_profile="srgb")
    image.webpsave(target, Q=_QUALITY, keep="none", smart_subsample=True)


if __name__ == "__main__":
    limit()
    shrink(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
