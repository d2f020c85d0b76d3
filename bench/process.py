# SPDX-License-Identifier: Apache-2.0
"""A command run as its user runs it, with its time and the memory of all its processes."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ORTAQ = str(Path(sys.executable).with_name("ortaq"))
_SAMPLE_SECONDS = 0.1


@dataclass(slots=True)
class Peak:
    """Bytes, the highest seen: of all processes together, once with and once without pages of mapped files."""

    resident: int = 0
    anonymous: int = 0


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended. processor: seconds of all cores and processes; unlike the clock's they hardly grow under foreign load."""

    seconds: float
    processor: float
    peak: Peak
    code: int
    output: str
    errors: str


class Failed(Exception):
    """A command that the measurement needs did not do its work."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment in which `ortaq` uses the node in *home* and nothing else of the caller's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORTAQ_", "DJANGO_"))}
    return {**kept, "ORTAQ_HOME": str(home), **more}


def run(command: Sequence[str | Path], env: Mapping[str, str]) -> Ran:
    """Run *command* to its end; raises Failed if it ends with an error."""
    started, before = time.perf_counter(), _processor_of_children()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with watched(process.pid) as peak:
            output, errors = process.communicate()
        seconds = time.perf_counter() - started
    if process.returncode:
        raise Failed(
            f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output[-2000:]}{errors[-2000:]}"
        )
    return Ran(seconds, _processor_of_children() - before, peak, process.returncode, output, errors)


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Sample the memory of a process and its descendants while the block runs."""
    peak, stop = Peak(), threading.Event()

    def sample() -> None:
        while not stop.wait(_SAMPLE_SECONDS):
            resident, anonymous = memory(pid)
            peak.resident = max(peak.resident, resident)
            peak.anonymous = max(peak.anonymous, anonymous)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def memory(pid: int) -> tuple[int, int]:
    """Return resident and anonymous bytes of a process and its descendants; 0 once they are gone."""
    resident = anonymous = 0
    for one in _family(pid):
        for line in _lines(f"/proc/{one}/status"):
            if line.startswith("VmRSS:"):
                resident += int(line.split()[1]) * 1024
            elif line.startswith("RssAnon:"):
                anonymous += int(line.split()[1]) * 1024
    return resident, anonymous


def _family(pid: int) -> Iterator[int]:
    yield pid
    tasks = Path(f"/proc/{pid}/task")
    try:
        threads = [task.name for task in tasks.iterdir()]
    except OSError:
        return
    for thread in threads:
        for line in _lines(f"{tasks}/{thread}/children"):
            for child in line.split():
                yield from _family(int(child))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("ascii").splitlines()
    except OSError:
        return []
