# SPDX-License-Identifier: Apache-2.0
"""Serves a node of this checkout; a new data folder gets the sample corpus first."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORTAQ = Path(sys.executable).with_name("ortaq")
SAMPLE = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("sample/*.jsonl"))


def main() -> int:
    """Import the sample if the folder is new, then serve until stopped; the exit code of the node."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("ortaq-data"), help="data folder of the node")
    parser.add_argument("--port", type=int, default=8000)
    choice = parser.parse_args()
    return serve(ROOT / choice.home, choice.port)


def serve(home: Path, port: int) -> int:
    """Serve the node in *home* on *port*."""
    environment = {**os.environ, "ORTAQ_HOME": str(home)}
    return import_sample(home, environment) or run([ORTAQ, "serve", "--port", str(port)], environment)


def run(command: list[str | Path], environment: dict[str, str]) -> int:
    """Run *command* to its own end: an interrupt reaches it as well, and it is given the time to close its files."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def import_sample(home: Path, environment: dict[str, str]) -> int:
    """Import the sample corpus into a new folder, or go on where an earlier start was interrupted; the exit code.

    A folder that somebody else made is left as it is: only ours carries the mark of an unfinished import.
    """
    unfinished = home.with_name(f"{home.name}.sample-unfinished")
    if home.exists() and not unfinished.exists():
        return 0
    home.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    print(f"new data folder {home}: importing the sample corpus", flush=True)
    code = run([ORTAQ, "import", *SAMPLE], environment)
    if code == 0:
        unfinished.unlink()
    return code


if __name__ == "__main__":
    sys.exit(main())
