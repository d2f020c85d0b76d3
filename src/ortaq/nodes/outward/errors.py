# SPDX-License-Identifier: Apache-2.0
"""Why another host was not asked, or did not answer as it should; url: without what stands behind its question mark."""

from ortaq.core.errors import N_, OrtaqError


class AddressMalformed(OrtaqError):
    code, status = "outward.address-malformed", 422
    say = N_(
        "'%(url)s' is not an address that can be asked: %(reason)s. Write it as https://HOST or https://HOST:PORT."
    )


class AddressRefused(OrtaqError):
    """Nothing was sent: no connection was opened to any address of the host."""

    code, status = "outward.refused-address", 422
    say = N_(
        "%(host)s is at %(address)s, which this node does not ask: %(reason)s. "
        "If it is in your own network, add that network to ORTAQ_REACHABLE."
    )


class PlainRefused(OrtaqError):
    code, status = "outward.not-https", 422
    say = N_("%(url)s would be asked without encryption. Use https://, or add its network to ORTAQ_REACHABLE.")


class Unreachable(OrtaqError):
    code, status = "outward.unreachable", 502
    say = N_("%(url)s cannot be reached: %(reason)s. Check the address and whether that host is up, then try again.")


class CertificateRefused(OrtaqError):
    code, status = "outward.certificate", 502
    say = N_("The certificate of %(url)s does not hold: %(reason)s. Ask its administrators to mend it.")


class Redirected(OrtaqError):
    code, status = "outward.redirected", 502
    say = N_("%(url)s sends on to %(location)s. Nothing is followed: use that address itself if it is the right one.")


class Failed(OrtaqError):
    code, status = "outward.failed", 502
    say = N_("%(url)s answered with the status %(answered)s %(said)s. Ask its administrators, or try again later.")


class Garbled(OrtaqError):
    code, status = "outward.garbled", 502
    say = N_("The answer of %(url)s cannot be read: %(reason)s. Check that it is the address of a node.")


class CutShort(OrtaqError):
    code, status = "outward.cut-short", 502
    say = N_("The answer of %(url)s ended before it was whole. Go on from what came; try again.")


class TooLarge(OrtaqError):
    code, status = "outward.too-large", 502
    say = N_("The answer of %(url)s is larger than the %(limit)s bytes that are taken. Ask for less at once.")


class LineTooLong(OrtaqError):
    code, status = "outward.line-too-long", 502
    say = N_("A line of %(url)s is longer than the %(limit)s bytes that are taken. Ask its administrators to mend it.")


class TooSlow(OrtaqError):
    code, status = "outward.too-slow", 504
    say = N_("%(url)s did not answer, or not wholly, in the time that it was given. Try again later.")
