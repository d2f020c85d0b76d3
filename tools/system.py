# SPDX-License-Identifier: Apache-2.0
"""What comes from Debian's own packages, and what to say when it cannot be had."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Missing(Exception):
    """Something that the set-up needs and cannot get by itself; the text names the remedy."""


def run(*command: str | Path, **environment: str) -> None:
    """Run *command* in the checkout; its output is shown only when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise Missing(f"`{' '.join(words[:6])}` ended with {done.returncode}:\n{tail}")


def chromium_path() -> str:
    """Where Chromium is; empty when it is not installed."""
    return os.environ.get("ORTAQ_CHROMIUM") or shutil.which("chromium") or ""


def install_chromium() -> None:
    """Install Debian's package `chromium`, unless it is there."""
    if not chromium_path():
        install_debian_packages("chromium")


def has_module(name: str) -> bool:
    """True if the system's Python has the module *name*."""
    return importlib.util.find_spec(name) is not None


def install_debian_packages(*names: str) -> None:
    """Install packages with apt-get, as root or through sudo."""
    remedy = f"install it, then run make again: sudo apt-get install {' '.join(names)}"
    if shutil.which("apt-get") is None:
        raise Missing(f"{' '.join(names)} is missing and this is not a Debian system; {remedy.replace('apt-get install', 'YOUR-PACKAGE-TOOL')}")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and shutil.which("sudo") is None:
        raise Missing(f"{' '.join(names)} is missing, and there is no sudo to install it with; as root: apt-get install {' '.join(names)}")
    print(f"        apt-get install {' '.join(names)}{' (through sudo)' if prefix else ''}", flush=True)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    try:
        run(*prefix, *quiet, "update")
        run(*prefix, *quiet, "install", "-y", "--no-install-recommends", *names)
    except Missing as missing:
        raise Missing(f"{' '.join(names)} could not be installed; {remedy}\n{missing}") from None
