# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of a signature under an agreement."""

from ortaq.core.errors import N_, OrtaqError


class NotAParty(OrtaqError):
    code, status = "agreement.not-a-party", 403
    say = N_("This node is no party to %(uri)s, so it has nothing to sign there. Give an opinion on it instead.")


class TextChanged(OrtaqError):
    code, status = "agreement.text-changed", 409
    say = N_("%(uri)s was changed since you read it: it is at version %(present)s. Read that version, then sign it.")


class NotSigned(OrtaqError):
    code, status = "agreement.not-signed", 409
    say = N_("No signature of this node stands under version %(version)s of %(uri)s, so there is none to take back.")
