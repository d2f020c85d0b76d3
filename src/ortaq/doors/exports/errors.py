# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with an export, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class NoSuchExport(OrtaqError):
    code, status = "export.no-such-format", 422
    say = N_("There is no export format '%(format)s'; known are: %(known)s. Correct --format.")


class ExportUnwritable(OrtaqError):
    code, status = "export.unwritable", 422
    say = N_("%(file)s cannot be written: %(reason)s. Name a file in a folder that is there and that you may write to.")


class NoReport(OrtaqError):
    code, status = "export.no-report", 422
    say = N_("An export as '%(format)s' has no report; known are: %(known)s. Leave --report out.")


class TargetTaken(OrtaqError):
    code, status = "export.target-taken", 409
    say = N_("%(target)s is there already and is not an empty folder. Name a folder that does not exist yet.")


class TargetMissing(OrtaqError):
    code, status = "export.target-missing", 422
    say = N_("The format '%(format)s' is a folder. Name the one to make: ortaq export --format %(format)s FOLDER.")


class ExportDiskFull(OrtaqError):
    code, status = "export.disk-full", 507
    say = N_("The disk of %(target)s is full; nothing was left there. Make room, or name a folder on another disk.")
