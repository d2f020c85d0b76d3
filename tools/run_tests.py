# SPDX-License-Identifier: Apache-2.0
"""Runs the whole suite on SQLite, then every test that uses the database again on PostgreSQL.

Arguments go to pytest (`make test ARGS="-k search"`). The last two lines say what passed where and are
followed by nothing but pytest's own closing line.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

CLOSING_LINE = re.compile(r"^=* ?(\d+ \w+.* in [\d.]+s.*?|no tests ran in .*?) ?=*$")
PASSES = (("SQLite", "sqlite", "not soak"), ("PostgreSQL", "postgresql", "(db or journey) and not soak"))
NO_TESTS = 5  # pytest's exit code when a selection is empty


@dataclass(frozen=True)
class Outcome:
    """How one run of pytest ended."""

    name: str
    code: int
    closing_line: str

    def __str__(self) -> str:
        match = CLOSING_LINE.match(self.closing_line)
        told = match[1] if match else f"pytest ended with exit code {self.code}"
        return f"{self.name}: {told}"


def main(arguments: list[str]) -> int:
    """Run both passes, the second also when the first failed; 0 only if both passed."""
    started = time.monotonic()
    outcomes = [run_pass(name, engine, marks, arguments) for name, engine, marks in PASSES]
    is_selection = bool(arguments)
    failed = [outcome for outcome in outcomes if not (outcome.code == 0 or (is_selection and outcome.code == NO_TESTS))]
    verdict = f"FAILED on {' and '.join(outcome.name for outcome in failed)}" if failed else "all passed"
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\n{'; '.join(map(str, outcomes))}; {verdict} in {minutes} min {seconds} s")
    print(next((outcome for outcome in failed), outcomes[-1]).closing_line)
    return failed[0].code if failed else 0


def run_pass(name: str, engine: str, marks: str, arguments: list[str]) -> Outcome:
    """Run pytest on one engine and show its output as it comes, but keep its closing line for the end."""
    print(f"\n--- the suite on {name} ---", flush=True)
    command = [sys.executable, "-m", "pytest", "-m", marks, "--numprocesses", workers(), *arguments]
    environment = {**os.environ, "ORTAQ_TEST_DATABASE": engine}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as pytest:
        held = ""
        for line in pytest.stdout or ():
            if held:
                print(held, flush=True)
            held = line.rstrip("\n") if CLOSING_LINE.match(line.rstrip("\n")) else ""
            if not held:
                print(line, end="", flush=True)
    return Outcome(name, pytest.returncode, held)


def workers() -> str:
    """How many tests run at once: one a core, two at most, since every worker has a database and browsers."""
    return os.environ.get("ORTAQ_TEST_WORKERS") or str(min(2, os.cpu_count() or 1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
