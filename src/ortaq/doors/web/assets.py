# SPDX-License-Identifier: Apache-2.0
"""Stylesheets, scripts and fonts as they are served: collected once when the node starts, under names that change with
their content, so that browsers keep them for good, and compressed beforehand."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STAMP = "collected"
_UNUSED = [
    "ext",
    "htmx-4*",
    "htmax-4*",
    "htmx-2.js",
    "*.map",
]  # what django-htmx brings beside the script that our pages load


class Assets(CompressedManifestStaticFilesStorage):
    """While nothing is collected, as in tests and in commands, files have their plain names."""

    def read_manifest(self) -> str | None:
        try:
            return super().read_manifest()
        except OSError:
            return None

    def stored_name(self, name: str) -> str:
        plain = self.clean_name(name)
        return self.hashed_files.get(self.hash_key(plain), plain)


class AssetsMiddleware(WhiteNoiseMiddleware):
    """Serves what was collected and, for who asks for a plain name, the files themselves."""

    def add_files(self, root: str | Path, prefix: str | None = None) -> Any:
        if Path(root).is_dir():
            super().add_files(root, prefix)


def collect() -> None:
    """Bring the folder of collected files up to date with this version of Ortaq, if it is not."""
    stamp, present = Path(settings.STATIC_ROOT) / _STAMP, _state_of_files()
    if stamp.is_file() and stamp.read_text("ascii") == present:
        return
    call_command("collectstatic", clear=True, interactive=False, ignore_patterns=_UNUSED, verbosity=0)
    stamp.write_text(present, "ascii")


def _state_of_files() -> str:
    """Return a digest that changes when any of the files does."""
    digest = sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
