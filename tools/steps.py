# SPDX-License-Identifier: Apache-2.0
"""Steps of the set-up that are done once and again only when what they depend on has changed."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".venv" / "setup"  # inside .venv, so that removing .venv starts everything anew


@dataclass(frozen=True)
class Step:
    """One step: *needs* says what it depends on; while that is the same as at the last run, *do* is not called."""

    name: str
    do: Callable[[], None]
    needs: Callable[[], str]

    @property
    def stamp(self) -> Path:
        return STAMPS / self.do.__name__


def run_steps(steps: list[Step]) -> list[str]:
    """Do the *steps* that are not up to date; the names of those done."""
    done = []
    for number, step in enumerate(steps, start=1):
        if is_done(step):
            continue
        started = time.monotonic()
        print(f"set-up {number}/{len(steps)}: {step.name} …", flush=True)
        step.do()
        STAMPS.mkdir(parents=True, exist_ok=True)
        step.stamp.write_text(step.needs(), encoding="utf-8")
        print(f"set-up {number}/{len(steps)}: {step.name}: done in {time.monotonic() - started:.0f} s", flush=True)
        done.append(step.name)
    return done


def is_done(step: Step) -> bool:
    """True if the last run of *step* ended well and it depends on the same things now."""
    return step.stamp.is_file() and step.stamp.read_text(encoding="utf-8") == step.needs() != ""


def digest_of(*parts: str | Path) -> str:
    """One digest of texts and of the contents of files; a missing file counts as empty."""
    digest = hashlib.sha256()
    for part in parts:
        content = (part.read_bytes() if part.is_file() else b"") if isinstance(part, Path) else part.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
