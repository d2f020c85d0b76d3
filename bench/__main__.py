# SPDX-License-Identifier: Apache-2.0
"""`make bench`: import, search, pages and memory against their floors, in one run, as ratios."""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from bench import exchange, imports, pages, profiling, readers, search, tiles
from bench.machine import load, machine
from bench.process import Failed
from bench.table import Row, drawn
from bench.workspace import Workspace, tell

PARTS: dict[str, Callable[[Workspace], Iterator[Row]]] = {
    "import": imports.measured,
    "search": search.measured,
    "pages": pages.measured,
    "readers": readers.measured,
    "exchange": exchange.measured,
    "tiles": tiles.measured,
}


def main() -> int:
    """Measure what was asked for; 0 also where a target is missed, since that is a result; 1 if something failed."""
    arguments = _arguments()
    started = time.monotonic()
    before = load()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="ortaq-bench-", dir=arguments.folder) as folder:
        workspace = Workspace(Path(folder), arguments.sizes)
        try:
            for part in (name for name in PARTS if name in arguments.only):
                rows += PARTS[part](workspace)
            if arguments.profile:
                print(profiling.of_import(workspace))
        except Failed as failure:
            print(f"bench: {failure}", file=sys.stderr)
            return 1
        finally:
            about = {
                "machine": machine(),
                "load_before": before,
                "load_after": load(),
                "seconds": time.monotonic() - started,
            }
            _show(rows, about, arguments.json)
    return 0


def _show(rows: list[Row], about: dict[str, object], file: Path | None) -> None:
    print(drawn(rows))
    print(
        f"\n{about['machine']}, Python {platform.python_version()}; load {about['load_before']} before, {about['load_after']} after; {about['seconds']:.0f} s"
    )
    if not rows:
        return
    missed = [row.work for row in rows if row.met is False]
    print(f"missed: {', '.join(missed)}" if missed else "every target met")
    if file:
        file.write_bytes(orjson.dumps({**about, "rows": [row.as_dict() for row in rows]}, option=orjson.OPT_INDENT_2))
        tell(f"written: {file}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=(10_000, 100_000, 300_000), help="records in the corpora: 10000,100000,300000"
    )
    parser.add_argument("--only", type=_parts, default=tuple(PARTS), help=f"some of: {','.join(PARTS)}")
    parser.add_argument("--profile", action="store_true", help="say at the end where the time of an import goes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--folder", type=Path, help="where the temporary folder is made (default: the system's)")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


def _parts(text: str) -> tuple[str, ...]:
    if unknown := set(text.split(",")) - set(PARTS):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(PARTS)}")
    return tuple(text.split(","))


if __name__ == "__main__":
    sys.exit(main())
