# SPDX-License-Identifier: Apache-2.0
"""Why a file is not taken, or not given."""

from ortaq.core.errors import N_, OrtaqError


class FileTooLarge(OrtaqError):
    code, status = "file.too-large", 413
    say = N_("%(name)s is larger than %(limit)s bytes. Make it smaller, or raise ORTAQ_MAX_FILE_BYTES.")


class TooManyPixels(OrtaqError):
    code, status = "file.too-many-pixels", 413
    say = N_(
        "%(name)s says that it is %(width)s × %(height)s pixels; at most %(limit)s pixels in all are accepted. "
        "Make the picture smaller, or raise ORTAQ_MAX_IMAGE_PIXELS."
    )


class FileAbsent(OrtaqError):
    code, status = "file.absent", 404
    say = N_("There is no file %(digest)s at this node. Check the address.")


class UploadAbsent(OrtaqError):
    code, status = "upload.absent", 404
    say = N_("There is no upload %(key)s of yours: it was cancelled, or it ran out. Choose the file again.")


class UploadFinished(OrtaqError):
    code, status = "upload.finished", 403
    say = N_("The upload %(key)s is whole already; nothing can be added to it. Choose the file again for another one.")


class UploadBusy(OrtaqError):
    code, status = "upload.busy", 423
    say = N_("The upload %(key)s is being written by another connection. Wait some seconds, then go on.")


class TooManyAtOnce(OrtaqError):
    code, status = "upload.too-many-at-once", 429
    say = N_("You are sending %(count)s files at this moment, which is the most. Wait until one has arrived.")


class TooManyOpen(OrtaqError):
    code, status = "upload.too-many-open", 429
    say = N_("You have %(count)s unfinished uploads, which is the most. Finish or cancel some of them first.")


class TooManyStarted(OrtaqError):
    code, status = "upload.too-many-started", 429
    say = N_("You have started %(count)s uploads within an hour, which is the most. Go on in an hour.")


class OffsetWrong(OrtaqError):
    code, status = "upload.offset-wrong", 409
    say = N_(
        "The upload %(key)s stands at byte %(present)s, not at %(given)s. Ask where it stands, and go on from there."
    )


class LongerThanSaid(OrtaqError):
    code, status = "upload.longer-than-said", 413
    say = N_("%(name)s was said to have %(limit)s bytes, and more were sent. Nothing of it was kept: send it again.")


class ChecksumWrong(OrtaqError):
    code, status = "upload.checksum-wrong", 460
    say = N_("This piece of %(name)s does not fit its checksum and was left out. Send it again.")


class QuotaFull(OrtaqError):
    code, status = "upload.quota-full", 413
    say = N_(
        "Your institution may keep %(quota)s bytes at this node; it uses %(used)s, and %(name)s needs %(needed)s more. "
        "Delete uploads that no record uses, or ask the keeper of the node for more room."
    )


class DiskLow(OrtaqError):
    code, status = "upload.disk-low", 507
    say = N_("The node has no room for %(name)s at this time. Tell its keeper, then try again.")


class PictureBusy(OrtaqError):
    code, status = "file.picture-busy", 503
    say = N_("The node is making other pictures at this moment. Reload the page in some seconds.")


class PictureAbsent(OrtaqError):
    code, status = "file.picture-absent", 404
    say = N_("There is no picture of the file %(digest)s. Download the file itself.")


class FileInUse(OrtaqError):
    code, status = "file.in-use", 409
    say = N_("A draft uses %(name)s. Take the file out of the draft first, then delete it here.")


class FileDamaged(OrtaqError):
    code, status = "file.damaged", 503
    say = N_(
        "The file %(digest)s is damaged at this node, so it is not given. A right copy is being looked for; ask again later, or ask the keeper of the node."
    )


class StoreAway(OrtaqError):
    code, status = "files.store-away", 503
    say = N_(
        "%(folder)s holds no file at all although the node keeps some: is its disk not mounted? Nothing was noted as damaged; bring the folder back, then say it again."
    )


class CopyAltered(OrtaqError):
    code, status = "file.copy-altered", 422
    say = N_("What %(source)s has as the file %(digest)s is not that file: its digest differs. Look for another copy.")


class NoCopy(OrtaqError):
    code, status = "file.no-copy", 404
    say = N_(
        "No second copy of the damaged file %(digest)s was found. Name a folder with a backup: ortaq files heal --from BACKUP."
    )
