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
    wanted = " ".join(names)
    if shutil.which("apt-get") is None:
        raise Missing(
            f"{wanted} is missing and there is no apt-get here; install it with this system's own package tool"
        )
    is_root = os.geteuid() == 0
    if not is_root and shutil.which("sudo") is None:
        raise Missing(f"{wanted} is missing and there is no sudo here; as root: apt-get install {wanted}")
    print(f"        apt-get install {wanted}{'' if is_root else ' (through sudo)'}", flush=True)
    apt_get = [
        *([] if is_root else ["sudo"]),
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    try:
        run(*apt_get, "update")
        run(*apt_get, "install", "-y", "--no-install-recommends", *names)
    except Missing as missing:
        raise Missing(f"{wanted} could not be installed; try: sudo apt-get install {wanted}\n{missing}") from None
