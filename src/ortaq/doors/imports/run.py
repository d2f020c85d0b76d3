# SPDX-License-Identifier: Apache-2.0
"""From files to records: reader → batches → the one door → report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from ortaq.core.audience import checked
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import own_uri
from ortaq.doors.imports.authorities import Authorities, lost_authority
from ortaq.doors.imports.formats import READERS, Wishes, format_of
from ortaq.doors.imports.hands import Hand, NodeHand
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.journal import Counts, Journal, open_journal, source_ids_in
from ortaq.doors.imports.repeats import Seen, source_id_of
from ortaq.doors.imports.report import Report, entry, problem
from ortaq.doors.imports.source import Source, printable, source_of
from ortaq.doors.imports.table import Layout, layout_of
from ortaq.nodes.identity import identity
from ortaq.records.door import Draft, Outcome

BATCH_RECORDS = 2_000
BATCH_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """by: actor URI under which the changes are signed, the node's own if None; report: file to write.

    hand      who writes, if it is not the node
    journals  folder of the journals, if it is not the one of the data folder
    """

    format: str = "auto"
    wishes: Wishes = field(default_factory=Wishes)
    by: str | None = None
    report: Path | None = None
    hand: Hand | None = None
    journals: Path | None = None


class Watcher(Protocol):
    """Is told how it goes."""

    def began(self, source: Source, mark: Mark) -> None: ...
    def went_on(self, source: Source, done: int, counts: Counts) -> None: ...
    def refused(self, file: Path, line: int | None, error: OrtaqError) -> None: ...


class Silent:
    """A watcher who looks away."""

    def began(self, source: Source, mark: Mark) -> None: ...
    def went_on(self, source: Source, done: int, counts: Counts) -> None: ...
    def refused(self, file: Path, line: int | None, error: OrtaqError) -> None: ...


@dataclass(slots=True)
class FileSummary:
    """What became of one file; layout: of a table; error: why it could not be read, or not to its end."""

    file: Path
    format: str | None = None
    layout: Layout | None = None
    counts: Counts = field(default_factory=Counts)
    error: OrtaqError | None = None

    def as_dict(self) -> dict[str, Any]:
        """What the report says of the file."""
        return {
            "file": printable(self.file),
            "format": self.format,
            **({"layout": self.layout.as_dict()} if self.layout else {}),
            "counts": self.counts.as_dict(),
            "error": problem(self.error) if self.error else None,
        }


@dataclass(slots=True)
class Summary:
    files: list[FileSummary] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        total = Counts()
        for one in self.files:
            total.add(one.counts)
        return total

    @property
    def is_clean(self) -> bool:
        """Nothing was refused, every file was read to its end."""
        return not any(one.error or one.counts.refused for one in self.files)


def run_import(paths: Sequence[Path], options: Options, watcher: Watcher | None = None) -> Summary:
    """Import *paths* in their order. Faults of records and files are in the summary; faults of this node are raised."""
    checked(options.wishes.audience)
    run = Run(options, watcher or Silent())
    report = Report(options.report) if options.report else None
    with report.writing() if report else nullcontext():
        for path in paths:
            run.take(path, lambda about, entries: report.add(about.as_dict(), entries) if report else None)
        if report:
            report.finish(run.summary.counts)
    return run.summary


# Is told what became of a file before its journal goes: the summary, and what the report says of each record.
Settle = Callable[[FileSummary, Iterable[bytes]], None]


class Run:
    """What the files of one run share."""

    def __init__(self, options: Options, watcher: Watcher) -> None:
        me = identity()
        self.node, self.hand = me.id, options.hand or NodeHand(me.id, options.by or me.uri)
        self.options, self.watcher = options, watcher
        self.summary = Summary()
        self.seen, self.authorities = Seen(), Authorities(me.id, self.hand.known)

    def take(self, path: Path, settle: Settle) -> None:
        """Import one file."""
        about = FileSummary(path)
        self.summary.files.append(about)
        journal = None
        try:
            source = source_of(path)
            about.format = format_of(source, self.options.format)
            about.layout = layout_of(source) if about.format == "csv" else None
            journal = self._journal(source, about.format)
            self._read(source, about, journal)
        except OrtaqError as error:
            about.error = error
            self.watcher.refused(path, None, error)
        except BaseException:
            if journal:
                journal.close(is_done=False)
            raise
        if journal:
            about.counts = journal.counts
        settle(about, journal.entries() if journal else ())
        if journal:
            journal.close(is_done=True)

    def _journal(self, source: Source, format_name: str) -> Journal:
        wishes = {"format": format_name, "by": self.hand.by, **self.options.wishes.as_dict(source)}
        folder = self.options.journals or Path(settings.HOME) / "imports"
        return open_journal(folder, source, wishes, self.node)

    def _read(self, source: Source, about: FileSummary, journal: Journal) -> None:
        self.watcher.began(source, journal.mark)
        self.seen.begin(source.name)
        self.seen.note(source_ids_in(journal.entries()))
        items = READERS[about.format or ""](source, journal.mark, self.options.wishes)
        with closing(items):  # type: ignore[type-var]
            for batch in _batches(items, journal.mark):
                self._write(batch, source, journal)

    def _write(self, batch: list[Item], source: Source, journal: Journal) -> None:
        for item in batch:
            _come_home(item, self.node)
            if item.draft:
                item.draft.is_import = True
        self.seen.refuse_repeated(batch, self.hand.stands)
        also = self.authorities.additions(batch)
        drafts = [draft for draft, _ in also] + [item.draft for item in batch if item.draft]
        outcomes = self.hand.write(drafts)
        counts = Counts()
        counts.add(journal.counts)
        _note_authorities(also, outcomes[: len(also)], counts)
        own, entries = iter(outcomes[len(also) :]), []
        for item in batch:
            outcome = next(own) if item.draft else Outcome("refused", error=item.error)
            counts.count(outcome.status)
            entries.append(entry(item, source_id_of(item), outcome))
            if outcome.error:
                self.watcher.refused(source.path, item.line, outcome.error)
        last = batch[-1]
        journal.add(entries, Mark(last.number, last.line, last.end), counts)
        self.watcher.went_on(source, last.end, counts)


def _come_home(item: Item, node: str) -> None:
    """Let a line that this very node wrote of a record without a source id mean that record again."""
    source_id = source_id_of(item)
    uri = own_uri(source_id, node) if source_id else None
    if uri and item.draft and item.draft.body:
        body = {name: value for name, value in item.draft.body.items() if name != "source_id"}
        item.draft = replace(item.draft, body=body, uri=uri)


def _note_authorities(also: Sequence[tuple[Draft, Item]], outcomes: Sequence[Outcome], counts: Counts) -> None:
    for (draft, item), outcome in zip(also, outcomes, strict=True):
        if outcome.status == "made":
            counts.also_made += 1
        elif outcome.status == "revised":
            counts.also_revised += 1
        elif outcome.error:
            item.lost = [*item.lost, lost_authority(draft, outcome.error)]


def _batches(items: Iterator[Item], after: Mark) -> Iterator[list[Item]]:
    """Group the items behind the mark, bounded in number and in bytes. Where the reading fails, what came before it still comes in."""
    batch: list[Item] = []
    begun = after.end
    fault = None
    try:
        for item in items:
            if item.number <= after.number:
                continue
            batch.append(item)
            if len(batch) == BATCH_RECORDS or item.end - begun > BATCH_BYTES:
                yield batch
                batch, begun = [], item.end
    except OrtaqError as error:
        fault = error
    if batch:
        yield batch
    if fault:
        raise fault
