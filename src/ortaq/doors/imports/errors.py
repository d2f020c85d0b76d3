# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with what comes in, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class FileMissing(OrtaqError):
    code, status = "import.file-missing", 404
    say = N_("There is no file %(file)s. Check its name and folder.")


class FileIsFolder(OrtaqError):
    code, status = "import.file-is-folder", 422
    say = N_("%(file)s is a folder. Name the files in it, for example %(file)s/*.jsonl.")


class FileUnreadable(OrtaqError):
    code, status = "import.file-unreadable", 403
    say = N_("%(file)s cannot be read: %(reason)s. Give yourself read access to it, or copy it to another disk.")


class FileEmpty(OrtaqError):
    code, status = "import.file-empty", 422
    say = N_("%(file)s has no records: it is empty. Export it again from its source.")


class FileDamaged(OrtaqError):
    code, status = "import.file-damaged", 422
    say = N_(
        "%(file)s breaks off or is damaged: %(reason)s. What stood before that came in; get the file again for the rest."
    )


class UnknownFormat(OrtaqError):
    code, status = "import.unknown-format", 422
    say = N_(
        "What %(file)s holds is none of the known formats (%(known)s): %(found)s. Convert it, or name its format with --format."
    )


class NoSuchFormat(OrtaqError):
    code, status = "import.no-such-format", 422
    say = N_("There is no format '%(format)s'; known are: auto, %(known)s. Correct --format.")


class FileOutside(OrtaqError):
    code, status = "import.file-outside", 422
    say = N_(
        "The path '%(path)s' leads out of the folder of the imported file. Put the file beside it and name it from there."
    )


class NotUtf8(OrtaqError):
    code, status = "import.not-utf8", 422
    say = N_("The text is not UTF-8 (%(reason)s). Save the file again as UTF-8.")


class NotJson(OrtaqError):
    code, status = "import.not-json", 422
    say = N_("The line is not JSON: %(reason)s. Correct the line and import the file again.")


class NotAnObject(OrtaqError):
    code, status = "import.not-an-object", 422
    say = N_("A record is a JSON object, this is a %(found)s. Write one {…} a line.")


class DuplicateKey(OrtaqError):
    code, status = "import.duplicate-key", 422
    say = N_("The key '%(key)s' stands twice in one object, so one value would be lost. Remove one of them.")


class NotAName(OrtaqError):
    code, status = "import.not-a-name", 422
    say = N_("'%(field)s' must be a text, such as \"%(example)s\"; this is %(found)s. Correct the line.")


class LineTooLong(OrtaqError):
    code, status = "import.line-too-long", 413
    say = N_("The line has %(bytes)s bytes; at most %(limit)s are read. Put long texts into a material's file.")


class RecordTooLong(OrtaqError):
    code, status = "import.record-too-long", 413
    say = N_("The record has more than %(limit)s bytes. Split the file, or put long texts into a material's file.")


class TooDeep(OrtaqError):
    code, status = "import.too-deep", 422
    say = N_("The record is nested more than %(limit)s levels deep. Write it flatter, or split it.")


class UnknownClass(OrtaqError):
    code, status = "import.unknown-class", 422
    say = N_("The record is a '%(found)s', which is none of the known classes: %(known)s. Correct its type.")


class BadMarc(OrtaqError):
    code, status = "import.bad-marc", 422
    say = N_("The MARC record cannot be read: %(reason)s. Export it again from its catalogue.")


class NotRdf(OrtaqError):
    code, status = "import.not-rdf", 422
    say = N_("The file cannot be read as %(syntax)s: %(reason)s. Correct it, or export it again from its source.")


class RemoteContext(OrtaqError):
    code, status = "import.remote-context", 422
    say = N_(
        "The file names a context elsewhere (%(context)s), and nothing is fetched. Write the context into the file."
    )


class NotWellFormed(OrtaqError):
    code, status = "import.not-well-formed", 422
    say = N_(
        "The XML is not well-formed: %(reason)s. What stood before that came in; correct the file and import it again for the rest."
    )


class XmlForbidden(OrtaqError):
    code, status = "import.xml-forbidden", 422
    say = N_(
        "The XML declares %(what)s, which is refused because it can reach other files. Export it without a DOCTYPE."
    )


class NoIdentifier(OrtaqError):
    code, status = "import.no-identifier", 422
    say = N_("The record has no %(field)s, so a second import could not recognise it. Give it one in its source.")


class NoTitle(OrtaqError):
    code, status = "import.no-title", 422
    say = N_("The record has neither a title nor %(instead)s. Give it one in its source; none is made up.")


class RaggedRow(OrtaqError):
    code, status = "import.ragged-row", 422
    say = N_(
        "The row has %(cells)s cells, the header has %(columns)s. Put cells that hold the delimiter or a line break in quotes."
    )


class CellTooLong(OrtaqError):
    code, status = "import.cell-too-long", 413
    say = N_("A cell has more than %(limit)s characters; a quote may be left open. Close it, or shorten the cell.")


class BadCell(OrtaqError):
    code, status = "import.bad-cell", 422
    say = N_("In column '%(column)s', '%(value)s' is not %(wanted)s. Correct the cell.")


class BadMapping(OrtaqError):
    code, status = "import.bad-mapping", 422
    say = N_("The mapping %(file)s does not fit: %(problems)s. Correct it; docs/guide/import.md describes it.")


class NeedsMapping(OrtaqError):
    code, status = "import.needs-mapping", 422
    say = N_(
        "%(file)s has no mapping. Accept the guess shown with --accept-guess, or keep it with --save-mapping FILE, "
        "correct it and give it with --mapping FILE."
    )


class NotGuessed(OrtaqError):
    code, status = "import.not-guessed", 422
    say = N_(
        "None of the columns of %(file)s looks like a name or title (%(columns)s). Write a mapping and give it with --mapping FILE."
    )


class ReportUnwritable(OrtaqError):
    code, status = "import.report-unwritable", 422
    say = N_(
        "The report %(file)s cannot be written: %(reason)s. Name a file in a folder that is there and that you may write to."
    )
