# SPDX-License-Identifier: Apache-2.0
"""One image made smaller, in a process of its own: `python -m ortaq.files.shrink SOURCE MEDIA-TYPE SIZE TARGET`.

The image comes from strangers: see confined.py. This process says nothing.
"""

import sys

from ortaq.files.confined import confine, libvips

MEMORY_BYTES = 1536 * 1024**2
CPU_SECONDS = 40
_TARGET_BYTES = 32 * 1024**2
_QUALITY = 80


def shrink(source: str, media_type: str, size: int, target: str) -> None:
    """Write *source* as WebP, turned upright, in sRGB, without its metadata, its longer side at most *size*."""
    pyvips = libvips(media_type)
    image = pyvips.Image.thumbnail(source, size, height=size, size="down", output_profile="srgb")
    image.webpsave(target, Q=_QUALITY, keep="none", smart_subsample=True)


if __name__ == "__main__":
    confine(memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=_TARGET_BYTES, nice=5)
    shrink(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
