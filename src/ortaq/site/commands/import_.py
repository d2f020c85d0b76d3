# SPDX-License-Identifier: Apache-2.0
"""`ortaq import FILE…`: what a person sees of it."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.errors import NeedsMapping, NotGuessed
from ortaq.doors.imports.formats import Wishes, format_of
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.item import Mark
from ortaq.doors.imports.journal import Counts
from ortaq.doors.imports.mapping import Columns, read_mapping, write_mapping
from ortaq.doors.imports.run import FileSummary, Options, run_import
from ortaq.doors.imports.source import Source, printable, source_of
from ortaq.doors.imports.table import layout_of

_SHOWN_OF_A_CODE = 10  # refused records of one file with the same code; the rest is counted
_SECONDS = 5  # between two lines of progress where there is no terminal


def import_files(
    files: Sequence[Path],
    *,
    format: str = "auto",  # noqa: A002  the option's name
    mapping: Path | None = None,
    accept_guess: bool = False,
    save_mapping: Path | None = None,
    report: Path | None = None,
    audience: str = "public",
    by: str | None = None,
) -> int:
    """Import *files*; return the exit code: 0 all came in, 1 something was refused, 2 the mapping must be given first."""
    given = read_mapping(mapping) if mapping else None
    guesses = _guesses(files, format, save_mapping, is_accepted=accept_guess) if given is None else {}
    if guesses is None:
        return 2
    watcher = _Terminal() if sys.stderr.isatty() else _Lines()
    options = Options(format=format, wishes=Wishes(audience, given, guesses), by=by, report=report)
    with watcher:
        summary = run_import(files, options, watcher)
    for one in summary.files:
        sys.stdout.write(f"{_line(one)}\n")
    return 0 if summary.is_clean else 1


def _guesses(files: Sequence[Path], wished: str, save: Path | None, *, is_accepted: bool) -> dict[Path, Columns] | None:
    """Show what is guessed for tables without a mapping, and ask; None if it is not accepted."""
    guesses: dict[Path, Columns] = {}
    for file in files:
        try:
            source = source_of(file)
            if format_of(source, wished) != "csv":
                continue
            guesses[file] = guessed_mapping(source)
        except NotGuessed as error:
            sys.stderr.write(f"{file}: {error.code}: {error}\n")
            return None
        except OrtaqError:
            continue  # the import itself reports it with the rest
        layout = layout_of(source).as_dict()
        sys.stderr.write(f"{file}: read as {layout['encoding']}, cells separated by {_shown(layout['delimiter'])}\n")
        sys.stderr.write(f"{file}: guessed mapping:\n{guesses[file].as_json().decode()}")
        if save:
            write_mapping(guesses[file], save)
            sys.stderr.write(f"{file}: the guess is kept in {save}\n")
        if not is_accepted and not _agrees(file):
            return None
    return guesses


def _shown(delimiter: str) -> str:
    return "tabs" if delimiter == "\t" else f"'{delimiter}'"


def _agrees(file: Path) -> bool:
    """Ask on a terminal; elsewhere say how to go on."""
    if not sys.stdin.isatty():
        error = NeedsMapping(file=file)
        sys.stderr.write(f"{error.code}: {error}\n")
        return False
    sys.stderr.write("Import with this mapping? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() in ("y", "Y", "yes")


def _line(one: FileSummary) -> str:
    counts = one.counts
    line = (
        f"{printable(one.file)}: {one.format or 'not read'}: {counts.records_in} in = {counts.made} made + {counts.revised} revised"
        f" + {counts.unchanged} unchanged + {counts.refused} refused"
    )
    if counts.also_made or counts.also_revised:
        line += f"; with them {counts.also_made} authority records made, {counts.also_revised} revised"
    return line


class _Lines:
    """Tells on stderr what was refused, and every few seconds how far the import is."""

    def __init__(self) -> None:
        self._told: Counter[str] = Counter()
        self._file: Path | None = None
        self._last = time.monotonic()

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        self._tell_the_rest()
        if fault is KeyboardInterrupt:
            self._say(f"{self._file or 'import'}: stopped; what came in stays, and the same command goes on behind it")

    def began(self, source: Source, mark: Mark) -> None:
        self._tell_the_rest()
        self._file = source.path
        if mark.number:
            self._say(f"{source.path}: going on after record {mark.number}, where the last import stopped")

    def went_on(self, source: Source, done: int, counts: Counts) -> None:
        if time.monotonic() - self._last > _SECONDS:
            self._last = time.monotonic()
            self._say(f"{source.path}: {counts.records_in} records, {_percent(source, done):.0f} %")

    def refused(self, file: Path, line: int | None, error: OrtaqError) -> None:
        self._told[error.code] += 1
        if self._told[error.code] <= _SHOWN_OF_A_CODE:
            self._say(f"{file}{f':{line}' if line else ''}: {error.code}: {error}")

    def _tell_the_rest(self) -> None:
        for code, count in self._told.items():
            if count > _SHOWN_OF_A_CODE:
                self._say(
                    f"{self._file}: … and {count - _SHOWN_OF_A_CODE} more of {code}; --report FILE.json lists all"
                )
        self._told.clear()

    def _say(self, text: str) -> None:
        sys.stderr.write(f"{_on_one_line(text)}\n")
        sys.stderr.flush()


class _Terminal(_Lines):
    """The same with a bar."""

    def __init__(self) -> None:
        super().__init__()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[records]} records"),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("", total=100, records=0, visible=False)

    def __enter__(self) -> "_Terminal":
        self._bar.start()
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        self._bar.stop()
        super().__exit__(fault)

    def began(self, source: Source, mark: Mark) -> None:
        super().began(source, mark)
        self._bar.reset(self._task, description=source.path.name, records=mark.number, visible=True)

    def went_on(self, source: Source, done: int, counts: Counts) -> None:
        self._bar.update(self._task, completed=_percent(source, done), records=counts.records_in)

    def _say(self, text: str) -> None:
        self._bar.console.print(_on_one_line(text), markup=False, highlight=False, soft_wrap=True)


def _on_one_line(text: str) -> str:
    """Return *text* without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def _percent(source: Source, done: int) -> float:
    return min(100.0, 100 * done / source.size) if source.size else 100.0
