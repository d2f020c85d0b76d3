# SPDX-License-Identifier: Apache-2.0
"""What a page may answer when the request cannot be met."""

from ortaq.core.errors import N_, OrtaqError


class BadParameter(OrtaqError):
    code, status = "web.bad-parameter", 400
    say = N_("The address has '%(value)s' as %(name)s, which means nothing here. Correct the address or search anew.")


class NotFound(OrtaqError):
    code, status = "web.not-found", 404
    say = N_("There is no page at %(path)s. Check the address, or search for what you need.")
