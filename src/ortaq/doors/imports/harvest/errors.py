# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a harvest, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class NotOai(OrtaqError):
    code, status = "harvest.not-oai", 422
    say = N_(
        "%(url)s does not answer by OAI-PMH: %(reason)s. Give the base address of a repository, as its Identify names it."
    )


class RepositoryRefused(OrtaqError):
    code, status = "harvest.refused", 422
    say = N_("%(url)s refuses the harvest: %(code)s %(said)s. Change --format, --set or --from.")


class HarvestLoops(OrtaqError):
    code, status = "harvest.loops", 422
    say = N_("%(url)s sends the same page again and again. Tell its administrator; what came before is kept.")


class FormatUnreadable(OrtaqError):
    code, status = "harvest.unreadable-format", 422
    say = N_("A harvest cannot read '%(format)s'; it can read: %(known)s. Correct --format.")


class AlreadyHarvesting(OrtaqError):
    code, status = "harvest.already-running", 409
    say = N_("%(url)s is being harvested by another process. Wait until it has finished.")


class RecordHasNoContent(OrtaqError):
    code, status = "harvest.no-content", 422
    say = N_(
        "The record %(identifier)s came without content in the format that was asked for. Ask the repository's administrator."
    )


class OwnRecord(OrtaqError):
    code, status = "harvest.own-record", 422
    say = N_("%(identifier)s is a record of this very node: it is not taken back from others.")
