# SPDX-License-Identifier: Apache-2.0
"""Why a file cannot be read as a report."""

from ortaq.core.errors import N_, OrtaqError


class ReportMissing(OrtaqError):
    code, status = "report.missing", 404
    say = N_("%(file)s cannot be opened (%(reason)s). Check the path and that you may read it.")


class ReportEmpty(OrtaqError):
    code, status = "report.empty", 422
    say = N_("%(file)s has no text in it. Save the report again and give that file.")


class ReportTooLarge(OrtaqError):
    code, status = "report.too-large", 413
    say = N_("%(file)s has %(size)s bytes; a report may have %(limit)s. Give the text of one report a file.")


class ReportNotText(OrtaqError):
    code, status = "report.not-text", 415
    say = N_("%(file)s is not text (%(reason)s). Save the report as plain text in UTF-8 or as an HTML page.")


class ReportNotKept(OrtaqError):
    code, status = "report.not-kept", 422
    say = N_("The %(part)s of %(file)s was not kept: %(reason)s It was read nevertheless.")
