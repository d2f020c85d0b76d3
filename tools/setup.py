# SPDX-License-Identifier: Apache-2.0
"""Sets up a checkout: `python3 tools/setup.py run` for a node, `… test` for everything the tests need.

Runs on the system's Python with nothing installed. Each step says what it does, leaves a stamp and is
skipped as long as what it depends on stays the same.
"""

import sys
import time

if sys.version_info < (3, 11):
    sys.exit(
        f"Python {sys.version.split()[0]} is too old. Install Python 3.11 or newer and say: make PYTHON=python3.11 …"
    )

import javascript
import packages
import system
from steps import Step, run_steps

RUN = [
    Step("Python environment in .venv", packages.create_environment, packages.python_version),
    Step("Python packages", packages.install_runtime, packages.runtime_digest),
    Step("JavaScript, map outlines, fonts", javascript.install_static, javascript.static_digest),
    Step("translations", packages.compile_messages, packages.messages_digest),
]
TEST = [
    *RUN,
    Step("Python packages for development", packages.install_development, packages.development_digest),
    Step("Chromium for the browser tests", system.install_chromium, system.chromium_path),
]
NEEDS = {"run": RUN, "test": TEST}


def main(arguments: list[str]) -> int:
    """Run the steps named by the one argument; the exit code."""
    if len(arguments) != 1 or arguments[0] not in NEEDS:
        print(f"usage: python3 tools/setup.py {'|'.join(NEEDS)}", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        done = run_steps(NEEDS[arguments[0]])
    except system.Missing as missing:
        print(f"\nset-up stopped: {missing}", file=sys.stderr)
        return 1
    if done:
        print(f"set-up: ready after {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
