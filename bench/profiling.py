# SPDX-License-Identifier: Apache-2.0
"""Where the time of an import goes: the importing process and the indexing one, each under cProfile."""

import io
import pstats
import shutil
import sys
from pathlib import Path

from bench.process import environment, run
from bench.workspace import Workspace, tell

TOP = 25


def of_import(workspace: Workspace) -> str:
    """Return the heaviest functions of both processes, for the second smallest corpus (the profile slows everything by two)."""
    size = workspace.sizes[min(1, len(workspace.sizes) - 1)]
    corpus, home = workspace.corpus(size), workspace.folder / "profiled"
    tell(f"ortaq import of {size:,} records under cProfile")
    importing = _profile(home, workspace.folder / "import.prof", "import", str(corpus))
    shutil.rmtree(home / "index", ignore_errors=True)
    indexing = _profile(home, workspace.folder / "index.prof", "reindex")
    return f"Import of {size:,} records, the process that writes\n{importing}\nThe same, the index\n{indexing}"


def _profile(home: Path, file: Path, *command: str) -> str:
    run([sys.executable, "-m", "cProfile", "-o", file, "-m", "ortaq.site.cli", *command], environment(home))
    text = io.StringIO()
    pstats.Stats(str(file), stream=text).strip_dirs().sort_stats("tottime").print_stats(TOP)
    return "\n".join(line for line in text.getvalue().splitlines() if line.strip())
