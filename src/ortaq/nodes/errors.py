# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of exchange with another node, and what to do about it."""

from ortaq.core.errors import N_, OrtaqError


class PartnerAbsent(OrtaqError):
    code, status = "partner.absent", 404
    say = N_("%(partner)s is no partner of this node. See 'ortaq partner list' for those that are.")


class PartnerIsSelf(OrtaqError):
    code, status = "partner.is-self", 409
    say = N_("%(address)s is this node itself. Name the address of another one.")


class NotProposed(OrtaqError):
    code, status = "partner.not-proposed", 409
    say = N_(
        "Node %(partner)s has not proposed to exchange. Propose it yourself: 'ortaq partner add' with its address."
    )


class TooManyProposals(OrtaqError):
    code, status = "partner.too-many-proposals", 429
    say = N_(
        "%(count)s nodes wait for an answer of this one already. Ask its administrator to answer them, then propose again."
    )


class DocumentOld(OrtaqError):
    code, status = "node.document-old", 409
    say = N_(
        "Node %(node)s presents keys that are older than those that its log has shown us. Ask its administrator by voice before you go on."
    )


class NoAddress(OrtaqError):
    code, status = "node.no-address", 409
    say = N_(
        "This node does not know at which address others reach it. Set ORTAQ_ADDRESS, for example https://heritage.example, and start it again."
    )


class TooManyChanges(OrtaqError):
    code, status = "exchange.too-many-changes", 429
    say = N_(
        "Node %(node)s has sent %(count)s changes today; the limit is %(limit)s a day. The rest waits until tomorrow, or ORTAQ_PARTNER_CHANGES is set higher."
    )


class NoRoom(OrtaqError):
    code, status = "exchange.no-room", 507
    say = N_(
        "The disk of node %(node)s is full, but for what ORTAQ_DISK_FLOOR_BYTES keeps free for its own people. It takes nothing more from partners until its administrator has made room; then it goes on by itself."
    )


class NotForYou(OrtaqError):
    code, status = "exchange.not-partner", 403
    say = N_("Node %(node)s exchanges nothing with the node that asks: %(reason)s.")
