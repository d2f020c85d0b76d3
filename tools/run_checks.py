# SPDX-License-Identifier: Apache-2.0
"""Runs every check that needs no database: format, lint, types, import contracts, layout rules."""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = (
    ("format", [BIN / "ruff", "format", "--check", "."]),
    ("lint", [BIN / "ruff", "check", "."]),
    ("import contracts", [BIN / "lint-imports"]),
    ("types", [BIN / "mypy"]),
    (
        "layout, translations, docs",
        [BIN / "pytest", "-q", "tests/test_layout.py", "tests/test_translations.py", "tests/test_docs.py"],
    ),
)


def main() -> int:
    """Run all checks, also after one has failed; 1 if any did."""
    failed = [name for name, command in CHECKS if not passes(name, [str(word) for word in command])]
    print(f"check: {', '.join(failed)} failed" if failed else "check: all good")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """True if *command* ends well; its output is shown if not."""
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).strip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
