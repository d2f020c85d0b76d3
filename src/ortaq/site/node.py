# SPDX-License-Identifier: Apache-2.0
"""A node in its folder: opened, created on the first start, and locked while it is served."""

import fcntl
import gc
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ortaq.site.errors import AlreadyServed, NoHome, ReadOnly

if TYPE_CHECKING:
    from ortaq.nodes.identity import Identity


def home() -> Path:
    return Path(os.environ.get("ORTAQ_HOME", "ortaq-data")).resolve()


def open_node(*, create: bool) -> "Identity":
    """Make the folder, the tables and Django ready and return who this node is; create: make the node if there is none."""
    folder = home()
    if not create and not any(folder.glob("keys/*.key")):
        raise NoHome(home=folder)
    with prepared():
        found = _identity()
    gc.freeze()  # what is loaded now stays for good: the collector need not look at it in the middle of an import or of an exchange
    return found


@contextmanager
def prepared() -> Iterator[None]:
    """Have folder, tables and Django ready, whether or not there is a node; nobody else sets the folder up meanwhile."""
    folder = home()
    _prepare_folder(folder)
    with _locked(folder / "setup.lock", wait=True):
        _set_up_django()
        yield


def _prepare_folder(folder: Path) -> None:
    try:
        (folder / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = folder / "keys" / "web-secret"
        if not secret.exists():
            _write_secret(secret, secrets.token_urlsafe(48))
    except FileExistsError as error:
        raise ReadOnly(home=error.filename or folder) from error
    if not os.access(folder, os.W_OK):
        raise ReadOnly(home=folder)


def _write_secret(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
        stream.write(text)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")
    import django  # late: app ready

    django.setup()
    from django.core.management import call_command  # late: app ready
    from django.db import connection  # late: app ready
    from django.db.migrations.executor import MigrationExecutor  # late: app ready

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _identity() -> "Identity":
    from django.conf import settings  # late: app ready

    from ortaq.nodes.identity import create_node  # late: app ready
    from ortaq.people.actions import found_first_institution  # late: app ready

    me = create_node(settings.NODE_NAME)
    found_first_institution(settings.NODE_NAME)
    return me


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Hold the folder for one `ortaq serve`; raises AlreadyServed with the process that holds it."""
    try:
        with _locked(folder / "serve.lock", wait=False):
            yield
    except BlockingIOError:
        raise AlreadyServed(home=folder, process=(folder / "serve.lock").read_text("ascii") or "?") from None


@contextmanager
def _locked(file: Path, *, wait: bool) -> Iterator[IO[str]]:
    with file.open("a+", encoding="ascii") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield stream
