# SPDX-License-Identifier: Apache-2.0
"""What the measurements share and make once: corpora, nodes filled from them, floors. All in one folder that goes at the end."""

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import floors
from bench.corpus import write_corpus
from bench.process import ORTAQ, Ran, environment, run


@dataclass(frozen=True, slots=True)
class Imported:
    """A node filled by one `ortaq import`; start_seconds: what the same command takes for a single record."""

    home: Path
    ran: Ran
    start_seconds: float


class Workspace:
    """The folder of one run of the benchmark; sizes: of the corpora, ascending."""

    def __init__(self, folder: Path, sizes: tuple[int, ...]) -> None:
        self.folder, self.sizes = folder, sizes

    @property
    def largest(self) -> int:
        return self.sizes[-1]

    @functools.cache  # noqa: B019  lives as long as the run
    def corpus(self, size: int) -> Path:
        tell(f"making a corpus of {size:,} records")
        file = self.folder / f"corpus-{size}.jsonl"
        write_corpus(file, size)
        return file

    @functools.cache  # noqa: B019
    def floor(self, size: int) -> floors.ImportFloor:
        corpus = self.corpus(size)
        tell(f"bare executemany and bare tantivy of {size:,} records")
        return floors.measure(corpus, self.floor_folder(size))

    def floor_folder(self, size: int) -> Path:
        return self.folder / f"floor-{size}"

    @functools.cache  # noqa: B019
    def node(self, size: int) -> Imported:
        corpus, start = self.corpus(size), self.start_seconds()
        tell(f"ortaq import of {size:,} records")
        home = self.folder / f"node-{size}"
        return Imported(home, run([ORTAQ, "import", corpus], environment(home)), start)

    @functools.cache  # noqa: B019
    def start_seconds(self) -> float:
        """What a first import of one record takes: start of Python, keys, tables, index."""
        return run([ORTAQ, "import", self.corpus(1)], environment(self.folder / "node-1")).seconds


def tell(text: str) -> None:
    """Say on stderr what is being done."""
    print(f"… {text}", file=sys.stderr, flush=True)
