# SPDX-License-Identifier: Apache-2.0
from ortaq.core.errors import N_, OrtaqError


class NoPlace(OrtaqError):
    code, status = "location.no-place", 422
    say = N_("%(uri)s is of a kind that has no place of its own. Say it of the site to which it belongs.")


class NotSensitive(OrtaqError):
    code, status = "location.not-kept", 409
    say = N_("Where %(uri)s lies is told to all who see it. There is nothing to tell.")
