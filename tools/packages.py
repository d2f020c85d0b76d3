# SPDX-License-Identifier: Apache-2.0
"""The Python environment of a checkout: .venv with the packages that pyproject.toml names."""

import json
import subprocess
import sys
import tomllib
from typing import Any

from steps import ROOT, digest_of
from system import has_module, install_debian_packages, run

PYTHON = ROOT / ".venv" / "bin" / "python"
CONSTRAINTS = ROOT / "constraints.txt"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--constraint", CONSTRAINTS)


def create_environment() -> None:
    """Make .venv; where Debian left out ensurepip, use the pip that is there or install python3-venv."""
    if is_usable():
        return
    if not has_module("ensurepip") and not has_module("pip"):
        install_debian_packages(f"python3.{sys.version_info.minor}-venv")
    if subprocess.run([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL).returncode == 0:
        run(sys.executable, "-m", "venv", "--clear", ROOT / ".venv")
    else:
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", ROOT / ".venv")
        run(sys.executable, "-m", "pip", "--python", ROOT / ".venv", "--quiet", "install", "pip")


def is_usable() -> bool:
    """True if .venv has a working Python with pip, and was made for this folder: its commands name where they lie."""
    script = PYTHON.with_name("pip")
    if not PYTHON.exists() or not script.exists() or str(PYTHON.parent) not in script.read_text(encoding="utf-8"):
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def python_version() -> str:
    """Changes with the Python that .venv was made with, and with the folder."""
    return f"{sys.version} {ROOT}" if PYTHON.exists() else ""


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def runtime_digest() -> str:
    """Changes with the dependencies and the commands of the package, not with the settings of tools."""
    return digest_of(json.dumps([project()["project"], project()["build-system"]]), CONSTRAINTS)


def development_digest() -> str:
    return digest_of(runtime_digest(), json.dumps(project()["dependency-groups"]))


def install_runtime() -> None:
    """Install the checkout itself (editable) with what it needs to run."""
    run(*PIP, "--editable", ROOT)


def install_development() -> None:
    """Install the group `dev`: what tests and checks need."""
    run(*PIP, *project()["dependency-groups"]["dev"])


def messages_digest() -> str:
    return digest_of(*sorted(ROOT.glob("src/ortaq/locale/*/LC_MESSAGES/*.po")), ROOT / "tools/messages.py") + str(
        sum(1 for _ in ROOT.glob("src/ortaq/locale/*/LC_MESSAGES/*.mo"))
    )


def compile_messages() -> None:
    """Compile the translations with Babel (a bare Debian has no GNU gettext)."""
    run(PYTHON, ROOT / "tools/messages.py", "compile")
