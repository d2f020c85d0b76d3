# SPDX-License-Identifier: Apache-2.0
"""What the door refuses, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class Absent(OrtaqError):
    code, status = "record.absent", 404
    say = N_("There is no record %(uri)s that you may see. Check the address, or sign in.")


class StaleVersion(OrtaqError):
    code, status = "record.stale-version", 409
    say = N_(
        "%(uri)s is at version %(present)s; your edit started from version %(expected)s. Read the newer one and edit again."
    )


class KindChanged(OrtaqError):
    code, status = "record.kind-changed", 409
    say = N_("%(uri)s is a %(present)s and cannot become a %(given)s. Give the new record another source id.")


class NotOurs(OrtaqError):
    code, status = "record.not-ours", 403
    say = N_("%(uri)s belongs to node %(node)s. Nobody edits another's record: give an opinion on it instead.")


class ByNodeAlone(OrtaqError):
    code, status = "record.by-node-alone", 403
    say = N_(
        "A %(kind)s is written by the node itself, never by hand. Change its settings instead, or its keys with 'ortaq key'."
    )


class NotAuthor(OrtaqError):
    code, status = "record.not-author", 403
    say = N_("Only the author may change %(uri)s. Reply to it instead.")


class MissingTarget(OrtaqError):
    code, status = "record.missing-target", 422
    say = N_("The %(field)s %(target)s is not at this node. Import or fetch it first, then send this one again.")


class Gone(OrtaqError):
    code, status = "record.gone", 410
    say = N_("%(uri)s was withdrawn by its owner. Choose another record.")


class ReplacesByHand(OrtaqError):
    code, status = "record.replaces-by-hand", 422
    say = N_(
        "That a record replaces %(uri)s cannot be written by hand. Leave the link out, and merge the two records instead."
    )


class MergedAway(OrtaqError):
    code, status = "record.merged-away", 410
    say = N_("%(uri)s was merged into another record. Revise that one, or have the merge taken back.")


class Replaced(OrtaqError):
    code, status = "record.replaced", 410
    say = N_("%(uri)s was merged into %(winner)s. Revise that one, or take the merge back.")


class NotMergeable(OrtaqError):
    code, status = "record.not-mergeable", 422
    say = N_("%(uri)s and %(other)s cannot be merged. Choose two records of one kind and of one institution.")


class NotMerged(OrtaqError):
    code, status = "record.not-merged", 409
    say = N_(
        "%(uri)s is not merged into another record that you may see, or its content was erased. Look at its history."
    )


class SourceIdTaken(OrtaqError):
    code, status = "record.source-id-taken", 409
    say = N_("%(uri)s already stands for the source id '%(present)s', not '%(given)s'. Change the source id.")


class TooLarge(OrtaqError):
    code, status = "record.too-large", 413
    say = N_("The body has %(bytes)s bytes; at most %(limit)s are accepted. Put long texts into a material's file.")


class NoSuchVersion(OrtaqError):
    code, status = "record.no-such-version", 404
    say = N_("%(uri)s has no version %(version)s to erase; it has 1 to %(present)s. Look at its history.")


class SourceIdInUse(OrtaqError):
    code, status = "record.source-id-in-use", 409
    say = N_("%(uri)s has the source id '%(source_id)s' already. Revise that record, or choose another source id.")


class CopyStale(OrtaqError):
    code, status = "copy.stale", 409
    say = N_(
        "This text was saved meanwhile from another place, as number %(present)s after %(expected)s. Open it again and compare."
    )


class CopyNotOpen(OrtaqError):
    code, status = "copy.not-open", 409
    say = N_("That cannot be done with this text any more. Open it again to see where it stands.")


class FileUnknown(OrtaqError):
    code, status = "record.file-unknown", 422
    say = N_(
        "The file %(name)s (%(digest)s) is not at this node, or not yours to use. Upload it, then send the record again."
    )


class FileMisdescribed(OrtaqError):
    code, status = "record.file-misdescribed", 422
    say = N_(
        "The file %(name)s is %(media_type)s of %(bytes)s bytes; the record says otherwise. Write what the file is."
    )
