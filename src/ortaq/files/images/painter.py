# SPDX-License-Identifier: Apache-2.0
"""A process that draws parts of images as long as it is asked to: `python -m ortaq.files.images.painter`, only by painters.py.

It is confined before the first question. A question is four bytes of length and JSON; an answer a sign, four bytes of length and
that many bytes. Nobody asks any more when its input ends, however the one who asked has ended. It writes no files.
"""

import json
import os
import select
import struct
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from ortaq.files.confined import LOADERS, confine, libvips, spend
from ortaq.files.images.asked import Drawing, Region
from ortaq.files.images.drawing import CannotDraw, Easel, Source

MEMORY_BYTES: Final = 1024 * 1024**2
CPU_SECONDS: Final = 10  # for one question
IDLE_SECONDS: Final = 300
LENGTH: Final = struct.Struct("<I")
DONE: Final = b"+"
CANNOT: Final = b"-"


def answer(easel: Easel, question: dict[str, Any]) -> bytes:
    """Return the measures of an image as JSON, or what is to be drawn of it."""
    source = Source(**question["source"])
    if question["drawing"] is None:
        return json.dumps(asdict(easel.look(source))).encode()
    told = question["drawing"]
    return easel.draw(source, Drawing(**{**told, "region": Region(**told["region"])}))


def answer_questions(asked: BinaryIO, answers: BinaryIO, pyvips: Any) -> None:
    """Answer until nothing more can come, or nothing has come for long."""
    easel = Easel(pyvips)
    while select.select([asked], [], [], IDLE_SECONDS)[0] and (question := _read(asked)):
        spend(CPU_SECONDS)
        try:
            sign, data = DONE, answer(easel, json.loads(question))
        except (CannotDraw, pyvips.Error, MemoryError) as error:
            sign, data = CANNOT, str(error).encode("utf-8", "replace")[:500]
        answers.write(sign + LENGTH.pack(len(data)) + data)
        answers.flush()


def _read(asked: BinaryIO) -> bytes:
    head = _exactly(asked, LENGTH.size)
    return _exactly(asked, *LENGTH.unpack(head)) if head else b""


def _exactly(asked: BinaryIO, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = asked.read(count - len(found))
        if not piece:
            return b""
        found += piece
    return found


if __name__ == "__main__":
    confine(memory=MEMORY_BYTES, cpu_seconds=None, file_bytes=0, nice=1)
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into an answer
    answer_questions(open(0, "rb", buffering=0), said, libvips(*LOADERS))  # noqa: SIM115  a descriptor, to the end
