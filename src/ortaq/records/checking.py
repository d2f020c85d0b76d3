# SPDX-License-Identifier: Apache-2.0
"""Signatures checked by a process beside the one that asks: threads of one interpreter would take turns with what else it does."""

import functools
import signal
import struct
import subprocess
import sys
from types import TracebackType
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ortaq.core.errors import BadProof
from ortaq.core.proof import public_key

_ONE: Final = struct.Struct("<?64s64s32s")  # whether it is the question; signed bytes, signature, public key
_ANSWER: Final = struct.Struct("<q")
_QUESTION: Final = _ONE.pack(True, b"", b"", b"")
_NONE: Final = -1
_BYTES: Final = 64
_WORTH_A_PROCESS: Final = 200  # checking fewer takes less time than starting one


class Checker:
    """Checks Ed25519 signatures while its owner does other work; with many it starts a process, which ends with the block."""

    def __init__(self) -> None:
        self._added: list[bytes] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def add(self, data: bytes, signature: bytes, public: str) -> None:
        """Have it checked that *data*, 64 bytes, was signed by the key *public* (multibase); raises BadKey, BadProof."""
        key = _raw(public)
        if len(signature) != _BYTES:
            raise BadProof(reason=f"it has {len(signature)} bytes, expected {_BYTES}")
        self._added.append(_ONE.pack(False, data, signature, key))
        if self._process is not None:
            self._send(self._added[-1])
        elif len(self._added) == _WORTH_A_PROCESS:
            self._start()
            self._send(b"".join(self._added))

    def first_wrong(self) -> int | None:
        """Return which of those added since this was last asked is the first that is wrong, counted from 0."""
        added, self._added = self._added, []
        answer = self._asked() if self._process is not None else None
        found = _first_wrong(added) if answer is None else answer
        return None if found == _NONE else found

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError:
            self._process = None  # no room for another process: they are checked here

    def _send(self, data: bytes) -> None:
        try:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.write(data)
        except OSError:
            self._end()

    def _asked(self) -> int | None:
        """Return what the process answers; None if it is gone, and the answer has to be found here."""
        self._send(_QUESTION)
        try:
            if self._process is not None and self._process.stdin is not None and self._process.stdout is not None:
                self._process.stdin.flush()
                (answer,) = _ANSWER.unpack(self._process.stdout.read(_ANSWER.size))
                return int(answer)
        except (OSError, struct.error):
            self._end()
        return None

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()  # it keeps nothing
            self._process.communicate()
            self._process = None


def answer_questions(asked: BinaryIO, answers: BinaryIO) -> None:
    """Check what comes until nothing more can, as when the process that asks is gone, however it went."""
    count, wrong = 0, _NONE
    while len(one := asked.read(_ONE.size)) == _ONE.size:
        if one == _QUESTION:
            answers.write(_ANSWER.pack(wrong))
            answers.flush()
            count, wrong = 0, _NONE
            continue
        if wrong == _NONE and not _is_signed(one):
            wrong = count
        count += 1


def _first_wrong(added: list[bytes]) -> int:
    return next((count for count, one in enumerate(added) if not _is_signed(one)), _NONE)


def _is_signed(one: bytes) -> bool:
    _is_question, data, signature, key = _ONE.unpack(one)
    try:
        _key(key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


@functools.lru_cache(maxsize=256)
def _raw(public: str) -> bytes:
    return public_key(public).public_bytes_raw()


@functools.lru_cache(maxsize=256)
def _key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the process that asks, and with it this one
    answer_questions(sys.stdin.buffer, sys.stdout.buffer)
