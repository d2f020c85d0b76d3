# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with the folder, the database or the machine under a node, and the remedy."""

import errno
import re

from django.conf import settings
from django.db import DatabaseError

from ortaq.core.errors import N_, OrtaqError
from ortaq.files.room import is_full


class DiskFull(OrtaqError):
    code, status = "home.disk-full", 507
    say = N_(
        "The disk of %(home)s is full; what was being written was left out as a whole. Make room, then run the same command again."
    )


class ReadOnly(OrtaqError):
    code, status = "home.read-only", 500
    say = N_(
        "The data folder %(home)s cannot be written. Give yourself write access to it, or choose another with --home."
    )


class Busy(OrtaqError):
    code, status = "home.busy", 503
    say = N_(
        "Another process has kept the database of %(home)s busy for a minute. Wait until it has finished, then try again."
    )


class AlreadyServed(OrtaqError):
    code, status = "home.already-served", 409
    say = N_(
        "%(home)s is served already by process %(process)s. Stop that one first, or choose another folder with --home."
    )


class PortTaken(OrtaqError):
    code, status = "serve.port-taken", 409
    say = N_("Port %(port)s of %(host)s is taken by another program. Choose another with --port.")


class SampleAbsent(OrtaqError):
    code, status = "sample.absent", 404
    say = N_("The sample corpus is not in %(home)s. Install Ortaq again, or run 'ortaq demo' in a checkout.")


class DemoStopped(OrtaqError):
    code, status = "demo.stopped", 500
    say = N_("The node %(node)s of the demonstration stopped: %(reason)s. What it said stands in %(said)s.")


class DemoLate(OrtaqError):
    code, status = "demo.late", 504
    say = N_(
        "The node %(node)s of the demonstration is not ready after %(seconds)s seconds: %(reason)s. Start it again."
    )


class NoHome(OrtaqError):
    code, status = "home.absent", 404
    say = N_("There is no node in %(home)s. Name its folder with --home, or create one with 'ortaq serve'.")


class DatabaseUnreachable(OrtaqError):
    code, status = "database.unreachable", 503
    say = N_(
        "The database does not answer as it should: %(reason)s. Check ORTAQ_DATABASE_URL and that the server runs."
    )


class DatabaseDamaged(OrtaqError):
    code, status = "database.damaged", 500
    say = N_("The database in %(home)s is damaged: %(reason)s. Restore the latest backup with 'ortaq restore'.")


_READ_ONLY = re.compile(r"readonly|read-only|unable to open database file|permission denied", re.IGNORECASE)
_BUSY = re.compile(r"database is locked|database table is locked", re.IGNORECASE)
_DAMAGED = re.compile(r"malformed|not a database|corrupt", re.IGNORECASE)


def explained(error: BaseException, home: object) -> OrtaqError | None:
    """Return what *error* of the system means for the node's keeper; None if it is not one of those that are understood."""
    if is_full(error):
        return DiskFull(home=home)
    if isinstance(error, OSError):
        return _explained_os_error(error, home)
    if isinstance(error, DatabaseError):
        return _explained_database_error(str(error), home)
    return None


def told(error: BaseException) -> dict[str, str]:
    """Return what the log says of *error*: code and remedy where it is understood, and the words in which it came."""
    meaning = error if isinstance(error, OrtaqError) else explained(error, settings.HOME)
    if meaning is None:
        return {"reason": str(error)}
    return {"code": meaning.code, "reason": str(meaning)} | ({} if meaning is error else {"said": str(error)})


def _explained_os_error(error: OSError, home: object) -> OrtaqError | None:
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ReadOnly(home=error.filename or home)
    return None


def _explained_database_error(reason: str, home: object) -> OrtaqError:
    for pattern, meaning in ((_READ_ONLY, ReadOnly), (_BUSY, Busy)):
        if pattern.search(reason):
            return meaning(home=home)
    if _DAMAGED.search(reason):
        return DatabaseDamaged(home=home, reason=reason.strip())
    return DatabaseUnreachable(reason=reason.strip())
